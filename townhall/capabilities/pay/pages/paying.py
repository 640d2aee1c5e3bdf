"""The payer's pages: from the link to the page that says how it went."""

from csp.decorators import csp_update
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from townhall.capabilities.pay import operations, queries, records
from townhall.capabilities.pay.errors import NoSuchPayment, NotOffered
from townhall.capabilities.pay.forms.cards import CardForm, WayForm
from townhall.capabilities.pay.pages.sandbox import SHOWN_CARDS, asked_telling, tell_sandbox
from townhall.capabilities.pay.pages.visits import (
    of_payment,
    payer,
    remember,
    session_over,
    show,
)
from townhall.capabilities.pay.records import State
from townhall.capabilities.pay.records.words import WAYS
from townhall.machinery.errors import Unavailable
from townhall.machinery.http import Request, public_address

_BEFORE_CARD = (State.CREATED, State.STARTED)
_PAID = (State.CAPTURABLE, State.CAPTURED)  # as far as the payer is concerned
_ASKED = (State.AUTHORISING, State.CAPTURING)
_MAY_BE_LATE = (*_BEFORE_CARD, State.AUTHORISING, State.CHALLENGED, State.SUBMITTED)
_PAGES = {
    State.CAPTURABLE: "paid",
    State.CAPTURED: "paid",
    State.DECLINED: "declined",
    State.EXPIRED: "expired",
    State.ABANDONED: "abandoned",
    State.CANCELLED: "cancelled",
    State.ERRORED: "errored",
}


@never_cache
@require_safe
def enter(request: Request, token: str) -> HttpResponse:
    """Let whoever has the link in, once; the session remembers them."""
    try:
        payment = operations.enter(payer(request), token)
    except NoSuchPayment:
        return session_over(request)
    remember(request, payment.id)
    return redirect("pay:card", payment.id)


@csrf_exempt
@require_POST
def enter_by_post(request: Request) -> HttpResponse:
    """The same link for programs that send people on by a form.

    Nothing is done here but going on: a form of another site comes without this visitor's cookie,
    and a session begun for it would take the place of theirs.
    """
    token = request.POST.get("chargeTokenId", "")
    if not token or "/" in token:
        return session_over(request)
    response = redirect("pay:enter", token)
    response.status_code = 303
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@of_payment
def card(request: Request, payment: records.Payment) -> HttpResponse:
    """Where a payment is: its card to be entered, or what became of it."""
    if _is_late(payment):
        return show(request, "pay/expired.html", payment)
    if payment.state not in _BEFORE_CARD:
        return _where_it_is(request, payment)
    if request.method == "POST":
        return _take_card(request, payment)
    return _begin(request, payment)


@require_http_methods(["GET", "HEAD", "POST"])
@of_payment
def way(request: Request, payment: records.Payment) -> HttpResponse:
    """How do you want to pay?"""
    ways = queries.offered_ways(payer(request), payment.id)
    if payment.state not in _BEFORE_CARD or len(ways) < 2:
        return redirect("pay:card", payment.id)
    form = WayForm(request.POST if request.method == "POST" else None)
    form.offer([(each.processor, str(WAYS.get(each.processor, each.processor))) for each in ways])
    if form.is_bound and form.is_valid():
        _open(request, payment, form.cleaned_data["way"])
        return redirect("pay:card", payment.id)
    status = 422 if form.errors else 200
    return show(request, "pay/way.html", payment, form=form, status=status)


# The payer goes from here to the service, which may send them on to wherever it likes: browsers
# hold redirects after a form to the policy of the page that the form was on. No card is on it.
@csp_update({"form-action": ["https:", "http:"]})  # type: ignore[arg-type]  # of Django's Request
@require_http_methods(["GET", "HEAD", "POST"])
@of_payment
def confirm(request: Request, payment: records.Payment) -> HttpResponse:
    """Is all this right? Only then is the money taken."""
    if request.method == "POST":
        return _onward(operations.confirm_payment(payer(request), payment.id))
    if payment.state != State.SUBMITTED or _is_late(payment):
        return redirect("pay:card", payment.id)
    return show(request, "pay/confirm.html", payment)


