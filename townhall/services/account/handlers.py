"""What this service does when something happens below it."""

from townhall.capabilities.identity.events import DelegationOffered
from townhall.machinery.events import on
from townhall.services.account import operations
from townhall.services.account.service import ACCOUNT


@on(DelegationOffered)
def delegation_offered(event: DelegationOffered) -> None:
    operations.tell_delegate(ACCOUNT.acting_alone(event.organisation_id), event.delegation_id)
