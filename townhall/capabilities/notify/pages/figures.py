"""The first page of messages: how much was sent, what became of it, and what it cost."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from townhall.capabilities.notify import permissions, queries
from townhall.capabilities.notify.forms.figures import PeriodForm
from townhall.machinery.dials import SET_DIALS
from townhall.machinery.http import Request

MONTHS = 12
USUAL = "7"


@require_safe
def dashboard(request: Request, sender_id: UUID | None = None) -> HttpResponse:
    """/notify/figures/?period=30, or ?period=2026-10 for a month."""
    today = timezone.localdate()
    senders = queries.list_sender_lines(request.actor)
    sender = queries.get_sender_line(request.actor, sender_id) if sender_id else None
    form = PeriodForm({"period": request.GET.get("period", USUAL)})
    form.offer(_months(today))
    context: dict[str, object] = {"form": form, "senders": senders, "sender": sender}
    if not form.is_valid():
        return render(request, "notify/figures.html", context, status=422)
    first_on, last_on = _days_of(form.cleaned_data["period"], today)
    figures = queries.get_figures(
        request.actor, first_on=first_on, last_on=last_on, sender_id=sender_id
    )
    context |= {
        "figures": figures,
        "may_read": permissions.READ_MESSAGES in request.actor.may,
        "may_set": SET_DIALS in request.actor.may,
        "failed_url": _list(sender_id, first_on, last_on, stage="failed"),
        "failed_today_url": _list(sender_id, today, today, stage="failed"),
        "days": [
            (each, _list(sender_id, each.day, each.day, stage="failed")) for each in figures.days
        ],
        "channels": [
            (each, _list(sender_id, first_on, last_on, channel=each.channel))
            for each in figures.channels
        ],
        "templates": [
            (each, _list(sender_id, first_on, last_on, template=str(each.template_id)))
            for each in figures.templates
        ],
    }
    return render(request, "notify/figures.html", context)


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


def _list(sender_id: UUID | None, first_on: date, last_on: date, **only: str) -> str:
    """The address of the messages behind a number."""
    asked: Mapping[str, str] = {
        **only,
        **({"sender": str(sender_id)} if sender_id else {}),
        **_parts("first_on", first_on),
        **_parts("last_on", last_on),
    }
    return f"{reverse('notify:messages')}?{urlencode(asked)}"


def _parts(name: str, day: date) -> dict[str, str]:
    return {
        f"{name}_day": str(day.day),
        f"{name}_month": str(day.month),
        f"{name}_year": str(day.year),
    }
