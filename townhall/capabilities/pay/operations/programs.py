"""What programs ask for at their till, once however often they ask under the same key."""

import logging
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID, uuid4

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.dials import Dials
from townhall.capabilities.pay.errors import (
    CurrencyNotTaken,
    MotoApiNotOffered,
    MotoNotOffered,
    NoSuchPayment,
    TillClosed,
)
from townhall.capabilities.pay.operations.agreements import (
    begin_again,
    require_active,
    require_new,
    take_again,
)
from townhall.capabilities.pay.operations.notices import take_what_is_kept
from townhall.capabilities.pay.operations.payments import (
    ask_for_capture,
    begin,
    cancel_payment,
)
from townhall.capabilities.pay.operations.refunds import refund_payment
from townhall.capabilities.pay.providers import TakesCards, installed, the_sandbox
from townhall.capabilities.pay.records import Mode
from townhall.machinery.actors import Actor
from townhall.machinery.dial_values import dials_of
from townhall.machinery.errors import Unavailable
from townhall.machinery.money import Money, is_currency
from townhall.machinery.operations import errand, operation
from townhall.machinery.organisations import every_organisation
from townhall.machinery.tasks import every

logger = logging.getLogger(__name__)
PAY_WITHIN = timedelta(minutes=90)  # as GOV.UK Pay has it
KEYS_KEPT = timedelta(days=1)
REASON = "Asked for by a program"


@operation(permissions.START, told=gettext_lazy("Asked you for a payment"))
def create_payment(
    actor: Actor,
    *,
    till: records.Till,
    asked: records.NewPayment,
    once: records.Once | None = None,
) -> tuple[records.Payment, bool]:
    """Make a payment at a till, or find the one that was made under the same key.

    Says whether it is new. Raises AskedOtherwise, TillClosed, a NotOffered, CurrencyNotTaken,
    NoSuchAgreement or AgreementNotActive. One under an agreement is taken by a task: see
    `take_payment_now`.
    """
    payment_id = uuid4()
    if once and (before := models.Once.claim(till.id, once, payment_id)):
        return _payment(actor, till.id, before).record(), False
    require_open(till)
    require_currency(actor.organisation_id, asked.amount)
    agreement = _agreement(actor, till, asked)
    payment = begin(
        actor.organisation_id,
        **_columns(till, asked),
        id=payment_id,
        subject_id=payment_id,
        agreement=agreement,
        expires_at=timezone.now() + PAY_WITHIN,
    )
    if asked.mode == Mode.AGREEMENT and agreement:
        begin_again(payment, agreement)
    return payment.record(), True


def _columns(till: records.Till, asked: records.NewPayment) -> dict[str, object]:
    _require_offered(till, asked)
    return {
        "till_id": till.id,
        "service": till.service,
        "is_live": till.is_live,
        "amount_minor": asked.amount.minor,
        "currency": asked.amount.currency,
        "reference": asked.reference,
        "description": asked.description,
        "mode": asked.mode.value,
        "source": asked.source.value,
        "language": asked.language,
        "return_url": asked.return_url,
        "email": asked.email,
        "metadata": dict(asked.metadata),
        "prefilled": asdict(asked.prefilled) if asked.prefilled else None,
        "delayed_capture": asked.delayed_capture,
        "moto": asked.moto or asked.mode == Mode.MOTO_API,
        "sets_up_agreement": asked.sets_up_agreement,
        "agreement_kind": asked.agreement_kind,
    }


def _require_offered(till: records.Till, asked: records.NewPayment) -> None:
    if asked.mode == Mode.MOTO_API:
        takes_cards = installed() if till.is_live else (the_sandbox(),)
        if not till.takes_moto_api or not any(isinstance(p, TakesCards) for p in takes_cards):
            raise MotoApiNotOffered(_("This till takes no cards from programs."))
    elif asked.moto and not till.takes_moto:
        raise MotoNotOffered(_("This till takes no mail orders or telephone orders."))


def _agreement(
    actor: Actor, till: records.Till, asked: records.NewPayment
) -> models.Agreement | None:
    if asked.agreement_id is None:
        return None
    agreement = models.Agreement.locked(actor, asked.agreement_id, till_id=till.id)
    if asked.sets_up_agreement:
        require_new(till, agreement)
    else:
        require_active(till, agreement)
    return agreement


