"""How much was taken, from sums that one index gives and a period bounds."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.records import Purpose, RefundState, Span, State
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.money import Money
from townhall.machinery.operations import query

LONGEST_DAYS = 366
USUAL_CURRENCY = "GBP"


@query(permissions.SEE)
def list_currencies(actor: Actor) -> list[str]:
    """Those that live money has come in, or pounds."""
    taken = models.Account.visible_to(actor).filter(is_live=True, purpose=Purpose.PROCESSOR)
    found = set(taken.values_list("currency", flat=True))
    return sorted(found, key=lambda code: (code != USUAL_CURRENCY, code)) or [USUAL_CURRENCY]


@query(permissions.SEE)
def get_takings(
    actor: Actor,
    *,
    first_on: date,
    last_on: date,
    span: Span,
    currency: str = USUAL_CURRENCY,
    service: str = "",
) -> records.Takings:
    """Live money of a period of at most a year. Raises Invalid for a longer one."""
    if not timedelta() <= last_on - first_on < timedelta(days=LONGEST_DAYS):
        raise Invalid(_("Choose at most a year, with the first day before the last"))
    parts = [
        *_of_payments(actor, first_on, last_on, currency, service),
        *_of_refunds(actor, first_on, last_on, currency, service),
    ]
    by_span = _grouped(parts, lambda part: _begin(part.day, span))
    by_service = _grouped(parts, lambda part: part.service)
    services = [
        records.ServiceTakings(service=str(slug), sums=_sums(its, currency))
        for slug, its in by_service.items()
    ]
    return records.Takings(
        spans=tuple(
            records.SpanTakings(first_on=begins, sums=_sums(by_span.get(begins, []), currency))
            for begins in _spans(first_on, last_on, span)
        ),
        services=tuple(sorted(services, key=lambda each: (-each.sums.taken.minor, each.service))),
        total=_sums(parts, currency),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """Payments or refunds that ended on one day, for one service, in one way."""

    day: date
    service: str
    way: str  # paid, failed or refunded
    count: int
    minor: int


def _of_payments(
    actor: Actor, first_on: date, last_on: date, currency: str, service: str
) -> Iterator[_Part]:
    over = models.Payment.visible_to(actor).filter(
        is_live=True,
        currency=currency,
        settled_at__isnull=False,
        settled_at__gte=_midnight(first_on),
        settled_at__lt=_midnight(last_on + timedelta(days=1)),
    )
    over = over.filter(service=service) if service else over
    alike = over.annotate(day=_day()).values_list("day", "service", "state").order_by()
    for day, of, state, count, minor in alike.annotate(Count("id"), Sum("amount_minor")):
        yield _Part(day, of, "paid" if state == State.CAPTURED else "failed", count, minor)


def _of_refunds(
    actor: Actor, first_on: date, last_on: date, currency: str, service: str
) -> Iterator[_Part]:
    given = models.Refund.visible_to(actor).filter(
        state=RefundState.SUCCEEDED,
        payment__is_live=True,
        payment__currency=currency,
        settled_at__gte=_midnight(first_on),
        settled_at__lt=_midnight(last_on + timedelta(days=1)),
    )
    given = given.filter(payment__service=service) if service else given
    alike = given.annotate(day=_day(), whose=F("payment__service")).values_list("day", "whose")
    for day, of, count, minor in alike.order_by().annotate(Count("id"), Sum("amount_minor")):
        yield _Part(day, of, "refunded", count, minor)


def _day() -> TruncDate:
    return TruncDate("settled_at", tzinfo=timezone.get_default_timezone())


def _grouped(
    parts: Iterable[_Part], key: Callable[[_Part], Hashable]
) -> dict[Hashable, list[_Part]]:
    groups: dict[Hashable, list[_Part]] = {}
    for part in parts:
        groups.setdefault(key(part), []).append(part)
    return groups


def _sums(parts: Iterable[_Part], currency: str) -> records.Sums:
    counts: Counter[str] = Counter()
    minors: Counter[str] = Counter()
    for part in parts:
        counts[part.way] += part.count
        minors[part.way] += part.minor
    return records.Sums(
        paid=counts["paid"],
        failed=counts["failed"],
        taken=Money(minors["paid"], currency),
        refunds=counts["refunded"],
        refunded=Money(minors["refunded"], currency),
    )


def _begin(day: date, span: Span) -> date:
    """The first day of the week or month that a day is in, or itself."""
    if span == Span.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if span == Span.MONTH else day


def _spans(first_on: date, last_on: date, span: Span) -> list[date]:
    days = [first_on + timedelta(days=number) for number in range((last_on - first_on).days + 1)]
    return sorted({_begin(day, span) for day in days})


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
