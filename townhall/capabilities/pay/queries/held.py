"""What pay holds of the acting person."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.pay import models
from townhall.capabilities.pay.records import DisputeState, RefundState
from townhall.capabilities.pay.rules.transitions import WAITING
from townhall.machinery.actors import Actor
from townhall.machinery.holdings import SEE_HELD, Held, facts
from townhall.machinery.money import Money
from townhall.machinery.operations import query
from townhall.machinery.pages.writing import write_moment, write_money
from townhall.machinery.paging import Page, page_of

MOST = 100  # cards that are listed, the newest
_UNDER_WAY = (RefundState.PROPOSED, RefundState.REQUESTED)
_DISPUTED = (DisputeState.NEEDS_RESPONSE, DisputeState.UNDER_REVIEW)


@query(SEE_HELD, told=gettext_lazy("You looked at what is held about you"))
def list_held(actor: Actor, *, place: str | None = None) -> Page[Held]:
    """The acting person's payments, the latest first; before them, the cards they agreed to."""
    mine = models.Payment.of_person(actor)
    page = page_of(mine, _held, order=("-started_at", "-id"), place=place)
    if place is not None or actor.person_id is None:
        return page
    agreed = models.Agreement.visible_to(actor).filter(person_id=actor.person_id)
    cards = [
        Held(
            person_id=actor.person_id,
            title=_("A card you agreed to be charged"),
            noted_at=each.created_at,
            facts=facts(
                (_("Reference"), each.reference),
                (_("What it is for"), each.description),
                (_("Your number there"), each.user_identifier),
                (_("Ended"), write_moment(each.cancelled_at) if each.cancelled_at else ""),
            ),
        )
        for each in agreed.order_by("-created_at", "-id")[:MOST]
    ]
    return Page(rows=[*cards, *page.rows], next_place=page.next_place)


@query(SEE_HELD)
def list_delays(actor: Actor) -> list[str]:
    """Payments and refunds of the acting person that are under way, and disputes."""
    mine = models.Payment.of_person(actor)
    refunds = models.Refund.visible_to(actor).filter(payment__in=mine)
    disputes = models.Dispute.visible_to(actor).filter(payment__in=mine)
    named = {
        _("A payment is not finished: %(reference)s"): _references(
            mine.filter(state__in=WAITING), "reference"
        ),
        _("A refund to you is under way: %(reference)s"): _references(
            refunds.filter(state__in=_UNDER_WAY), "payment__reference"
        ),
        _("A payment of yours is disputed: %(reference)s"): _references(
            disputes.filter(state__in=_DISPUTED), "payment__reference"
        ),
    }
    return [says % {"reference": each} for says, names in named.items() for each in names]


def _references(rows: QuerySet[Any], column: str) -> list[str]:  # Any: rows of any of the tables
    return list(rows.order_by("id").values_list(column, flat=True))


@query(SEE_HELD)
def find_names(actor: Actor, *, ids: Collection[UUID]) -> dict[UUID, str]:
    """The references of those of these payments that are the acting person's."""
    return dict(models.Payment.of_person(actor).filter(id__in=ids).values_list("id", "reference"))


def _held(payment: models.Payment) -> Held:
    assert payment.person_id is not None
    return Held(
        person_id=payment.person_id,
        title=payment.description,
        noted_at=payment.started_at,
        facts=facts(
            (_("Reference"), payment.reference),
            (_("Amount"), _write(payment, payment.amount_minor)),
            (_("Refunded"), _write(payment, payment.refunded_minor)),
            (_("Email address"), payment.email),
            (_("Name on the card"), payment.cardholder),
            (_("Card"), " ".join(filter(None, [payment.card_brand, payment.last_digits]))),
        ),
    )


def _write(payment: models.Payment, minor: int) -> str:
    return write_money(Money(minor, payment.currency)) if minor else ""
