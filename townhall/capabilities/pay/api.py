"""/api/v1/pay/"""

from ninja import Router, Status

from townhall.capabilities.pay import operations, permissions
from townhall.machinery.actors import Actor
from townhall.machinery.http import Request

router = Router(tags=["pay"])


@router.post("/notices", response={204: None}, auth=None)
def take_notice(request: Request) -> Status[None]:
    """Called by the payment processor, which proves itself by its signature."""
    processor = Actor("processor", frozenset({permissions.RECORD}), request.organisation.id)
    body = request.read(operations.LONGEST_NOTICE + 1)
    operations.take_notice(processor, body=body, headers=request.headers)
    return Status(204, None)
