"""/v1/auth, /v1/disputes, /v1/payment_notification; and /healthcheck and /request-denied."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from townhall.capabilities.pay import operations, permissions, queries, records
from townhall.capabilities.pay.api.bodies import read_body, read_once
from townhall.capabilities.pay.api.payments import answer_made
from townhall.capabilities.pay.api.requests import read_card, read_telephone
from townhall.capabilities.pay.api.searching import read_dispute_search, write_found
from townhall.capabilities.pay.api.wire import (
    Unfit,
    answer_json,
    base_of,
    error,
    for_programs,
    invalid,
    without_key,
)
from townhall.capabilities.pay.errors import CurrencyNotTaken, NoSuchPage, TokenUnknown, TokenUsed
from townhall.capabilities.pay.operations import Asks
from townhall.capabilities.pay.records import State
from townhall.capabilities.pay.rules.answers import Wire
from townhall.capabilities.pay.rules.identifiers import write_id
from townhall.capabilities.pay.rules.resources import write_dispute
from townhall.machinery.actors import Actor
from townhall.machinery.http import Request, public_address

REFUSED = {  # what became of a card that a program sent, where it is not paid with
    State.DECLINED: (402, "P0010", "The payment was rejected"),
    State.AUTHORISING: (500, "P0050", "Authorising the payment timed out"),
    State.EXPIRED: (402, "P0010", "The payment was rejected"),
    State.CANCELLED: (402, "P0010", "The payment was rejected"),
    State.ERRORED: (500, "P0050", "There was an error authorising the payment"),
}


@without_key
def authorise(request: Request) -> HttpResponse:
    """A card for a one-time token. No key: whoever has the token may send one."""
    token, card = read_card(read_body(request, "P0197"))
    once = read_once(request, "card_number", "cvc")
    payer = Actor("program", frozenset({permissions.PAY}), request.organisation.id)
    notice_url = f"{public_address(request)}{reverse('api-1:take_notice', args=['sandbox'])}"
    try:
        paid = operations.authorise_by_token(
            payer, token, card=card, once=once, notice_url=notice_url
        )
    except TokenUnknown as refusal:
        raise Unfit(400, "P1211", "The one_time_token is not valid") from refusal
    except TokenUsed as refusal:
        raise Unfit(400, "P1212", "The one_time_token has already been used") from refusal
    if paid.state in REFUSED:
        raise Unfit(*REFUSED[paid.state])
    return HttpResponse(status=204)


@for_programs(get=Asks.GET)
def disputes(request: Request, actor: Actor, till: records.Till) -> HttpResponse:
    wanted, used = read_dispute_search(request)
    try:
        found = queries.search_disputes_of_till(actor, till_id=till.id, wanted=wanted)
    except NoSuchPage as refusal:
        raise Unfit(404, "P0402", "Page not found") from refusal
    write = partial(_written, request)
    return answer_json(write_found(request, found, wanted, used, write=write))


@for_programs(post=Asks.POST)
def payment_notification(request: Request, actor: Actor, till: records.Till) -> HttpResponse:
    """A payment on the telephone, taken elsewhere."""
    told = read_telephone(read_body(request, "P0197"))
    once = read_once(request)
    try:
        kept, is_new = operations.note_telephone_payment(actor, till=till, told=told, once=once)
    except CurrencyNotTaken as refusal:
        raise invalid("currency", "Must be a currency that is taken here") from refusal
    return answer_made(request, kept, is_new=is_new)


@csrf_exempt
def healthcheck(request: HttpRequest) -> HttpResponse:
    """That a process answers; see /health/ready for more."""
    return answer_json({"ping": {"healthy": True}})


@csrf_exempt
def request_denied(request: HttpRequest) -> HttpResponse:
    """Where a firewall before us sends what it blocks."""
    says = "Request blocked by security rules. Please consult API documentation for more"
    return error(400, "P0920", f"{says} information.")


def _written(request: Request, dispute: records.Dispute) -> Wire:
    href = f"{base_of(request)}/v1/payments/{write_id(dispute.payment_id)}"
    return write_dispute(dispute) | {"_links": {"payment": {"href": href, "method": "GET"}}}