@errand(permissions.START)
def take_payment_now(actor: Actor, payment_id: UUID) -> records.Payment:
    """Ask for the money of a payment under an agreement, without waiting for the task that will.

    If the processor does not answer, the task goes on asking.
    """
    try:
        take_again(payment_id=payment_id, organisation_id=actor.organisation_id)
    except Unavailable:
        logger.warning("recurring payment not answered", extra={"payment": str(payment_id)})
    return models.Payment.visible_to(actor).get(id=payment_id).record()


@operation(permissions.START, told=gettext_lazy("Cancelled your payment"))
def cancel_payment_once(
    actor: Actor, payment_id: UUID, *, till_id: UUID, once: records.Once | None
) -> records.Payment:
    """Raises NoSuchPayment, AskedOtherwise or NotInThatState."""
    payment = _payment(actor, till_id, payment_id)
    if _was_done(till_id, once, payment_id):
        return payment.record()
    return cancel_payment(actor, payment_id)


@errand(permissions.START)
def capture_payment_once(
    actor: Actor, payment_id: UUID, *, till_id: UUID, once: records.Once | None
) -> records.Payment:
    """Take what was authorised. Raises NoSuchPayment, AskedOtherwise or NotInThatState.

    If the processor does not answer now, a task goes on asking.
    """
    ask_for_capture_once(actor, payment_id, till_id=till_id, once=once)
    try:
        take_what_is_kept(actor.organisation_id, payment_id)
    except Unavailable:
        logger.warning("capture not answered", extra={"payment": str(payment_id)})
    return models.Payment.visible_to(actor).get(id=payment_id).record()


@operation(permissions.START, told=gettext_lazy("Asked for the money of your payment"))
def ask_for_capture_once(
    actor: Actor, payment_id: UUID, *, till_id: UUID, once: records.Once | None
) -> records.Payment:
    payment = _payment(actor, till_id, payment_id)
    if _was_done(till_id, once, payment_id):
        return payment.record()
    return ask_for_capture(actor, payment_id)


@operation(permissions.REFUND, told=gettext_lazy("Gave you a refund"))
def refund_payment_once(
    actor: Actor,
    payment_id: UUID,
    *,
    till: records.Till,
    minor: int,
    available_minor: int | None,
    once: records.Once | None,
) -> tuple[records.Refund, bool]:
    """Give money back, or find the refund that was made under the same key; says if it is new.

    Raises NoSuchPayment, AskedOtherwise, TillClosed, and what `refund_payment` does.
    """
    payment = _payment(actor, till.id, payment_id)
    if once and (before := models.Once.claim(till.id, once, payment_id)):
        found = models.Refund.visible_to(actor).select_related("payment", "notice")
        return found.get(id=before).record(), False
    require_open(till)
    refund = refund_payment(
        actor,
        payment_id,
        amount=Money(minor, payment.currency),
        reason=REASON,
        available=None if available_minor is None else Money(available_minor, payment.currency),
    )
    if once:
        models.Once.objects.filter(till_id=till.id, key=once.key).update(about=refund.id)
    return refund, True


def require_open(till: records.Till) -> None:
    if not till.is_open:
        raise TillClosed(_("This till is closed. Nothing can be begun at it."))


def require_currency(organisation_id: UUID, amount: Money) -> None:
    taken = dials_of(organisation_id, "pay", Dials).currencies
    if amount.currency not in taken or not is_currency(amount.currency):
        raise CurrencyNotTaken(_("This organisation does not take money of that currency."))


def _was_done(till_id: UUID, once: records.Once | None, about: UUID) -> bool:
    return once is not None and models.Once.claim(till_id, once, about) is not None


def _payment(actor: Actor, till_id: UUID, payment_id: UUID) -> models.Payment:
    payment = models.Payment.visible_to(actor).filter(id=payment_id, till_id=till_id).first()
    if payment is None:
        raise NoSuchPayment(_("There is no such payment."))
    return payment


@every("23 4 * * *")
def forget_keys() -> None:
    """Of what programs asked for once, longer ago than their keys count."""
    before = timezone.now() - KEYS_KEPT
    for organisation in every_organisation():
        system = Actor("capability:pay", frozenset(), organisation.id)
        models.Once.visible_to(system).filter(made_at__lt=before).delete()
