"""What every call of GOV.UK Notify's API shares: who calls, and the shape of a no."""

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from townhall.capabilities.notify import permissions, queries, records
from townhall.capabilities.notify.errors import (
    AskedOtherwise,
    BatchOver,
    CodeTooLong,
    DayUsedUp,
    EditedMeanwhile,
    NameTaken,
    NoSuchBatch,
    NoSuchMessage,
    NoSuchTemplate,
    NotAnAddress,
    NotAPhoneNumber,
    NotAPostalAddress,
    NotOnGuestList,
    NotPrintedYet,
    NotScheduled,
    TemplateArchived,
    TokenRefused,
    TooFast,
    TooLarge,
)
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed, Refused, Unavailable
from townhall.machinery.http import Request

P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponse]
Asked = Callable[Concatenate[Request, Actor, records.Program, P], HttpResponse]

NOT_FOUND = (
    "The requested URL was not found on the server. If you entered the URL manually please check "
    "your spelling and try again."
)
# What a refusal of ours is on the wire; the first that fits.
REFUSALS: tuple[tuple[type[Refused], int, str, str], ...] = (
    (TokenRefused, 403, "AuthError", "%(says)s"),
    (TooFast, 429, "RateLimitError", "%(says)s"),
    (DayUsedUp, 429, "TooManyRequestsError", "%(says)s"),
    (NoSuchMessage, 404, "NoResultFound", "No result found"),
    (NoSuchBatch, 404, "NoResultFound", "No result found"),
    (NoSuchTemplate, 404, "NoResultFound", "No result found"),
    (NotPrintedYet, 400, "PDFNotReadyError", "%(says)s"),
    (NotAnAddress, 400, "ValidationError", "email_address %(says)s"),
    (NotAPhoneNumber, 400, "InvalidPhoneError", "%(says)s"),
    (NotAPostalAddress, 400, "ValidationError", "%(says)s"),
    (NotOnGuestList, 400, "BadRequestError", "%(says)s"),
    (NotAllowed, 403, "BadRequestError", "%(says)s"),
    (TooLarge, 413, "BadRequestError", "%(says)s"),
    (TemplateArchived, 400, "BadRequestError", "Template has been deleted"),
    # No errors of GOV.UK Notify's:
    (AskedOtherwise, 409, "ConflictError", "%(says)s"),
    (BatchOver, 409, "ConflictError", "%(says)s"),
    (NotScheduled, 409, "ConflictError", "%(says)s"),
    (Unavailable, 503, "ServiceUnavailableError", "%(says)s"),
    (EditedMeanwhile, 409, "ConflictError", "%(says)s"),
    (NameTaken, 409, "ConflictError", "%(says)s"),
)
NOT_ALLOWED = "The method is not allowed for the requested URL."


class Unfit(Exception):  # the wire calls it ValidationError
    """The request is not of the shape that the API takes; each complaint names its field."""

    def __init__(self, *complaints: str) -> None:
        super().__init__("; ".join(complaints))
        self.complaints = list(dict.fromkeys(complaints))


def unknown(asked: Iterable[str], known: Collection[str]) -> Iterator[str]:
    """The complaint of what has a name that nothing here has, if there is any."""
    if names := [name.replace("'", "") for name in asked if name not in known]:
        verb = "was" if len(names) == 1 else "were"
        yield f"Additional properties are not allowed ({', '.join(names)} {verb} unexpected)"


def for_programs(view: Asked[P]) -> View[P]:
    """Answer a program that proves its key, and refuse in the words of GOV.UK Notify."""
    return _for_programs(view, queries.identify_program)


def for_sending(view: Asked[P]) -> View[P]:
    """The same, where the operation makes sure itself that the key is still good."""
    return _for_programs(view, queries.recognise_program)


def _for_programs(view: Asked[P], identify: Callable[[Actor, str], records.Program]) -> View[P]:
    @csrf_exempt
    @wraps(view)
    def answer(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        token, complaint = _bearer(request.META.get("HTTP_AUTHORIZATION", ""))
        if complaint:
            return errors(401, "AuthError", complaint)
        with override("en"):
            try:
                program = identify(_doorkeeper(request), token)
                request.actor = _actor(request, program)
                return view(request, request.actor, program, *args, **kwargs)
            except Unfit as unfit:
                return errors(400, "ValidationError", *unfit.complaints)
            except Refused as refusal:
                return _refuse(refusal)

    return cast(View[P], answer)


def _bearer(header: str) -> tuple[str, str]:
    """The token, and what is wrong if there is none."""
    if not header:
        return "", "Unauthorized: authentication token must be provided"
    if header[:7].title() != "Bearer ":
        return "", "Unauthorized: authentication bearer scheme must be used"
    return header[7:], ""


def _doorkeeper(request: Request) -> Actor:
    may = frozenset({permissions.CHECK_TOKENS})
    return Actor("capability:notify", may, request.organisation.id)


def _actor(request: Request, program: records.Program) -> Actor:
    may = {permissions.SEND, permissions.READ}
    if program.may_edit_templates:
        may.add(permissions.EDIT_TEMPLATES)
    return Actor(f"program:{program.name}", frozenset(may), request.organisation.id)


def _refuse(refusal: Refused) -> HttpResponse:
    if isinstance(refusal, CodeTooLong):
        return _refuse_code(refusal)
    for kind, status, name, words in REFUSALS:
        if isinstance(refusal, kind):
            return errors(status, name, words % {"says": refusal})
    return errors(400, "BadRequestError", str(refusal))


def _refuse_code(refusal: CodeTooLong) -> HttpResponse:
    """The one refusal that says more, as at GOV.UK Notify."""
    says = {"error": "ValidationError", "message": str(refusal)}
    more = {"data": refusal.words, "num_bytes": refusal.size, "max_bytes": refusal.most}
    return JsonResponse({"status_code": 400, "errors": [says | more]}, status=400)


def errors(status: int, kind: str, *messages: str) -> HttpResponse:
    """GOV.UK Notify's envelope for what its API refuses."""
    listed = [{"error": kind, "message": message} for message in messages]
    return JsonResponse({"status_code": status, "errors": listed}, status=status)


def fault(words: str, status: int) -> HttpResponse:
    """The other envelope: for addresses that its API does not have."""
    return JsonResponse({"result": "error", "message": words}, status=status)


@csrf_exempt
def nothing_here(request: HttpRequest, **_path: Any) -> HttpResponse:  # Any: not looked at
    return fault(NOT_FOUND, 404)


def wrong_method(*allowed: str) -> HttpResponse:
    answer = fault(NOT_ALLOWED, 405)
    answer["Allow"] = ", ".join(allowed)
    return answer