@require_safe
@of_payment
def back(request: Request, payment: records.Payment) -> HttpResponse:
    """Back from the processor or the bank, or still waiting: ask what became of it."""
    try:
        payment, challenge_url = operations.ask_what_became(payer(request), payment.id)
    except Unavailable:
        return _wait(request, payment)
    if _is_late(payment):
        return redirect("pay:card", payment.id)
    is_challenged = payment.state == State.CHALLENGED
    if payment.state in _ASKED or (is_challenged and not challenge_url):
        return _wait(request, payment)
    if is_challenged:
        return show(request, "pay/bank.html", payment, url=challenge_url)
    if payment.state in _BEFORE_CARD:
        return show(request, "pay/unfinished.html", payment)
    return _onward(payment)


@require_POST
@of_payment
def cancel(request: Request, payment: records.Payment) -> HttpResponse:
    operations.abandon_payment(payer(request), payment.id)
    return redirect("pay:card", payment.id)


def _begin(request: Request, payment: records.Payment) -> HttpResponse:
    """Have a processor prepare; each leads on in its own way."""
    ways = queries.offered_ways(payer(request), payment.id)
    if len(ways) > 1:
        return redirect("pay:way", payment.id)
    if not ways:
        return show(request, "pay/technical_problems.html", payment, status=503)
    checkout = _open(request, payment, ways[0].processor)
    if checkout.url:
        return show(request, "pay/leaving.html", payment, url=checkout.url)
    if not ways[0].takes_cards:
        told = queries.find_instructions(payer(request), payment.id)
        begun = queries.get_payment_of_payer(payer(request), payment.id)
        return show(request, "pay/how_to_pay.html", begun, instructions=told)
    begun = queries.get_payment_of_payer(payer(request), payment.id)
    return _ask_card(request, begun, CardForm(None, payment=begun))


def _where_it_is(request: Request, payment: records.Payment) -> HttpResponse:
    if payment.state in _ASKED:
        return _wait(request, payment)
    if payment.state == State.CHALLENGED:
        return redirect("pay:back", payment.id)
    if payment.state == State.SUBMITTED:
        return redirect("pay:confirm", payment.id)
    return show(request, f"pay/{_PAGES[payment.state]}.html", payment)


def _is_late(payment: records.Payment) -> bool:
    """Whether its time is over, and nobody has noted that yet."""
    return payment.state in _MAY_BE_LATE and payment.expires_at <= timezone.now()


def _wait(request: Request, payment: records.Payment) -> HttpResponse:
    return show(request, "pay/waiting.html", payment)


def _onward(payment: records.Payment) -> HttpResponse:
    """To the service, once it is paid; else to where the payment is."""
    if payment.state in _PAID and payment.return_url:
        return redirect(payment.return_url)
    return redirect("pay:card", payment.id)


def _open(request: Request, payment: records.Payment, processor: str) -> records.Checkout:
    notices = reverse("api-1:take_notice", args=[processor])
    return operations.open_at_processor(
        payer(request),
        payment.id,
        processor=processor,
        return_url=request.build_absolute_uri(reverse("pay:back", args=[payment.id])),
        notice_url=public_address(request) + notices,
    )


def _take_card(request: Request, payment: records.Payment) -> HttpResponse:
    form = CardForm(request.POST, payment=payment)
    if not form.is_valid():
        return _ask_card(request, payment, form)
    tell_sandbox(request, payment, asked_telling(request))
    try:
        asked, challenge_url = operations.pay_by_card(
            payer(request), payment.id, card=form.card(), email=form.cleaned_data["email"]
        )
    except NotOffered:  # it is another processor's, and was never shown
        return redirect("pay:card", payment.id)
    if asked.state == State.CHALLENGED and challenge_url.startswith("/"):
        return redirect(challenge_url)
    return redirect("pay:card", payment.id)


def _ask_card(request: Request, payment: records.Payment, form: CardForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return show(request, "pay/card.html", payment, form=form, test_cards=SHOWN_CARDS, status=status)
