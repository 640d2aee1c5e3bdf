"""/v1/payments/{payment_id}/refunds and /v1/refunds"""

from functools import partial

from django.http import HttpResponse

from townhall.capabilities.pay import operations, queries, records
from townhall.capabilities.pay.api.bodies import read_body, read_once
from townhall.capabilities.pay.api.payments import id_of
from townhall.capabilities.pay.api.requests import read_refund
from townhall.capabilities.pay.api.searching import read_refund_search, write_found
from townhall.capabilities.pay.api.wire import Unfit, answer_json, base_of, for_programs
from townhall.capabilities.pay.errors import (
    ChangedMeanwhile,
    NoSuchPage,
    NoSuchPayment,
    NoSuchRefund,
    NotInThatState,
    NotPaid,
    RefundTooLarge,
)
from townhall.capabilities.pay.operations import Asks
from townhall.capabilities.pay.rules.answers import Wire, write_refund_summary
from townhall.capabilities.pay.rules.identifiers import write_id
from townhall.capabilities.pay.rules.resources import write_refund
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Refused
from townhall.machinery.http import Request


@for_programs(post=Asks.POST, get=Asks.GET)
def refunds(request: Request, actor: Actor, till: records.Till, payment_id: str) -> HttpResponse:
    answer = _create if request.method == "POST" else _list
    return answer(request, actor, till, payment_id)


@for_programs(get=Asks.GET)
def refund(
    request: Request, actor: Actor, till: records.Till, payment_id: str, refund_id: str
) -> HttpResponse:
    code = "P0700"
    try:
        found = queries.get_refund_of_till(
            actor, id_of(refund_id, code), payment_id=id_of(payment_id, code), till_id=till.id
        )
    except NoSuchRefund as error:
        raise Unfit(404, code, "Not found") from error
    return answer_json(_written(request, found))


@for_programs(get=Asks.GET)
def search(request: Request, actor: Actor, till: records.Till) -> HttpResponse:
    wanted, used = read_refund_search(request)
    try:
        found = queries.search_refunds_of_till(actor, till_id=till.id, wanted=wanted)
    except NoSuchPage as error:
        raise Unfit(404, "P1100", "Page not found") from error
    write = partial(_written, request)
    return answer_json(write_found(request, found, wanted, used, write=write))


def _create(request: Request, actor: Actor, till: records.Till, payment_id: str) -> HttpResponse:
    wanted = id_of(payment_id, "P0600")
    minor, available = read_refund(read_body(request, "P0697"))
    once = read_once(request)
    try:
        made, is_new = operations.refund_payment_once(
            actor, wanted, till=till, minor=minor, available_minor=available, once=once
        )
    except NoSuchPayment as error:
        raise Unfit(404, "P0600", "Not found") from error
    except ChangedMeanwhile as error:
        raise Unfit(412, "P0604", "Refund amount available mismatch.") from error
    except (NotPaid, RefundTooLarge, NotInThatState) as error:
        now = queries.get_payment_of_till(actor, wanted, till_id=till.id)
        raise _not_available(now, error) from error
    return answer_json(_written(request, made), status=202 if is_new else 200)


def _not_available(payment: records.Payment, error: Refused) -> Unfit:
    status = write_refund_summary(payment)["status"]
    if isinstance(error, NotInThatState):
        says = "The payment is disputed and cannot be refunded"
    else:
        why = "amount_not_available" if status == "available" else status
        says = f"The payment is not available for refund. Payment refund status: {why}"
    return Unfit(400, "P0603", says)


def _list(request: Request, actor: Actor, till: records.Till, payment_id: str) -> HttpResponse:
    try:
        found = queries.list_refunds_of_till(actor, id_of(payment_id, "P0800"), till_id=till.id)
    except NoSuchPayment as error:
        raise Unfit(404, "P0800", "Not found") from error
    me = f"{base_of(request)}/v1/payments/{payment_id}"
    return answer_json(
        {
            "payment_id": payment_id,
            "_embedded": {"refunds": [_written(request, each) for each in found]},
            "_links": {
                "self": {"href": f"{me}/refunds", "method": "GET"},
                "payment": {"href": me, "method": "GET"},
            },
        }
    )


def _written(request: Request, refund: records.Refund) -> Wire:
    assert refund.payment_id  # what programs see is of payments
    me = f"{base_of(request)}/v1/payments/{write_id(refund.payment_id)}"
    links = {
        "self": {"href": f"{me}/refunds/{write_id(refund.id)}", "method": "GET"},
        "payment": {"href": me, "method": "GET"},
    }
    return write_refund(refund) | {"_links": links}
