"""Asking for money, calling it off, and following up what was asked for."""

import logging
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import NotInThatState
from townhall.capabilities.pay.operations.notices import (
    look_up,
    move_on,
    system,
    take_what_is_kept,
)
from townhall.capabilities.pay.queries import get_payment
from townhall.capabilities.pay.records import State
from townhall.capabilities.pay.rules.transitions import CANCELLABLE, MOVES
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid, Refused, Unavailable
from townhall.machinery.money import Money
from townhall.machinery.operations import errand, operation
from townhall.machinery.organisations import every_organisation
from townhall.machinery.tasks import every

logger = logging.getLogger(__name__)

FOLLOWED_UP_AT_ONCE = 200  # payments of one organisation; the rest wait for the next time
ANSWER_WITHIN = timedelta(seconds=30)
MAY_EXPIRE = [state.value for state, after in MOVES.items() if State.EXPIRED in after]


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
    email: str = "",
) -> records.Payment:
    """Expect a sum for something. Nothing is asked of a processor yet: see `open_checkout`.

    `reference` and `description` are shown to the person who pays, and `email` is where their
    receipt goes unless they type another. Raises Invalid if the sum is not of money, or these are
    longer than 255 characters.
    """
    if amount.minor <= 0:
        raise Invalid(_("A payment must be for more than nothing."))
    if len(reference) > 255 or len(description) > 255:
        raise Invalid(_("Use a shorter reference or description for this payment."))
    return begin(
        actor.organisation_id,
        service=service,
        subject_id=subject_id,
        person_id=person_id,
        reference=reference,
        description=description,
        amount_minor=amount.minor,
        currency=amount.currency,
        expires_at=expires_at,
        email=email,
    ).record()


def begin(organisation_id: UUID, **columns: Any) -> models.Payment:  # Any: of Payment
    """Make a payment with its first step, in the caller's transaction."""
    payment = models.Payment.objects.create(
        organisation_id=organisation_id, token=models.new_token(), **columns
    )
    models.PaymentStep.objects.create(payment=payment, state=payment.state, at=payment.started_at)
    return payment


@operation(permissions.START)
def open_checkout(actor: Actor, payment_id: UUID, *, return_url: str, language: str) -> str:
    """Return the URL of the page where this payment can be made, good for one visitor.

    They come back to `return_url`. Raises AlreadySettled or PaymentExpired.
    """
    payment = models.Payment.locked(actor, payment_id)
    payment.require_open(timezone.now())
    payment.return_url, payment.language = return_url, language[:2]
    payment.save(update_fields=["return_url", "language"])
    return urljoin(return_url, reverse("pay:enter", args=[payment.token]))


@operation(permissions.START, told=gettext_lazy("Cancelled your payment"))
def cancel_payment(actor: Actor, payment_id: UUID) -> records.Payment:
    """Call a payment off before it is taken. Raises NotInThatState; twice is harmless."""
    return call_off(models.Payment.locked(actor, payment_id))


def call_off(payment: models.Payment) -> records.Payment:
    """The same of a locked payment, whoever may ask for it there."""
    if payment.state == State.CANCELLED:
        return payment.record()
    if payment.state not in CANCELLABLE:
        raise NotInThatState(_("This payment is finished, so it cannot be cancelled."))
    move_on(payment, State.CANCELLED, at=timezone.now())
    return payment.record()


@errand(permissions.START)
def capture_payment(actor: Actor, payment_id: UUID) -> records.Payment:
    """Take what was authorised with delayed capture. Raises NotInThatState; twice is harmless.

    If the processor does not answer now, a task goes on asking.
    """
    ask_for_capture(actor, payment_id)
    try:
        take_what_is_kept(actor.organisation_id, payment_id)
    except Unavailable:
        logger.warning("capture not answered", extra={"payment": str(payment_id)})
    return models.Payment.visible_to(actor).get(id=payment_id).record()


@operation(permissions.START, told=gettext_lazy("Asked for the money of your payment"))
def ask_for_capture(actor: Actor, payment_id: UUID) -> records.Payment:
    """Note that a capturable payment is to be taken; a task does it."""
    payment = models.Payment.locked(actor, payment_id)
    if payment.state not in (State.CAPTURING, State.CAPTURED):
        if payment.state != State.CAPTURABLE:
            raise NotInThatState(_("This payment is not waiting to be captured."))
        move_on(payment, State.CAPTURING, at=timezone.now())
    return payment.record()


@errand(permissions.READ)
def check_payment(actor: Actor, payment_id: UUID) -> records.Payment:
    """Ask the processor what became of a payment that is not over yet, and believe it.

    For the page that people come back to before the notice does. Raises Unavailable if the
    processor does not answer.
    """
    payments = models.Payment.visible_to(actor).exclude(state__in=records.OVER)
    payment = payments.filter(id=payment_id).first()
    if payment is not None:
        look_up(payment)
    return get_payment(actor, payment_id)


@operation(permissions.RECORD)
def expire_payment(actor: Actor, payment_id: UUID) -> None:
    """Stop waiting for a payment whose time is over; any other stays as it is."""
    now = timezone.now()
    payment = models.Payment.locked(actor, payment_id)
    if payment.state in MAY_EXPIRE and payment.expires_at <= now:
        move_on(payment, State.EXPIRED, at=now)


@every("* * * * * */15")
def follow_up_payments() -> None:
    """Settle what nobody told us of: ask about what was not answered, and about what is overdue.

    A payment that is not reached, because the processor is away or we die, waits for the next
    time: nothing is expired before the processor has been asked.
    """
    for organisation in every_organisation():
        _follow_up(system(organisation.id))


def _follow_up(actor: Actor) -> None:
    now = timezone.now()
    unanswered = models.Payment.unanswered(actor, before=now - ANSWER_WITHIN)
    for payment in unanswered.order_by("asked_at")[:FOLLOWED_UP_AT_ONCE]:
        _ask_again(payment, at=now)
    overdue = models.Payment.overdue(actor, at=now).filter(state__in=MAY_EXPIRE)
    longest_unasked = overdue.order_by(F("asked_at").asc(nulls_first=True), "expires_at")
    for payment in longest_unasked[:FOLLOWED_UP_AT_ONCE]:
        if _ask_again(payment, at=now):
            expire_payment(actor, payment.id)


def _ask_again(payment: models.Payment, *, at: datetime) -> bool:
    """Whether the processor could be asked. That it was is noted first: so each has its turn."""
    models.Payment.objects.filter(id=payment.id).update(asked_at=at)
    try:
        if payment.state == State.CAPTURING:
            take_what_is_kept(payment.organisation_id, payment.id)
        else:
            look_up(payment)
    except Refused as refusal:  # it is away, or says what it should not: the next one is asked
        about = {"payment": str(payment.id), "code": refusal.code}
        logger.warning("payment could not be followed up", extra=about)
        return False
    return True
