"""Payments as staff find them, look at them, and take them away."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.pay import operations, permissions, queries, records
from townhall.capabilities.pay.forms.staff import SearchForm
from townhall.capabilities.pay.pages import showing
from townhall.capabilities.pay.pages.asking import asked, kept
from townhall.capabilities.pay.records.words import (
    CAUSES,
    DISPUTE_STATES,
    MISFITS,
    REFUND_STATES,
    STATES,
    WORDS,
)
from townhall.capabilities.pay.rules.cards import BRAND_NAMES
from townhall.capabilities.pay.rules.identifiers import write_id
from townhall.machinery.actors import Actor
from townhall.machinery.http import Request
from townhall.machinery.paging import Page
from townhall.machinery.sheets import MOST_EXCEL_ROWS, Cell, csv_answer, excel_answer

DATES = ("first_on", "last_on")
SAID = WORDS | REFUND_STATES | DISPUTE_STATES


@require_safe
def index(request: Request) -> HttpResponse:
    form = _form(request)
    if not form.is_valid():
        return render(request, "pay/transactions.html", {"form": form}, status=422)
    place = request.GET.get("place")
    page = queries.search_payments(request.actor, form.search(), place=place)
    given = request.GET.copy()
    given.pop("place", None)
    context = {
        "form": form,
        "page": page,
        "rows": showing.list_rows(page.rows, showing.service_names(request.actor)),
        "is_narrowed": kept(form.data, [name for name in form.fields if name != "reference"]),
        "asked": given.urlencode(),
        "most_excel_rows": MOST_EXCEL_ROWS,
    }
    return render(request, "pay/transactions.html", context)


def _form(request: Request) -> SearchForm:
    form = SearchForm(asked(request.GET, SearchForm, *DATES))
    form.offer(queries.list_service_names(request.actor))
    return form


@require_safe
def one(request: Request, payment_id: UUID) -> HttpResponse:
    found = queries.get_transaction(request.actor, payment_id)
    payment, actor = found.payment, request.actor
    names = showing.service_names(request.actor)
    is_refundable = payment.state.is_paid and found.available.minor and not found.is_challenged
    context = {
        "found": found,
        "payment": payment,
        "payment_id": write_id(payment.id),
        "service": names.get(payment.service, payment.service),
        "card": showing.write_card(payment.card),
        "state": showing.state_tag(payment),
        "cause": CAUSES[payment.cause] if payment.cause else "",
        "steps": [_step(each) for each in found.steps],
        "refunds": [_refund(each) for each in found.refunds],
        "disputes": [(each, showing.dispute_tag(each)) for each in found.disputes],
        "notices": [
            (each, SAID[each.said], MISFITS[each.cause] if each.cause else "")
            for each in found.notices
        ],
        "entries": [
            (
                each,
                showing.write_entry(each),
                [(leg, showing.write_account(leg.account, names)) for leg in each.postings],
            )
            for each in found.entries
        ],
        "may_refund": actor.may_in(payment.service, permissions.GIVE_BACK) and is_refundable,
        "may_cancel": actor.may_in(payment.service, permissions.GIVE_BACK) and found.may_cancel,
        "may_decide": actor.may_in(payment.service, permissions.APPROVE),
        "may_account": permissions.ACCOUNT in actor.may,
    }
    return render(request, "pay/transaction.html", context)


def _step(step: records.Step) -> tuple[records.Step, str, str]:
    cause = str(CAUSES[step.cause]) if step.cause else ""
    return step, str(STATES[step.state]), cause


def _refund(
    found: records.StaffRefund,
) -> tuple[records.StaffRefund, showing.Tag, str, str]:
    asked_by = _("You") if found.is_mine else showing.write_actor(found.asked_by)
    return found, showing.refund_tag(found.refund), asked_by, showing.write_actor(found.decided_by)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: Request, payment_id: UUID) -> HttpResponse:
    if request.method == "POST":
        operations.cancel_payment_by_staff(request.actor, payment_id)
        messages.success(request, _("The payment is cancelled."))
        return redirect("pay:transaction", payment_id)
    found = queries.get_transaction(request.actor, payment_id)
    request.actor.narrowed(permissions.GIVE_BACK)
    if not found.may_cancel:
        return redirect("pay:transaction", payment_id)
    back_url = reverse("pay:transaction", args=[payment_id])
    return render(
        request, "pay/cancel_payment.html", {"payment": found.payment, "back_url": back_url}
    )


@require_safe
def export_csv(request: Request) -> HttpResponseBase:
    """The list that the same words give, as CSV, however long it is."""
    return _export(request, "csv")


@require_safe
def export_excel(request: Request) -> HttpResponseBase:
    return _export(request, "xlsx")


def _export(request: Request, kind: str) -> HttpResponseBase:
    form = _form(request)
    if not form.is_valid():
        return render(request, "pay/transactions.html", {"form": form}, status=422)
    search, today = form.search(), timezone.localdate()
    first = queries.export_payments(request.actor, search)  # refused before anything is sent
    rows = _rows(request.actor, search, first, showing.service_names(request.actor))
    name = f"payments-{today.isoformat()}.{kind}"
    return csv_answer(name, rows) if kind == "csv" else excel_answer(name, rows)


def _rows(
    actor: Actor,
    search: records.Search,
    page: Page[records.Payment],
    names: dict[str, str],
) -> Iterator[Sequence[Cell]]:
    yield [
        *(_("Reference"), _("Description"), _("Service or till"), _("Live or test"), _("Started")),
        *(_("State"), _("Cause"), _("Currency"), _("Amount"), _("Refunded"), _("Fee")),
        *(_("Paid"), _("Paid out"), _("Email address"), _("Name on the card"), _("Card")),
        *(_("Last 4 digits of the card"), _("Payment ID"), _("Processor"), _("Reference there")),
    ]
    while True:
        yield from (_row(payment, names) for payment in page.rows)
        if page.next_place is None:
            return
        page = queries.export_payments(actor, search, place=page.next_place)


def _row(payment: records.Payment, names: dict[str, str]) -> Sequence[Cell]:
    card = payment.card or records.CardDetails()
    return [
        *(payment.reference, payment.description, names.get(payment.service, payment.service)),
        _("live") if payment.is_live else _("test"),
        _moment(payment.created_at),
        str(STATES[payment.state]),
        str(CAUSES[payment.cause]) if payment.cause else "",
        *(payment.amount.currency, payment.amount.units, payment.refunded.units),
        payment.fee.units if payment.fee else None,
        _moment(payment.paid_at),
        payment.settled_on,
        *(payment.email, card.name, BRAND_NAMES.get(card.brand, card.brand), card.last_digits),
        *(write_id(payment.id), payment.processor, payment.processor_reference),
    ]


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat(" ", "seconds") if at else ""
