"""/v1/agreements"""

from django.http import HttpResponse, JsonResponse

from townhall.capabilities.pay import operations, queries, records
from townhall.capabilities.pay.api.bodies import read_body, read_once
from townhall.capabilities.pay.api.payments import id_of
from townhall.capabilities.pay.api.requests import read_agreement
from townhall.capabilities.pay.api.searching import read_agreement_search, write_found
from townhall.capabilities.pay.api.wire import Unfit, answer_json, base_of, for_programs
from townhall.capabilities.pay.errors import NoSuchAgreement, NoSuchPage, NotInThatState
from townhall.capabilities.pay.operations import Asks
from townhall.capabilities.pay.rules.identifiers import write_id
from townhall.capabilities.pay.rules.resources import write_agreement
from townhall.machinery.actors import Actor
from townhall.machinery.http import Request


@for_programs(post=Asks.POST, get=Asks.GET)
def agreements(request: Request, actor: Actor, till: records.Till) -> HttpResponse:
    answer = _create if request.method == "POST" else _search
    return answer(request, actor, till)


@for_programs(get=Asks.GET)
def agreement(
    request: Request, actor: Actor, till: records.Till, agreement_id: str
) -> HttpResponse:
    wanted = id_of(agreement_id, "P2200")
    try:
        found = queries.get_agreement_of_till(actor, wanted, till_id=till.id)
    except NoSuchAgreement as error:
        raise Unfit(404, "P2200", "Not found") from error
    return answer_json(write_agreement(found))


@for_programs(post=Asks.POST)
def cancel(request: Request, actor: Actor, till: records.Till, agreement_id: str) -> HttpResponse:
    once = read_once(request)
    wanted = id_of(agreement_id, "P2500")
    try:
        operations.cancel_agreement(actor, wanted, till_id=till.id, once=once)
    except NoSuchAgreement as error:
        raise Unfit(404, "P2500", "Not found") from error
    except NotInThatState as error:
        raise Unfit(400, "P2501", "Cancellation of agreement failed") from error
    return HttpResponse(status=204)


def _create(request: Request, actor: Actor, till: records.Till) -> HttpResponse:
    asked = read_agreement(read_body(request, "P2197"))
    once = read_once(request)
    made, is_new = operations.create_agreement(actor, till=till, asked=asked, once=once)
    answer = JsonResponse(write_agreement(made), status=201 if is_new else 200)
    answer["Location"] = f"{base_of(request)}/v1/agreements/{write_id(made.id)}"
    return answer


def _search(request: Request, actor: Actor, till: records.Till) -> HttpResponse:
    wanted, used = read_agreement_search(request)
    try:
        found = queries.search_agreements_of_till(actor, till_id=till.id, wanted=wanted)
    except NoSuchPage as error:
        raise Unfit(404, "P2402", "Page not found") from error
    return answer_json(write_found(request, found, wanted, used, write=write_agreement))
