"""Asking for money, calling it off, and following up what was asked for."""

import logging
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import NoSuchPayment, NotInThatState
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
from townhall.machinery.errors import Invalid, Unavailable
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
        actor,
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


def begin(actor: Actor, **columns: Any) -> models.Payment:  # Any: of Payment
    """Make a payment with its first step, in the caller's transaction."""
    payment = models.Payment.objects.create(
        organisation_id=actor.organisation_id, token=models.new_token(), **columns
    )
    models.PaymentStep.objects.create(payment=payment, state=payment.state, at=payment.started_at)
    return payment


@operation(permissions.START)
def open_checkout(actor: Actor, payment_id: UUID, *, return_url: str, language: str) -> str:
    """Return the URL of the page where this payment can be made, good for one visitor.

    They come back to `return_url`. Raises AlreadySettled or PaymentExpired.
    """
    payment = _locked(actor, payment_id)
    payment.require_open(timezone.now())
    payment.return_url, payment.language = return_url, language[:2]
    payment.save(update_fields=["return_url", "language"])
    return urljoin(return_url, reverse("pay:enter", args=[payment.token]))


@operation(permissions.START, told=gettext_lazy("Cancelled your payment"))
def cancel_payment(actor: Actor, payment_id: UUID) -> records.Payment:
    """Call a payment off before it is taken. Raises NotInThatState; twice is harmless."""
    payment = _locked(actor, payment_id)
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
        take_what_is_kept(system(actor.organisation_id), payment_id)
    except Unavailable:
        logger.warning("capture not answered", extra={"payment": str(payment_id)})
    return models.Payment.visible_to(actor).get(id=payment_id).record()


@operation(permissions.START)
def ask_for_capture(actor: Actor, payment_id: UUID) -> records.Payment:
    """Note that a capturable payment is to be taken; a task does it."""
    payment = _locked(actor, payment_id)
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
        look_up(system(actor.organisation_id), payment)
    return get_payment(actor, payment_id)


@operation(permissions.RECORD)
def expire_payment(actor: Actor, payment_id: UUID) -> None:
    """Stop waiting for a payment whose time is over; any other stays as it is."""
    now = timezone.now()
    payment = _locked(actor, payment_id)
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
        _ask_again(actor, payment)
    overdue = models.Payment.overdue(actor, at=now).filter(state__in=MAY_EXPIRE)
    for payment in overdue[:FOLLOWED_UP_AT_ONCE]:
        if _ask_again(actor, payment):
            expire_payment(actor, payment.id)


def _ask_again(actor: Actor, payment: models.Payment) -> bool:
    """Whether the processor could be asked."""
    try:
        if payment.state == State.CAPTURING:
            take_what_is_kept(actor, payment.id)
        else:
            look_up(actor, payment)
    except Unavailable:
        logger.warning("payment processor away", extra={"payment": str(payment.id)})
        return False
    return True


def _locked(actor: Actor, payment_id: UUID) -> models.Payment:
    locked = models.Payment.visible_to(actor).select_for_update(of=("self",))
    payment = locked.filter(id=payment_id).first()
    if payment is None:
        raise NoSuchPayment(_("There is no such payment."))
    return payment
