"""/v1/payments"""

from functools import partial
from uuid import UUID

from django.http import HttpResponse, JsonResponse

from townhall.capabilities.pay import operations, queries, records
from townhall.capabilities.pay.api.bodies import read_body, read_once
from townhall.capabilities.pay.api.requests import no_such_agreement, read_payment
from townhall.capabilities.pay.api.searching import read_search, write_found
from townhall.capabilities.pay.api.wire import Unfit, answer_json, base_of, for_programs, invalid
from townhall.capabilities.pay.errors import (
    AgreementNotActive,
    CurrencyNotTaken,
    NoSuchAgreement,
    NoSuchPage,
    NoSuchPayment,
    NotInThatState,
)
from townhall.capabilities.pay.operations import Asks
from townhall.capabilities.pay.records import Mode
from townhall.capabilities.pay.rules.answers import Wire, write_links, write_payment
from townhall.capabilities.pay.rules.identifiers import read_id
from townhall.capabilities.pay.rules.resources import changes_of_status, write_event
from townhall.machinery.actors import Actor
from townhall.machinery.http import Request

_OF_ONE_ONLY = ("next_url", "next_url_post", "auth_url_post")  # no link of a search's results


@for_programs(post=Asks.CREATE, get=Asks.GET)
def payments(request: Request, actor: Actor, till: records.Till) -> HttpResponse:
    answer = _create if request.method == "POST" else _search
    return answer(request, actor, till)


@for_programs(get=Asks.GET)
def transactions(request: Request, actor: Actor, till: records.Till) -> HttpResponse:
    """What GOV.UK Pay calls deprecated: the same search."""
    return _search(request, actor, till)


@for_programs(get=Asks.GET)
def payment(request: Request, actor: Actor, till: records.Till, payment_id: str) -> HttpResponse:
    return answer_json(written(request, _find(actor, till, payment_id, "P0200")))


@for_programs(get=Asks.GET)
def events(request: Request, actor: Actor, till: records.Till, payment_id: str) -> HttpResponse:
    wanted = id_of(payment_id, "P0300")
    try:
        steps = queries.list_steps_of_till(actor, wanted, till_id=till.id)
    except NoSuchPayment as error:
        raise Unfit(404, "P0300", "Not found") from error
    base = base_of(request)
    href = f"{base}/v1/payments/{payment_id}/events"
    return answer_json(
        {
            "payment_id": payment_id,
            "events": [write_event(wanted, step, base=base) for step in changes_of_status(steps)],
            "_links": {"self": {"href": href, "method": "GET"}},
        }
    )


@for_programs(post=Asks.POST)
def cancel(request: Request, actor: Actor, till: records.Till, payment_id: str) -> HttpResponse:
    once = read_once(request)
    wanted = id_of(payment_id, "P0500")
    try:
        operations.cancel_payment_once(actor, wanted, till_id=till.id, once=once)
    except NoSuchPayment as error:
        raise Unfit(404, "P0500", "Not found") from error
    except NotInThatState as error:
        now = queries.get_payment_of_till(actor, wanted, till_id=till.id)
        status, code = (400, "P0501") if now.state.is_over else (409, "P0502")
        raise Unfit(status, code, "Cancellation of payment failed") from error
    return HttpResponse(status=204)


@for_programs(post=Asks.CAPTURE)
def capture(request: Request, actor: Actor, till: records.Till, payment_id: str) -> HttpResponse:
    once = read_once(request)
    try:
        operations.capture_payment_once(
            actor, id_of(payment_id, "P1000"), till_id=till.id, once=once
        )
    except NoSuchPayment as error:
        raise Unfit(404, "P1000", "Not found") from error
    except NotInThatState as error:
        raise Unfit(409, "P1003", "Payment cannot be captured") from error
    return HttpResponse(status=204)


def id_of(written_id: str, code: str) -> UUID:
    """Raises Unfit if it is no id that we wrote."""
    found = read_id(written_id)
    if found is None:
        raise Unfit(404, code, "Not found")
    return found


def written(request: Request, found: records.Payment) -> Wire:
    return write_payment(found) | {"_links": write_links(found, base=base_of(request))}


def answer_made(request: Request, made: records.Payment, *, is_new: bool) -> HttpResponse:
    body = written(request, made)
    answer = JsonResponse(body, status=201 if is_new else 200)
    answer["Location"] = body["_links"]["self"]["href"]
    return answer


def _create(request: Request, actor: Actor, till: records.Till) -> HttpResponse:
    asked = read_payment(read_body(request, "P0197"), is_live=till.is_live)
    once = read_once(request)
    try:
        made, is_new = operations.create_payment(actor, till=till, asked=asked, once=once)
    except NoSuchAgreement as error:
        raise _of_agreement(asked, "Agreement does not exist") from error
    except AgreementNotActive as error:
        raise _of_agreement(asked, "Agreement must be active") from error
    except CurrencyNotTaken as error:
        raise invalid("currency", "Must be a currency that is taken here") from error
    if is_new and made.mode == Mode.AGREEMENT:
        made = operations.take_payment_now(actor, made.id)
    return answer_made(request, made, is_new=is_new)


def _of_agreement(asked: records.NewPayment, says: str) -> Unfit:
    if not asked.sets_up_agreement:
        return invalid("agreement_id", says, status=400)
    if says == "Agreement does not exist":
        return no_such_agreement()
    return invalid("set_up_agreement", "Agreement must be new", status=400)


def _search(request: Request, actor: Actor, till: records.Till) -> HttpResponse:
    wanted, used = read_search(request)
    try:
        found = queries.search_payments_of_till(actor, till_id=till.id, wanted=wanted)
    except NoSuchPage as error:
        raise Unfit(404, "P0402", "Page not found") from error
    write = partial(_as_found, request)
    return answer_json(write_found(request, found, wanted, used, write=write))


def _as_found(request: Request, found: records.Payment) -> Wire:
    body = written(request, found)
    for name in _OF_ONE_ONLY:
        body["_links"].pop(name, None)
    return body


def _find(actor: Actor, till: records.Till, payment_id: str, code: str) -> records.Payment:
    try:
        return queries.get_payment_of_till(actor, id_of(payment_id, code), till_id=till.id)
    except NoSuchPayment as error:
        raise Unfit(404, code, "Not found") from error
