"""Agreements: made and cancelled by programs, and the payments that are taken under them."""

from uuid import UUID, uuid4

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import (
    AgreementNotActive,
    NoSuchAgreement,
    NotInThatState,
    RecurringNotOffered,
    TillClosed,
)
from townhall.capabilities.pay.operations.notices import (
    hear,
    move_on,
    system,
    take_what_is_kept,
)
from townhall.capabilities.pay.providers import TakesAgain, named
from townhall.capabilities.pay.records import AgreementState, Mode, State
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Unavailable
from townhall.machinery.operations import operation
from townhall.machinery.tasks import task


@operation(permissions.START, told=gettext_lazy("Prepared an agreement to take payments from you"))
def create_agreement(
    actor: Actor, *, till: records.Till, asked: records.NewAgreement, once: records.Once | None
) -> tuple[records.Agreement, bool]:
    """Make an agreement, or find the one that was made under the same key; says if it is new.

    Raises AskedOtherwise, TillClosed or RecurringNotOffered.
    """
    agreement_id = uuid4()
    if once and (before := models.Once.claim(till.id, once, agreement_id)):
        return models.Agreement.visible_to(actor).get(id=before).record(), False
    _require_recurring(till)
    agreement = models.Agreement.objects.create(
        id=agreement_id,
        organisation_id=actor.organisation_id,
        till_id=till.id,
        reference=asked.reference,
        description=asked.description,
        user_identifier=asked.user_identifier,
    )
    return agreement.record(), True


@operation(permissions.START, told=gettext_lazy("Cancelled the agreement to take payments"))
def cancel_agreement(
    actor: Actor, agreement_id: UUID, *, till_id: UUID, once: records.Once | None = None
) -> records.Agreement:
    """No more payments under it. Raises NoSuchAgreement, AskedOtherwise or NotInThatState."""
    agreement = models.Agreement.locked(actor, agreement_id, till_id=till_id)
    if agreement is None:
        raise NoSuchAgreement(_("There is no such agreement."))
    if once and models.Once.claim(till_id, once, agreement_id):
        return agreement.record()
    if agreement.state != AgreementState.ACTIVE:
        raise NotInThatState(_("Only an active agreement can be cancelled."))
    agreement.state, agreement.cancelled_at = AgreementState.CANCELLED.value, timezone.now()
    agreement.instrument = ""
    agreement.save(update_fields=["state", "cancelled_at", "instrument"])
    return agreement.record()


def require_new(till: records.Till, agreement: models.Agreement | None) -> None:
    """Raises NoSuchAgreement, RecurringNotOffered, or AgreementNotActive if it is no new one."""
    _require_recurring(till)
    if agreement is None:
        raise NoSuchAgreement(_("There is no such agreement."))
    if agreement.state != AgreementState.CREATED:
        raise AgreementNotActive(_("This agreement has been set up already."))


def require_active(till: records.Till, agreement: models.Agreement | None) -> None:
    """Raises NoSuchAgreement, RecurringNotOffered or AgreementNotActive."""
    _require_recurring(till)
    if agreement is None:
        raise NoSuchAgreement(_("There is no such agreement."))
    if agreement.state != AgreementState.ACTIVE or not agreement.instrument:
        raise AgreementNotActive(_("This agreement is not active."))


def begin_again(payment: models.Payment, agreement: models.Agreement) -> None:
    """Have a new payment taken from the card of an agreement, by a task, once we are committed."""
    of_agreement = models.Payment.objects.filter(agreement=agreement, sets_up_agreement=True)
    first = of_agreement.filter(state=State.CAPTURED).order_by("settled_at").first()
    payment.processor = first.processor if first else ""
    if not isinstance(named(payment.processor), TakesAgain):
        raise AgreementNotActive(_("The processor of this agreement takes no more payments."))
    move_on(payment, State.AUTHORISING, at=timezone.now())
    take_again.later(payment_id=payment.id, organisation_id=payment.organisation_id)


@task
def take_again(payment_id: UUID, organisation_id: UUID) -> None:
    """Ask for the money of a payment under an agreement; nothing once we know of it.

    The processor knows the payment by our id, so asking twice takes it once. It is asked until it
    answers: without an answer, there is no reference to look it up by.
    """
    actor = system(organisation_id)
    asked = models.Payment.visible_to(actor).select_related("agreement").filter(id=payment_id)
    payment = asked.filter(state=State.AUTHORISING, mode=Mode.AGREEMENT).first()
    if payment is None or payment.agreement is None or payment.processor_reference:
        return
    chosen = named(payment.processor)
    if not isinstance(chosen, TakesAgain):
        raise Unavailable("That payment processor is not installed any more.")
    instrument = payment.agreement.instrument
    if instrument:  # an agreement that was cancelled meanwhile has none
        said = chosen.take_again(payment.record(), instrument)
        hear(actor.organisation_id, payment.processor, said, asked="take-again")
        take_what_is_kept(actor.organisation_id, payment_id)


def _require_recurring(till: records.Till) -> None:
    if not till.is_open:
        raise TillClosed(_("This till is closed. Nothing can be begun at it."))
    if not till.takes_recurring:
        raise RecurringNotOffered(_("This till takes no recurring payments."))
