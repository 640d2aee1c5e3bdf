"""Payment links, for those who pay by them: what it is, their reference, how much, and on."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.pay import operations, queries, records
from townhall.capabilities.pay.forms.links import AmountForm, ReferenceForm
from townhall.capabilities.pay.pages.visits import find_mine, payer, session_over, show
from townhall.capabilities.pay.records import State
from townhall.machinery.http import Request, public_address
from townhall.machinery.money import Money

ANSWERS = "payment_links"  # in the session: what was typed at each link
Answers = dict[str, Any]  # Any: a reference, and a sum in minor units
LinkPage = Callable[[Request, records.Link], HttpResponse]


def of_link(page: LinkPage) -> Callable[[Request, str], HttpResponse]:
    """Show a page of an open link, in its language."""

    @never_cache
    @wraps(page)
    def shown(request: Request, slug: str) -> HttpResponse:
        link = queries.get_open_link(payer(request), slug)
        with translation.override(link.language):
            response = page(request, link)
        response.headers["Content-Language"] = link.language
        return response

    return shown


@require_safe
@of_link
def start(request: Request, link: records.Link) -> HttpResponse:
    return render(request, "pay/link.html", {"link": link, "next": _next(link, {})})


@require_http_methods(["GET", "HEAD", "POST"])
@of_link
def reference(request: Request, link: records.Link) -> HttpResponse:
    if not link.reference_label:
        return redirect("pay:link", link.slug)
    answers = _answers(request, link)
    known = {"payment_reference": answers.get("reference", "")}
    form = ReferenceForm(_typed(request), link=link, initial=known)
    if form.is_bound and form.is_valid():
        return _go_on(request, link, reference=form.cleaned_data["payment_reference"])
    return _ask(request, link, form)


@require_http_methods(["GET", "HEAD", "POST"])
@of_link
def amount(request: Request, link: records.Link) -> HttpResponse:
    if link.amount:
        return redirect("pay:link", link.slug)
    minor = _answers(request, link).get("amount_minor")
    known = {"payment_amount": Money(minor) if minor else None}
    form = AmountForm(_typed(request), initial=known)
    if form.is_bound and form.is_valid():
        return _go_on(request, link, amount_minor=form.cleaned_data["payment_amount"].minor)
    return _ask(request, link, form)


@require_http_methods(["GET", "HEAD", "POST"])
@of_link
def check(request: Request, link: records.Link) -> HttpResponse:
    """Is this right? POST begins the payment and goes to its card page."""
    answers = _answers(request, link)
    missing = _next(link, answers)
    if missing != "pay:link_check":
        return redirect(missing, link.slug)
    about: Answers = {
        "reference": answers.get("reference", ""),
        "amount": link.amount or Money(answers["amount_minor"]),
    }
    if request.method == "POST":
        payment = operations.start_link_payment(
            payer(request), link.slug, **about, home=public_address(request)
        )
        request.session.pop(ANSWERS, None)
        return redirect("pay:enter", payment.token)
    return render(request, "pay/link_check.html", {"link": link, **about})


@require_safe
def done(request: Request, slug: str, payment_id: UUID) -> HttpResponse:
    """Back from paying; or from not paying, to begin again."""
    return _thank(request, payment_id) or redirect("pay:link", slug)


def _thank(request: Request, payment_id: UUID) -> HttpResponse | None:
    payment = find_mine(request, payment_id)
    if payment is None:
        return session_over(request)
    if payment.state not in (State.CAPTURED, State.CAPTURABLE):
        return None
    with translation.override(payment.language):
        return show(request, "pay/paid.html", payment)


def _typed(request: Request) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _ask(request: Request, link: records.Link, form: Any) -> HttpResponse:  # Any: either form
    status = 422 if form.errors else 200
    return render(request, "pay/link_question.html", {"link": link, "form": form}, status=status)


def _next(link: records.Link, answers: Answers) -> str:
    """The name of the first page that still has a question."""
    if link.reference_label and not answers.get("reference"):
        return "pay:link_reference"
    if not link.amount and not answers.get("amount_minor"):
        return "pay:link_amount"
    return "pay:link_check"


def _answers(request: Request, link: records.Link) -> Answers:
    kept: dict[str, Answers] = request.session.get(ANSWERS, {})
    return kept.get(str(link.id), {})


def _go_on(request: Request, link: records.Link, **answer: str | int) -> HttpResponse:
    kept = request.session.get(ANSWERS, {})
    answers = kept.get(str(link.id), {}) | answer
    request.session[ANSWERS] = {str(link.id): answers}  # those of one link at a time
    return redirect(_next(link, answers), link.slug)
