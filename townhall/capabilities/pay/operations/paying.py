"""What the payer does: open the page, enter a card, answer their bank, confirm, or go away."""

import logging
from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import NoSuchPayment, NotInThatState, NotOffered
from townhall.capabilities.pay.operations.notices import (
    hear,
    move_on,
    take_what_is_kept,
)
from townhall.capabilities.pay.providers import TakesCards, TellsHow, named, offered_for
from townhall.capabilities.pay.queries import get_payment_of_payer
from townhall.capabilities.pay.records import OVER, Mode, State
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Unavailable
from townhall.machinery.operations import errand, operation

logger = logging.getLogger(__name__)
_BEFORE_CARD = (State.CREATED, State.STARTED)


@operation(permissions.PAY, told=gettext_lazy("Opened the page of your payment"))
def enter(actor: Actor, token: str) -> records.Payment:
    """Let the first one in who has the link. It is good once: the next gets another."""
    locked = models.Payment.visible_to(actor).select_for_update(of=("self",))
    payment = locked.filter(token=token, mode=Mode.WEB).exclude(token="").first()
    if payment is None:
        raise NoSuchPayment(_("This link has been used already, or never was one."))
    payment.token = models.new_token()
    payment.save(update_fields=["token"])
    return payment.record()


@errand(permissions.PAY)
def open_at_processor(
    actor: Actor, payment_id: UUID, *, processor: str, return_url: str, notice_url: str
) -> records.Checkout:
    """Have one of the processors that are offered prepare for this payment.

    The same payment always gets the same checkout. Raises AlreadySettled, PaymentExpired,
    NotOffered, or Unavailable if it does not answer: the payment then stays open. Should we
    die before its reference is committed, asking again finds the same checkout, and a notice of it
    finds the payment by its id.
    """
    payment = models.Payment.visible_to(actor).filter(id=payment_id).first()
    if payment is None:
        raise NoSuchPayment(_("There is no such payment."))
    payment.require_open(timezone.now())
    record = payment.record()
    chosen = next((each for each in offered_for(record) if each.slug == processor), None)
    if chosen is None or payment.processor not in ("", processor):
        raise NotOffered(_("This payment cannot be made in that way."))
    checkout = chosen.open_checkout(
        record, return_url=return_url, notice_url=notice_url, language=payment.language
    )
    keep_checkout(actor, payment_id, processor=processor, reference=checkout.reference)
    return checkout


@operation(permissions.PAY, told=gettext_lazy("Opened the page of your payment"))
def keep_checkout(
    actor: Actor, payment_id: UUID, *, processor: str, reference: str
) -> records.Payment:
    """Note a processor's name for a payment that has none yet: it has begun."""
    payment = models.Payment.locked(actor, payment_id)
    chosen = named(processor)
    if payment.processor_reference == "":
        payment.processor, payment.processor_reference = processor, reference
        if isinstance(chosen, TellsHow) and payment.till_id:
            in_days = timezone.now() + timedelta(days=chosen.days)
            payment.expires_at = max(payment.expires_at, in_days)
    if payment.state == State.CREATED:
        move_on(payment, State.STARTED, at=timezone.now())
    else:
        payment.save(update_fields=["processor", "processor_reference", "expires_at"])
    return payment.record()


@errand(permissions.PAY)
def pay_by_card(
    actor: Actor, payment_id: UUID, *, card: records.Card, email: str
) -> tuple[records.Payment, str]:
    """Hand a card to a processor that takes them here; where the payer's bank asks, if it does.

    If it does not answer, the payment stays `authorising`, and the card is not asked a second
    time: what became of it comes by notice or by asking. Raises AlreadySettled, PaymentExpired,
    NotInThatState or NotOffered. Nothing of the card is kept but what the processor may repeat.
    """
    payment = ask_authorisation(actor, payment_id, email=email)
    chosen = named(payment.processor)
    if not isinstance(chosen, TakesCards):
        raise NotOffered(_("Cards are not entered here for this payment."))
    try:
        said = chosen.authorise(payment.processor_reference, card)
    except Unavailable:
        logger.warning("authorisation not answered", extra={"payment": str(payment_id)})
        return get_payment_of_payer(actor, payment_id), ""
    hear(actor.organisation_id, payment.processor, said, asked="authorise")
    return get_payment_of_payer(actor, payment_id), said.challenge_url


@operation(permissions.PAY, told=gettext_lazy("Took your card to the payment processor"))
def ask_authorisation(actor: Actor, payment_id: UUID, *, email: str) -> records.Payment:
    """Note that the card's bank is being asked, so that nobody asks it twice."""
    now = timezone.now()
    payment = models.Payment.locked(actor, payment_id)
    payment.require_open(now)
    if payment.state not in _BEFORE_CARD or payment.processor_reference == "":
        raise NotInThatState(_("Your card details have been sent already."))
    payment.email = email or payment.email
    move_on(payment, State.AUTHORISING, at=now)
    return payment.record()


@errand(permissions.PAY)
def ask_what_became(actor: Actor, payment_id: UUID) -> tuple[records.Payment, str]:
    """Ask the processor, for a payer who waits or comes back from their bank.

    Also where their bank asks them, if it still does.
    """
    payment = models.Payment.visible_to(actor).filter(id=payment_id).first()
    if payment is None:
        raise NoSuchPayment(_("There is no such payment."))
    chosen = named(payment.processor)
    said = None
    if payment.state not in OVER and chosen is not None and payment.processor_reference:
        said = chosen.look_up(payment.processor_reference)
    if said is not None:
        hear(actor.organisation_id, payment.processor, said, asked="look-up")
    return get_payment_of_payer(actor, payment_id), said.challenge_url if said else ""


@errand(permissions.PAY)
def confirm_payment(actor: Actor, payment_id: UUID) -> records.Payment:
    """Have the money taken that the card's bank keeps; later, if the program will say when.

    Raises NotInThatState or PaymentExpired; twice is harmless. If the processor does not answer
    now, a task goes on asking.
    """
    note_confirmation(actor, payment_id)
    try:
        take_what_is_kept(actor.organisation_id, payment_id)
    except Unavailable:
        logger.warning("capture not answered", extra={"payment": str(payment_id)})
    return get_payment_of_payer(actor, payment_id)


@operation(permissions.PAY, told=gettext_lazy("Heard that you confirmed your payment"))
def note_confirmation(actor: Actor, payment_id: UUID) -> records.Payment:
    """Note that the money is to be taken; a task does it if the payer's own request cannot."""
    now = timezone.now()
    payment = models.Payment.locked(actor, payment_id)
    confirmed = (State.CAPTURABLE, State.CAPTURING, State.CAPTURED)
    if payment.state in confirmed:
        return payment.record()
    payment.require_open(now)
    if payment.state != State.SUBMITTED:
        raise NotInThatState(_("There is nothing to confirm yet."))
    after = State.CAPTURABLE if payment.delayed_capture else State.CAPTURING
    move_on(payment, after, at=now)
    return payment.record()


@operation(permissions.PAY, told=gettext_lazy("Heard that you cancelled your payment"))
def abandon_payment(actor: Actor, payment_id: UUID) -> records.Payment:
    """The payer does not want to pay. Raises NotInThatState once it is too late for that."""
    payment = models.Payment.locked(actor, payment_id)
    if payment.state != State.ABANDONED:
        move_on(payment, State.ABANDONED, at=timezone.now())
    return payment.record()
