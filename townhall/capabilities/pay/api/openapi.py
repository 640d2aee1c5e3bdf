"""Our OpenAPI document of /v1/: what is answered, with nothing left open that is not.

Stricter than GOV.UK Pay's own, so that clients and tests can rely on it. docs/openapi/pay-v1.json
is made from it by `python -m tests.checks --write`.
"""

from typing import Any

from townhall.capabilities.pay.api.openapi_shapes import SHAPES, ref

Json = dict[str, Any]  # Any: JSON

JSON = "application/json"
SAYS = {
    200: "As it is now",
    201: "Made",
    202: "Taken up",
    204: "Done",
    400: "The request is not fit, or the thing is not in a state that allows it",
    401: "No API key, or none that is in use",
    402: "The card was refused",
    403: "The till does not do that",
    404: "There is none of that name at this till",
    405: "No such method here",
    409: "Something else is going on, or the Idempotency-Key was used for something else",
    412: "Another sum is left than was thought",
    413: "The body is too long",
    415: "The body is not JSON",
    422: "A value is not fit",
    429: "Too many requests in this second",
    500: "The payment processor failed, or did not answer",
    503: "An outside system does not answer",
}
ALWAYS = (401, 429)
POSTED = (400, 409, 413, 415, 422)
BARE = (409, 413, 422)  # posted without a body that is read
WITHOUT_CODE = (401, 405)
ID = {"type": "string", "pattern": "^[0-9a-v]{26}$"}
PAGES = {"page": {"type": "integer", "minimum": 1, "maximum": 999999}}
PAGES |= {"display_size": {"type": "integer", "minimum": 1, "maximum": 500, "default": 500}}
MOMENT = {"type": "string", "format": "date-time"}
DAY = {"type": "string", "format": "date"}
DATES = {"from_date": MOMENT, "to_date": MOMENT, "from_settled_date": DAY, "to_settled_date": DAY}
ME = "/v1/payments/{payment_id}"
MADE = {201: "Payment", 200: "Payment"}
WORDS = {"type": "string", "maxLength": 255}


def document() -> Json:
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Townhall pay",
            "version": "1",
            "description": "GOV.UK Pay's public API. What is beyond it says so.",
        },
        "servers": [{"url": "/"}],
        "security": [{"BearerAuth": []}],
        "paths": PATHS,
        "components": {
            "schemas": SHAPES,
            "securitySchemes": {"BearerAuth": {"type": "http", "scheme": "bearer"}},
            "parameters": {
                "IdempotencyKey": {
                    "in": "header",
                    "name": "Idempotency-Key",
                    "description": (
                        "Beyond GOV.UK Pay on all but recurring payments: the same request under "
                        "the same key within 24 hours is done once."
                    ),
                    "schema": {"type": "string", "pattern": "^[a-zA-Z0-9-]{1,255}$"},
                }
            },
        },
    }


def _get(name: str, shape: str, *refusals: int, **query: Json) -> Json:
    parameters = [{"in": "query", "name": each, "schema": query[each]} for each in query]
    return {
        "operationId": name,
        "parameters": parameters,
        "responses": _answers({200: shape}, (*ALWAYS, *refusals)),
    }


def _post(name: str, answers: dict[int, str], *refusals: int, body: str = "") -> Json:
    asked: Json = {
        "operationId": name,
        "parameters": [{"$ref": "#/components/parameters/IdempotencyKey"}],
        "responses": _answers(
            answers, (*ALWAYS, *(POSTED if body else (409, 413, 422)), *refusals)
        ),
    }
    if body:
        asked["requestBody"] = {"required": True, "content": {JSON: {"schema": ref(body)}}}
    return asked


