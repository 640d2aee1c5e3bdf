"""How much was taken, by day, week or month, and for what."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from townhall.capabilities.pay import queries
from townhall.capabilities.pay.forms.takings import TakingsForm
from townhall.capabilities.pay.pages.asking import asked
from townhall.capabilities.pay.records import Span
from townhall.machinery.http import Request
from townhall.machinery.pages.writing import write_month, write_short_date

MONTHS = 12
USUAL_DAYS = "30"


@require_safe
def index(request: Request) -> HttpResponse:
    """/pay/takings/?period=30&span=week, or ?period=2026-10 for a month."""
    today = timezone.localdate()
    currencies = queries.list_currencies(request.actor)
    services = queries.list_service_names(request.actor)
    given = asked(request.GET, TakingsForm)
    usual = {"period": USUAL_DAYS, "span": Span.DAY.value, "currency": currencies[0]}
    form = TakingsForm({**given, **{name: given[name] or usual[name] for name in usual}})
    form.offer(months=_months(today), services=services, currencies=currencies)
    if not form.is_valid():
        return render(request, "pay/takings.html", {"form": form}, status=422)
    chosen = form.cleaned_data
    first_on, last_on = _days_of(chosen["period"], today)
    span = Span(chosen["span"])
    takings = queries.get_takings(
        request.actor,
        first_on=first_on,
        last_on=last_on,
        span=span,
        currency=chosen["currency"],
        service=chosen["service"],
    )
    names = {each.slug: each.name for each in services}
    context = {
        "form": form,
        "takings": takings,
        "first_on": first_on,
        "last_on": last_on,
        "spans": [(_name(each.first_on, span), each.sums) for each in takings.spans],
        "services": [(names.get(each.service, each.service), each) for each in takings.services],
    }
    return render(request, "pay/takings.html", context)


def _name(first_on: date, span: Span) -> str:
    return write_month(first_on) if span == Span.MONTH else write_short_date(first_on)


def _months(today: date) -> list[date]:
    """The first day of this month and of those before it."""
    months = [today.replace(day=1)]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months


def _days_of(period: str, today: date) -> tuple[date, date]:
    if "-" not in period:
        return today - timedelta(days=int(period) - 1), today
    first_on = date.fromisoformat(f"{period}-01")
    next_month = (first_on + timedelta(days=31)).replace(day=1)
    return first_on, min(today, next_month - timedelta(days=1))
