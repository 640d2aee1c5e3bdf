"""What a program can know: of its own till, and of nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import (
    NoSuchAgreement,
    NoSuchPage,
    NoSuchPayment,
    NoSuchRefund,
)
from townhall.machinery.actors import Actor
from townhall.machinery.operations import query

R = TypeVar("R")
M = TypeVar("M", bound=Model)
MOST_COUNTED = 10_000  # of what is searched for: no more are counted, or read page by page


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[R]):
    """One page of what was searched for. Where `total` is MOST_COUNTED there may be more."""

    total: int
    rows: Sequence[R]


@query(permissions.READ, told=gettext_lazy("Saw your payment"))
def get_payment_of_till(actor: Actor, payment_id: UUID, *, till_id: UUID) -> records.Payment:
    payment = models.Payment.visible_to(actor).filter(id=payment_id, till_id=till_id).first()
    if payment is None:
        raise NoSuchPayment(_("There is no such payment."))
    return payment.record()


@query(permissions.READ)
def list_steps_of_till(actor: Actor, payment_id: UUID, *, till_id: UUID) -> list[records.Step]:
    """Each state that a payment came into, oldest first. Raises NoSuchPayment."""
    steps = models.PaymentStep.visible_to(actor).filter(
        payment_id=payment_id, payment__till_id=till_id
    )
    found = [step.record() for step in steps.order_by("at", "id")]
    if not found:
        raise NoSuchPayment(_("There is no such payment."))
    return found


@query(permissions.READ, told=gettext_lazy("Saw your payments"))
def search_payments_of_till(
    actor: Actor, *, till_id: UUID, wanted: records.Wanted
) -> Found[records.Payment]:
    """Newest first. Raises NoSuchPage."""
    mine = models.Payment.visible_to(actor).filter(till_id=till_id)
    exactly: dict[str, Any] = {
        "reference__iexact": wanted.reference,
        "email__icontains": wanted.email,
        "state__in": wanted.states,
        "card_brand": wanted.card_brand,
        "cardholder__icontains": wanted.cardholder,
        "first_digits": wanted.first_digits,
        "last_digits": wanted.last_digits,
        "agreement_id": wanted.agreement_id,
        "started_at__gte": wanted.since,
        "started_at__lt": wanted.before,
        "settled_on__gte": wanted.settled_since,
        "settled_on__lte": wanted.settled_before,
    }
    return _page(mine.filter(_given(exactly)), "started_at", models.Payment.record, wanted)


@query(permissions.READ, told=gettext_lazy("Saw your refund"))
def get_refund_of_till(
    actor: Actor, refund_id: UUID, *, payment_id: UUID, till_id: UUID
) -> records.Refund:
    mine = _refunds(actor, till_id).filter(id=refund_id, payment_id=payment_id)
    refund = mine.first()
    if refund is None:
        raise NoSuchRefund(_("There is no such refund."))
    return refund.record()


@query(permissions.READ, told=gettext_lazy("Saw your refunds"))
def list_refunds_of_till(actor: Actor, payment_id: UUID, *, till_id: UUID) -> list[records.Refund]:
    """Every refund of a payment, oldest first. Raises NoSuchPayment."""
    get_payment_of_till(actor, payment_id, till_id=till_id)
    refunds = _refunds(actor, till_id).filter(payment_id=payment_id)
    return [refund.record() for refund in refunds.order_by("requested_at", "id")]


@query(permissions.READ, told=gettext_lazy("Saw your refunds"))
def search_refunds_of_till(
    actor: Actor, *, till_id: UUID, wanted: records.Wanted
) -> Found[records.Refund]:
    """Newest first. Raises NoSuchPage."""
    exactly: dict[str, Any] = {
        "requested_at__gte": wanted.since,
        "requested_at__lt": wanted.before,
        "settled_on__gte": wanted.settled_since,
        "settled_on__lte": wanted.settled_before,
    }
    mine = _refunds(actor, till_id).filter(_given(exactly))
    return _page(mine, "requested_at", models.Refund.record, wanted)


@query(permissions.READ, told=gettext_lazy("Saw your agreement"))
def get_agreement_of_till(actor: Actor, agreement_id: UUID, *, till_id: UUID) -> records.Agreement:
    agreement = models.Agreement.visible_to(actor).filter(id=agreement_id, till_id=till_id).first()
    if agreement is None:
        raise NoSuchAgreement(_("There is no such agreement."))
    return agreement.record()


@query(permissions.READ, told=gettext_lazy("Saw your agreements"))
def search_agreements_of_till(
    actor: Actor, *, till_id: UUID, wanted: records.Wanted
) -> Found[records.Agreement]:
    """Newest first. Raises NoSuchPage."""
    mine = models.Agreement.visible_to(actor).filter(till_id=till_id)
    exactly: dict[str, Any] = {
        "reference__iexact": wanted.reference,
        "state": wanted.agreement_state,
    }
    return _page(mine.filter(_given(exactly)), "created_at", models.Agreement.record, wanted)


@query(permissions.READ, told=gettext_lazy("Saw your disputes"))
def search_disputes_of_till(
    actor: Actor, *, till_id: UUID, wanted: records.Wanted
) -> Found[records.Dispute]:
    """Newest first. Raises NoSuchPage."""
    disputes = models.Dispute.visible_to(actor).select_related("payment")
    exactly: dict[str, Any] = {
        "state": wanted.dispute_state,
        "made_at__gte": wanted.since,
        "made_at__lt": wanted.before,
        "settled_on__gte": wanted.settled_since,
        "settled_on__lte": wanted.settled_before,
    }
    mine = disputes.filter(_given(exactly), payment__till_id=till_id)
    return _page(mine, "made_at", models.Dispute.record, wanted)


def _refunds(actor: Actor, till_id: UUID) -> QuerySet[models.Refund]:
    refunds = models.Refund.visible_to(actor).filter(payment__till_id=till_id)
    return refunds.select_related("payment", "notice")


def _given(exactly: dict[str, Any]) -> Q:  # Any: what filters take
    return Q(**{name: value for name, value in exactly.items() if value})


def _page(
    mine: QuerySet[M], moment: str, to_record: Callable[[M], R], wanted: records.Wanted
) -> Found[R]:
    """A page by its number, as GOV.UK Pay has them: bounded, as each row before it is read too."""
    if wanted.nothing:
        mine = mine.none()
    total = mine.order_by()[:MOST_COUNTED].count()
    first = (wanted.page - 1) * wanted.size
    if wanted.page > 1 and first >= total:
        raise NoSuchPage(_("There is no page of that number."))
    last = min(first + wanted.size, total)
    rows = mine.order_by(f"-{moment}", "-id")[first:last]
    return Found(total=total, rows=[to_record(row) for row in rows])