def _answers(answers: dict[int, str], refusals: tuple[int, ...]) -> Json:
    written: Json = {}
    for status, shape in answers.items():
        written[str(status)] = {"description": SAYS[status]}
        if shape:
            written[str(status)]["content"] = {JSON: {"schema": ref(shape)}}
        if status == 201 and shape in ("Payment", "Agreement"):
            link = {"required": True, "schema": {"type": "string", "format": "uri"}}
            written["201"]["headers"] = {"Location": link}
    for status in sorted(set(refusals)):
        shape = "Fault" if status in WITHOUT_CODE else "RequestError"
        written[str(status)] = {
            "description": SAYS[status],
            "content": {JSON: {"schema": ref(shape)}},
        }
    return written


def _named(*names: str, **methods: Json) -> Json:
    parameters = [{"in": "path", "name": each, "required": True, "schema": ID} for each in names]
    return {"parameters": parameters, **methods}


def _paths() -> Json:
    return _of_payments() | _of_refunds() | _of_agreements() | _others()


def _of_payments() -> Json:
    search = {
        "reference": WORDS,
        "email": {"type": "string", "maxLength": 254},
        "state": SHAPES["SearchedState"],
        "card_brand": {"type": "string", "maxLength": 20},
        **DATES,
        "cardholder_name": WORDS,
        "first_digits_card_number": {"type": "string", "pattern": "^[0-9]{6}$"},
        "last_digits_card_number": {"type": "string", "pattern": "^[0-9]{4}$"},
        "agreement_id": ID,
        **PAGES,
    }
    again = _get("search_transactions", "FoundPayments", 404, 422, **search)
    cancel = _post("cancel_payment", {204: ""}, 400, 404)
    return {
        "/v1/payments": {
            "get": _get("search_payments", "FoundPayments", 404, 422, **search),
            "post": _post("create_payment", MADE, 403, 503, body="NewPayment"),
        },
        "/v1/transactions": {"get": again | {"deprecated": True}},
        ME: _named("payment_id", get=_get("get_payment", "Payment", 404)),
        f"{ME}/events": _named("payment_id", get=_get("get_events", "Events", 404)),
        f"{ME}/cancel": _named("payment_id", post=cancel),
        f"{ME}/capture": _named("payment_id", post=_post("capture_payment", {204: ""}, 404)),
    }


def _of_refunds() -> Json:
    made = {202: "Refund", 200: "Refund"}
    one = _get("get_refund", "Refund", 404)
    return {
        f"{ME}/refunds": _named(
            "payment_id",
            get=_get("list_refunds", "Refunds", 404),
            post=_post("refund_payment", made, 403, 404, 412, body="NewRefund"),
        ),
        f"{ME}/refunds/{{refund_id}}": _named("payment_id", "refund_id", get=one),
        "/v1/refunds": {"get": _get("search_refunds", "FoundRefunds", 404, 422, **DATES, **PAGES)},
    }


def _of_agreements() -> Json:
    search = {"reference": WORDS, "status": SHAPES["AgreementStatus"], **PAGES}
    made = {201: "Agreement", 200: "Agreement"}
    me = "/v1/agreements/{agreement_id}"
    cancel = _post("cancel_agreement", {204: ""}, 400, 404)
    return {
        "/v1/agreements": {
            "get": _get("search_agreements", "FoundAgreements", 404, 422, **search),
            "post": _post("create_agreement", made, 403, body="NewAgreement"),
        },
        me: _named("agreement_id", get=_get("get_agreement", "Agreement", 404)),
        f"{me}/cancel": _named("agreement_id", post=cancel),
    }


def _others() -> Json:
    disputes = {"status": SHAPES["DisputeStatus"], **DATES, **PAGES}
    auth = _post("authorise", {204: ""}, 402, 500, 503, body="Card")
    auth["security"] = []
    del auth["responses"]["401"], auth["responses"]["429"]
    telephone = _post("note_telephone_payment", MADE, 403, body="TelephonePayment")
    return {
        "/v1/disputes": {"get": _get("search_disputes", "FoundDisputes", 404, 422, **disputes)},
        "/v1/auth": {"post": auth},
        "/v1/payment_notification": {"post": telephone},
    }


PATHS = _paths()
