"""/api/v1/pay/"""

from ninja import Router, Status

from townhall.capabilities.pay import operations, permissions
from townhall.machinery.actors import Actor
from townhall.machinery.http import Request

router = Router(tags=["pay"])


@router.post("/notices/{processor}", response={204: None}, auth=None)
def take_notice(request: Request, processor: str) -> Status[None]:
    """Called by a payment processor, which proves itself by its signature."""
    sender = Actor("processor", frozenset({permissions.RECORD}), request.organisation.id)
    body = request.read(operations.LONGEST_NOTICE + 1)
    operations.take_notice(sender, processor=processor, body=body, headers=request.headers)
    return Status(204, None)
