"""Cards that programs send: mail orders and telephone orders, one card for each one-time token."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import (
    AlreadySettled,
    MotoApiNotOffered,
    NotInThatState,
    PaymentExpired,
    TokenUnknown,
    TokenUsed,
)
from townhall.capabilities.pay.operations.notices import move_on, take_what_is_kept
from townhall.capabilities.pay.operations.paying import open_at_processor, pay_by_card
from townhall.capabilities.pay.providers import TakesCards, offered_for
from townhall.capabilities.pay.records import Mode, State
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Unavailable
from townhall.machinery.operations import errand, operation

_UNUSED = (State.CREATED, State.STARTED)  # begun at the processor, perhaps, with no card yet


@errand(permissions.PAY)
def authorise_by_token(
    actor: Actor,
    token: str,
    *,
    card: records.Card,
    once: records.Once | None,
    notice_url: str,
) -> records.Payment:
    """Take a card for the payment of a one-time token, and the money with it.

    Look at the state of what is returned: it is `authorising` if the processor did not answer.
    The same again under the same key answers for the first card. Raises TokenUnknown, TokenUsed,
    MotoApiNotOffered or AskedOtherwise.
    """
    payment, is_first = claim_token(actor, token, once=once)
    if not is_first:
        return payment
    chosen = next((each for each in offered_for(payment) if isinstance(each, TakesCards)), None)
    if chosen is None:  # it was taken out of the settings meanwhile
        raise MotoApiNotOffered(_("This till takes no cards from programs."))
    try:
        open_at_processor(
            actor, payment.id, processor=chosen.slug, return_url="", notice_url=notice_url
        )
        paid, challenge = pay_by_card(actor, payment.id, card=card, email="")
    except (AlreadySettled, NotInThatState, PaymentExpired) as error:  # another was quicker
        raise TokenUsed(_("The one_time_token has already been used")) from error
    if challenge or paid.state == State.CHALLENGED:
        return give_up_challenge(actor, payment.id)
    try:
        take_what_is_kept(actor.organisation_id, payment.id)
    except Unavailable:
        return paid
    return models.Payment.visible_to(actor).get(id=payment.id).record()


@operation(permissions.PAY, told=gettext_lazy("Took your card to the payment processor"))
def claim_token(
    actor: Actor, token: str, *, once: records.Once | None
) -> tuple[records.Payment, bool]:
    """The payment of a token; True if a card may be sent for it, False if this one was."""
    locked = models.Payment.visible_to(actor).select_for_update(of=("self",))
    payment = locked.filter(token=token, mode=Mode.MOTO_API).exclude(token="").first()
    if payment is None or payment.till_id is None:
        raise TokenUnknown(_("The one_time_token is not valid"))
    is_unused = payment.state in _UNUSED and payment.expires_at > timezone.now()
    before = models.Once.claim(payment.till_id, once, payment.id) if once else None
    if before == payment.id and not is_unused:
        return payment.record(), False
    if not is_unused:
        raise TokenUsed(_("The one_time_token has already been used"))
    return payment.record(), True


@operation(permissions.PAY, told=gettext_lazy("Gave your payment up, as your bank had to ask you"))
def give_up_challenge(actor: Actor, payment_id: UUID) -> records.Payment:
    """The card's bank wants to ask a payer who is not there."""
    locked = models.Payment.visible_to(actor).select_for_update(of=("self",))
    payment = locked.get(id=payment_id)
    if payment.state == State.CHALLENGED:
        move_on(payment, State.DECLINED, at=timezone.now())
    return payment.record()
