"""The ledger for finance: accounts, what moved on them, and writing off."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.pay import operations, permissions, queries, records
from townhall.capabilities.pay.errors import MoreThanBalance
from townhall.capabilities.pay.forms.staff import ExportForm, WriteOffForm
from townhall.capabilities.pay.pages import showing
from townhall.capabilities.pay.pages.asking import ask, asked, typed
from townhall.capabilities.pay.records import Purpose
from townhall.machinery.actors import Actor
from townhall.machinery.http import Request
from townhall.machinery.money import Money
from townhall.machinery.paging import Page
from townhall.machinery.sheets import Cell, csv_answer

FROM = (Purpose.PROCESSOR, Purpose.UNEXPECTED)  # what can be written off
DATES = ("first_on", "last_on")


@require_safe
def index(request: Request) -> HttpResponse:
    return _accounts(request, ExportForm(initial=_this_month()))


def _this_month() -> dict[str, object]:
    today = timezone.localdate()
    return {"first_on": today.replace(day=1), "last_on": today}


def _accounts(request: Request, form: ExportForm) -> HttpResponse:
    names = _names(request.actor)
    trials = [
        (trial, [(each, showing.write_account(each.account, names)) for each in trial.balances])
        for trial in queries.list_trials(request.actor)
    ]
    return ask(request, form, "pay/ledger.html", trials=trials)


def _names(actor: Actor) -> dict[str, str]:
    return showing.service_names(actor) if permissions.SEE in actor.may else {}


@require_safe
def account(request: Request, account_id: int) -> HttpResponse:
    balance = queries.get_balance(request.actor, account_id)
    place = request.GET.get("place")
    page = queries.list_account_lines(request.actor, account_id, place=place)
    context = {
        "balance": balance,
        "account": balance.account,
        "name": showing.write_account(balance.account, _names(request.actor)),
        "page": page,
        "rows": [(each, showing.write_entry(each)) for each in page.rows],
        "may_write_off": balance.account.purpose in FROM and balance.amount.minor,
    }
    return render(request, "pay/account.html", context)


@require_safe
def entry(request: Request, entry_id: UUID) -> HttpResponse:
    found = queries.get_entry(request.actor, entry_id)
    names = _names(request.actor)
    context = {
        "found": found,
        "entry": found.entry,
        "kind": showing.write_entry(found.entry),
        "legs": [(leg, showing.write_account(leg.account, names)) for leg in found.entry.postings],
        "may_see": permissions.SEE in request.actor.may,
    }
    return render(request, "pay/entry.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write_off(request: Request, account_id: int) -> HttpResponse:
    """Ask how much and why; then show it, and ask again before it is done."""
    balance = queries.get_balance(request.actor, account_id)
    if balance.account.purpose not in FROM or not balance.amount.minor:
        return redirect("pay:account", account_id)
    standing = Money(abs(balance.amount.minor), balance.amount.currency)
    form = WriteOffForm(typed(request), standing=standing, initial={"reference": uuid4()})
    is_ready = form.is_bound and form.is_valid()
    if is_ready and "sure" in request.POST:
        try:
            written = operations.write_off(request.actor, account_id, **form.cleaned_data)
        except MoreThanBalance as refusal:
            form.add_error("amount", str(refusal))
        else:
            messages.success(request, _("It is written off."))
            return redirect("pay:entry", written.id)
    name = showing.write_account(balance.account, _names(request.actor))
    context = {"balance": balance, "name": name, "account": balance.account}
    page = "pay/check_write_off.html" if is_ready and not form.errors else "pay/write_off.html"
    return ask(request, form, page, **context)


@require_safe
def export(request: Request) -> HttpResponseBase:
    """The entries of a period as CSV, a line for each posting."""
    form = ExportForm(asked(request.GET, ExportForm, *DATES))
    request.actor.require(permissions.ACCOUNT)
    if not form.is_valid():
        return _accounts(request, form)
    days = form.cleaned_data
    first = queries.export_entries(request.actor, **days)  # refused before anything is sent
    name = f"ledger-{days['first_on']}-{days['last_on']}.csv"
    return csv_answer(name, _rows(request.actor, first, **days))


def _rows(
    actor: Actor, page: Page[records.Entry], *, first_on: date, last_on: date
) -> Iterator[Sequence[Cell]]:
    names = _names(actor)
    yield [
        *(_("Entry"), _("Made"), _("Kind"), _("Account"), _("Live or test"), _("Currency")),
        *(_("Debit"), _("Credit"), _("About"), _("Note")),
    ]
    while True:
        for each in page.rows:
            yield from _lines(each, names)
        if page.next_place is None:
            return
        page = queries.export_entries(
            actor, first_on=first_on, last_on=last_on, place=page.next_place
        )


def _lines(entry: records.Entry, names: dict[str, str]) -> Iterator[Sequence[Cell]]:
    made = timezone.localtime(entry.made_at).isoformat(" ", "seconds")
    for leg in entry.postings:
        units = abs(leg.amount.units)
        is_debit = leg.amount.minor > 0
        yield [
            *(str(entry.id), made, showing.write_entry(entry)),
            showing.write_account(leg.account, names),
            _("live") if leg.account.is_live else _("test"),
            leg.account.currency,
            units if is_debit else None,
            None if is_debit else units,
            *(str(entry.about), entry.note),
        ]
