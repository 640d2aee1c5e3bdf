"""Asking for money, and following up what was asked for."""

import logging
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import NoSuchPayment
from townhall.capabilities.pay.operations.notices import record_notice
from townhall.capabilities.pay.providers import processor
from townhall.capabilities.pay.queries import get_payment
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid, Unavailable
from townhall.machinery.events import emit
from townhall.machinery.money import Money
from townhall.machinery.operations import errand, operation
from townhall.machinery.organisations import every_organisation
from townhall.machinery.tasks import every

logger = logging.getLogger(__name__)

FOLLOWED_UP_AT_ONCE = 200  # payments of one organisation; the rest wait for the next time


@operation(permissions.START, told=gettext_lazy("Asked you for a payment"))
def start_payment(
    actor: Actor,
    *,
    service: str,
    subject_id: UUID,
    person_id: UUID | None,
    amount: Money,
    reference: str,
    description: str,
    expires_at: datetime,
) -> records.Payment:
    """Expect a sum for something. Nothing is asked of the processor yet: see `open_checkout`.

    `reference` and `description` are shown to the person who pays. Raises Invalid if the sum is
    not of money, or these are longer than 100 and 255 characters.
    """
    if amount.minor <= 0:
        raise Invalid(_("A payment must be for more than nothing."))
    if len(reference) > 100 or len(description) > 255:
        raise Invalid(_("Use a shorter reference or description for this payment."))
    payment = models.Payment.objects.create(
        organisation_id=actor.organisation_id,
        service=service,
        subject_id=subject_id,
        person_id=person_id,
        reference=reference,
        description=description,
        amount_minor=amount.minor,
        currency=amount.currency,
        expires_at=expires_at,
    )
    return payment.record()


@errand(permissions.START)
def open_checkout(
    actor: Actor, payment_id: UUID, *, return_url: str, notice_url: str, language: str
) -> str:
    """Return the URL of the processor's page where this payment can be made.

    The same payment always gets the same page. Raises AlreadySettled, PaymentExpired, or
    Unavailable if the processor does not answer: the payment then stays open. The person gets the
    URL only after the checkout's reference is committed; should we die before that, asking
    again finds the same checkout, and a notice of it finds the payment by its id.
    """
    payment = models.Payment.visible_to(actor).filter(id=payment_id).first()
    if payment is None:
        raise NoSuchPayment(_("There is no such payment."))
    payment.require_open(timezone.now())
    checkout = processor().open_checkout(
        payment.record(), return_url=return_url, notice_url=notice_url, language=language
    )
    keep_checkout(actor, payment_id, reference=checkout.reference)
    return checkout.url


@operation(permissions.START)
def keep_checkout(actor: Actor, payment_id: UUID, *, reference: str) -> None:
    """Note the processor's name for a payment that has none yet."""
    nameless = models.Payment.visible_to(actor).filter(id=payment_id, processor_reference="")
    nameless.update(processor_reference=reference)


@errand(permissions.READ)
def check_payment(actor: Actor, payment_id: UUID) -> records.Payment:
    """Ask the processor what became of a payment that is not settled yet, and believe it.

    For the page that people come back to before the notice does. Raises Unavailable if the
    processor does not answer.
    """
    waiting = (records.State.OPEN, records.State.EXPIRED)
    payments = models.Payment.visible_to(actor).filter(id=payment_id, state__in=waiting)
    reference = payments.values_list("processor_reference", flat=True).first()
    if reference:
        _look_up(_system(actor.organisation_id), reference)
    return get_payment(actor, payment_id)


@operation(permissions.RECORD)
def expire_payment(actor: Actor, payment_id: UUID) -> None:
    """Stop waiting for a payment whose time is over; any other stays as it is."""
    now = timezone.now()
    locked = models.Payment.visible_to(actor).select_for_update()
    payment = locked.filter(id=payment_id).first()
    if payment and payment.expire(at=now):
        emit(payment.fact())


@every("*/5 * * * *")
def follow_up_payments() -> None:
    """Settle what nobody told us of: ask about each payment whose time is over, or expire it.

    A payment that is not reached, because the processor is away or we die, waits for the next
    time: nothing is expired before the processor has been asked.
    """
    for organisation in every_organisation():
        try:
            _follow_up(_system(organisation.id))
        except Unavailable:
            logger.warning("payment processor away", extra={"organisation": str(organisation.id)})


def _follow_up(actor: Actor) -> None:
    overdue = models.Payment.overdue(actor, at=timezone.now())
    found = list(overdue.values_list("id", "processor_reference")[:FOLLOWED_UP_AT_ONCE])
    for payment_id, reference in found:
        if reference:
            _look_up(actor, reference)
        expire_payment(actor, payment_id)


def _look_up(actor: Actor, reference: str) -> None:
    outcome = processor().look_up(reference)
    if outcome:
        said = records.ProcessorNotice(id=f"look-up/{reference}/{outcome.state}", about=outcome)
        record_notice(actor, notice=said, body="")


def _system(organisation_id: UUID) -> Actor:
    return Actor("capability:pay", frozenset({permissions.RECORD}), organisation_id)
