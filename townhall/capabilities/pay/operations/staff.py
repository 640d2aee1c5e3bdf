"""What staff call off: payments that nobody has paid yet, and agreements."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import NoSuchAgreement, NotInThatState
from townhall.capabilities.pay.operations.payments import call_off
from townhall.capabilities.pay.records import AgreementState
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation


@operation(permissions.GIVE_BACK, narrowed=True, told=gettext_lazy("Cancelled your payment"))
def cancel_payment_by_staff(actor: Actor, payment_id: UUID) -> records.Payment:
    """Call a payment off before it is taken. Raises NotInThatState; twice is harmless."""
    return call_off(models.Payment.locked(actor, payment_id))


@operation(permissions.GIVE_BACK, told=gettext_lazy("Cancelled your agreement"))
def cancel_agreement_by_staff(actor: Actor, agreement_id: UUID) -> records.Agreement:
    """Take nothing more with an agreement. Raises NotInThatState; twice is harmless."""
    mine = models.Agreement.visible_to(actor).filter(id=agreement_id)
    mine.filter(state=AgreementState.ACTIVE).update(
        state=AgreementState.CANCELLED, cancelled_at=timezone.now(), instrument=""
    )
    agreement = mine.first()
    if agreement is None:
        raise NoSuchAgreement(_("There is no such agreement."))
    if agreement.state != AgreementState.CANCELLED:
        raise NotInThatState(_("Only an agreement that is active can be cancelled."))
    return agreement.record()
