"""Taking someone who is erased out of their payments. The money, its accounts and what it was for
are kept, as companies and councils must (Companies Act 2006, section 388; VAT Notice 700/21)."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from townhall.capabilities.pay import models
from townhall.capabilities.pay.records import AgreementState
from townhall.machinery.actors import Actor
from townhall.machinery.holdings import ERASE
from townhall.machinery.operations import operation

_ROWS_AT_ONCE = 500


@operation(ERASE)
def forget_person(actor: Actor, person_id: UUID, *, addresses: Collection[str]) -> None:
    """Take out of payments who paid; one that names nobody is theirs by its email address."""
    emails = [each for each in addresses if "@" in each]
    unnamed = Q(person_id=None, in_lower_case__in=emails)
    known = models.Payment.visible_to(actor).alias(in_lower_case=Lower("email"))
    theirs = known.filter(Q(person_id=person_id) | unnamed).order_by("id")
    ids = []
    for payment in theirs.select_for_update(of=("self",)).iterator(_ROWS_AT_ONCE):
        ids.append(payment.id)
        _forget(payment, {*addresses, payment.cardholder} - {""})
    models.Notice.visible_to(actor).filter(payment__in=ids).update(body="")
    models.WebhookMessage.visible_to(actor).filter(about__in=ids).delete()
    models.SandboxCheckout.objects.filter(
        organisation_id=actor.organisation_id, payment_id__in=ids
    ).update(card=None)
    _end_agreements(actor, person_id)


def _forget(payment: models.Payment, words: Collection[str]) -> None:
    """The card's brand and digits stay: refunds and disputes are answered by them."""
    payment.metadata = {
        name: said for name, said in payment.metadata.items() if not _names(said, words)
    }
    payment.person_id, payment.prefilled, payment.telephone = None, None, None
    payment.email = payment.cardholder = ""
    payment.card = _without_holder(payment.card)
    payment.save(
        update_fields=[
            "metadata",
            "person_id",
            "prefilled",
            "telephone",
            "email",
            "cardholder",
            "card",
        ]
    )


def _names(said: object, words: Collection[str]) -> bool:
    return any(word.lower() in str(said).lower() for word in words)


def _without_holder(card: dict[str, Any] | None) -> dict[str, Any] | None:  # Any: JSON
    return {**card, "name": "", "address": None} if card else None


def _end_agreements(actor: Actor, person_id: UUID) -> None:
    theirs = models.Agreement.visible_to(actor).filter(person_id=person_id)
    theirs.exclude(state=AgreementState.CANCELLED).update(
        state=AgreementState.CANCELLED, cancelled_at=timezone.now()
    )
    theirs.update(person_id=None, user_identifier="", instrument="", card=None)
