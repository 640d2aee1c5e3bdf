"""What every call of GOV.UK Pay's API shares: who calls, and the shape of a no."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from townhall.capabilities.pay import errors, operations, permissions, records
from townhall.capabilities.pay.operations import Asks
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Refused, Unavailable
from townhall.machinery.http import Request, public_address

P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponse]
Asked = Callable[Concatenate[Request, Actor, records.Till, P], HttpResponse]

UNAUTHORISED = "Credentials are required to access this resource."
# What a refusal of ours is on the wire, wherever it comes from.
REFUSALS: tuple[tuple[type[Refused], int, str, str], ...] = (
    (errors.TooFast, 429, "P0900", "Too many requests"),
    (
        errors.TillClosed,
        403,
        "P0941",
        "GOV.UK Pay has disabled payment and refund creation on this account. Contact support "
        "with your error code - https://www.payments.service.gov.uk/support/ .",
    ),
    (
        errors.RecurringNotOffered,
        422,
        "P0942",
        "Recurring card payments are currently disabled for this service. Contact support with "
        "your error code - https://www.payments.service.gov.uk/support/",
    ),
    (
        errors.TelephoneNotOffered,
        403,
        "P0930",
        "Access to this resource is not enabled for this account. Contact support with your error "
        "code - https://www.payments.service.gov.uk/support/ .",
    ),
    (
        errors.MotoApiNotOffered,
        422,
        "P0195",
        "Using authorisation_mode of moto_api is not allowed for this account",
    ),
    (
        errors.MotoNotOffered,
        422,
        "P0196",
        "MOTO payments are not enabled for this account. Please contact support if you would like "
        "to process MOTO payments - https://www.payments.service.gov.uk/support/ .",
    ),
    (errors.AskedOtherwise, 409, "P0191", "%(says)s"),
    (Unavailable, 503, "P0999", "%(says)s"),
)


class Unfit(Exception):  # the wire calls it RequestError
    """The request is not one that the API takes. The first fault that is found is told."""

    def __init__(
        self, status: int, code: str, description: str, *, field: str = "", header: str = ""
    ) -> None:
        super().__init__(description)
        self.status = status
        named = {"field": field, "header": header}
        self.body = {name: value for name, value in named.items() if value}
        self.body |= {"code": code, "description": description}


def missing(field: str, code: str = "P0101") -> Unfit:
    return Unfit(400, code, f"Missing mandatory attribute: {field}", field=field)


def invalid(field: str, says: str, code: str = "P0102", *, status: int = 422) -> Unfit:
    return Unfit(status, code, f"Invalid attribute value: {field}. {says}", field=field)


def unexpected(field: str) -> Unfit:
    return Unfit(400, "P0104", f"Unexpected attribute: {field}", field=field)


def for_programs(**asked: Asks) -> Callable[[Asked[P]], View[P]]:
    """Answer a program that proves its key, and refuse in the words of GOV.UK Pay.

    `asked` says which methods there are, and what each of them is counted as.
    """
    methods = {name.upper(): asks for name, asks in asked.items()}

    def wrap(view: Asked[P]) -> View[P]:
        @csrf_exempt
        @wraps(view)
        def answer(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            asks = methods.get("GET" if request.method == "HEAD" else request.method or "")
            if asks is None:
                return wrong_method(*methods)
            with override("en"):
                try:
                    till, request.actor = _let_in(request, asks)
                    return view(request, request.actor, till, *args, **kwargs)
                except errors.KeyRefused:
                    return fault(UNAUTHORISED, 401)
                except Unfit as unfit:
                    return JsonResponse(unfit.body, status=unfit.status)
                except Refused as refusal:
                    return refuse(refusal)

        return cast(View[P], answer)

    return wrap


def _let_in(request: Request, asks: Asks) -> tuple[records.Till, Actor]:
    scheme, _space, key = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "bearer":
        raise errors.KeyRefused(UNAUTHORISED)
    organisation_id = request.organisation.id
    doorkeeper = Actor("capability:pay", frozenset({permissions.CHECK_KEYS}), organisation_id)
    till = operations.admit_program(doorkeeper, key.strip(), asks=asks).till
    may = frozenset({permissions.START, permissions.READ, permissions.REFUND})
    return till, Actor(f"program:{till.slug}", may, organisation_id)


def without_key(view: View[P]) -> View[P]:
    """Answer whoever posts, and refuse in the words of GOV.UK Pay."""

    @csrf_exempt
    @wraps(view)
    def answer(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method != "POST":
            return wrong_method("POST")
        with override("en"):
            try:
                return view(request, *args, **kwargs)
            except Unfit as unfit:
                return JsonResponse(unfit.body, status=unfit.status)
            except Refused as refusal:
                return refuse(refusal)

    return cast(View[P], answer)


def refuse(refusal: Refused) -> HttpResponse:
    for kind, status, code, words in REFUSALS:
        if isinstance(refusal, kind):
            return error(status, code, words % {"says": refusal})
    return error(refusal.status, "P0198", str(refusal))


def error(status: int, code: str, description: str) -> JsonResponse:
    return JsonResponse({"code": code, "description": description}, status=status)


def fault(words: str, status: int) -> HttpResponse:
    """The other shape: for what none of GOV.UK Pay's own code answers."""
    return JsonResponse({"code": status, "message": words}, status=status)


@csrf_exempt
def nothing_here(request: HttpRequest, **_path: Any) -> HttpResponse:  # Any: not looked at
    return fault("HTTP 404 Not Found", 404)


def wrong_method(*allowed: str) -> HttpResponse:
    answer = fault("HTTP 405 Method Not Allowed", 405)
    answer["Allow"] = ", ".join(allowed)
    return answer


def base_of(request: Request) -> str:
    """Where programs reach us, without a last slash."""
    return request.organisation.address.rstrip("/") or public_address(request)


def answer_json(body: Mapping[str, Any], *, status: int = 200) -> JsonResponse:  # Any: JSON
    return JsonResponse(dict(body), status=status)
