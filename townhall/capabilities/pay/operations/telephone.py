"""Payments that were taken on the telephone, elsewhere, and are told to us."""

from uuid import UUID, uuid4

from django.db import transaction
from django.db.utils import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import TelephoneNotOffered
from townhall.capabilities.pay.operations.notices import move_on
from townhall.capabilities.pay.operations.payments import begin
from townhall.capabilities.pay.operations.programs import require_currency, require_open
from townhall.capabilities.pay.providers import TELEPHONE
from townhall.capabilities.pay.records import Mode, Source
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation


@operation(permissions.START, told=gettext_lazy("Heard of your payment on the telephone"))
def note_telephone_payment(
    actor: Actor,
    *,
    till: records.Till,
    told: records.TelephonePayment,
    once: records.Once | None = None,
) -> tuple[records.Payment, bool]:
    """Keep it in the state that it came to, or find it by its `provider_id`; says if it is new.

    Raises TelephoneNotOffered, TillClosed, AskedOtherwise or CurrencyNotTaken.
    """
    payment_id = uuid4()
    if once and (before := models.Once.claim(till.id, once, payment_id)):
        return models.Payment.visible_to(actor).get(id=before).record(), False
    if not till.takes_telephone_notices:
        raise TelephoneNotOffered(_("This till is told of no payments on the telephone."))
    require_open(till)
    require_currency(actor.organisation_id, told.amount)
    payment = _begin(actor, till, told, payment_id)
    if payment is None:
        known = models.Payment.visible_to(actor).get(till_id=till.id, provider_id=told.provider_id)
        if once:
            models.Once.objects.filter(till_id=till.id, key=once.key).update(about=known.id)
        return known.record(), False
    payment.keep_card(told.card)
    move_on(payment, told.became, at=timezone.now())
    return payment.record(), True


def _begin(
    actor: Actor, till: records.Till, told: records.TelephonePayment, payment_id: UUID
) -> models.Payment | None:
    """None if it was told before."""
    try:
        with transaction.atomic():
            return begin(
                actor.organisation_id,
                id=payment_id,
                subject_id=payment_id,
                till_id=till.id,
                service=till.service,
                is_live=till.is_live,
                amount_minor=told.amount.minor,
                currency=told.amount.currency,
                reference=told.reference,
                description=told.description,
                mode=Mode.EXTERNAL.value,
                source=Source.TELEPHONE.value,
                email=told.email,
                processor=TELEPHONE,  # in the ledger: whoever took it owes it to us
                provider_id=told.provider_id,
                telephone=dict(told.told),
                expires_at=timezone.now(),
            )
    except IntegrityError:  # payment_telephone_once
        return None
