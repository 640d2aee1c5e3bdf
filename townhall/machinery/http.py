"""From request to actor, and from refusal to answer: a problem for programs, a page for people."""

import logging
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.urls import ResolverMatch, resolve
from django.utils.module_loading import import_string

from townhall.machinery import metrics
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed, NotFound, Refused
from townhall.machinery.navigation import navigation_of
from townhall.machinery.organisations import Organisation

Answer = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger("townhall.http")

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# Answered whoever asks, for whatever organisation, even when the database is away.
UNASKED = ("/health/", "/metrics", "/static/")
ORGANISATION_SECONDS = 2  # that programs may see an organisation at the address it has left
MOST_HOSTS = MOST_PLACES = 1_000  # remembered
LONGEST_PLACE = 100  # of those; characters


class Request(HttpRequest):
    """A request whose asker and organisation are known; ActorMiddleware sees to it."""

    actor: Actor
    organisation: Organisation
    acting_for: str  # the name of whoever the one who is signed in acts for; "" if for nobody
    remedy_url: str  # where someone refused here may prove who they are; "" if nowhere


class ActorMiddleware:
    """Find out who asks, and of whom, in the way the ACTORS and ORGANISATION settings say."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.who_asks = import_string(settings.ACTORS)
        self.of_whom = import_string(settings.ORGANISATION)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(UNASKED):
            return self.get_response(request)
        if not _makes_sense(request):
            return HttpResponseBadRequest("That address makes no sense.", content_type="text/plain")
        asked = cast(Request, request)
        asked.remedy_url = asked.acting_for = ""
        try:
            asked.organisation = self.of_whom(request)
            asked.actor = self.who_asks(request)
        except Refused as refusal:
            return HttpResponse(str(refusal), status=refusal.status, content_type="text/plain")
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")  # may be about someone
        return response


class Programs:
    """Answer what programs ask at the addresses of PROGRAM_FAULTS without what only pages need.

    They come with keys: no session, no cookie, no language, no form. Whose address it is, is
    asked again every ORGANISATION_SECONDS. What no view is asked, is answered by the fault of that
    address, in the shape that its programs read.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.of_whom = import_string(settings.ORGANISATION)
        self.faults: dict[str, Callable[[str, int], HttpResponse]] = {
            path: import_string(fault) for path, fault in settings.PROGRAM_FAULTS.items()
        }
        self.paths = tuple(self.faults)
        self.known: dict[str, tuple[Organisation, float]] = {}
        self.observed = Observe(cast(Answer, convert_exception_to_response(self._answer)))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(self.paths):
            return self.get_response(request)
        response = self.observed(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
        if settings.SECURE_HSTS_SECONDS and request.is_secure():
            seconds = settings.SECURE_HSTS_SECONDS
            response.headers["Strict-Transport-Security"] = f"max-age={seconds}"
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return self._fault(request, "That address makes no sense.", 400)
        try:
            cast(Request, request).organisation = self._organisation(request)
        except Refused as refusal:
            return self._fault(request, str(refusal), refusal.status)
        find = _place if len(request.path_info) <= LONGEST_PLACE else resolve
        match = request.resolver_match = find(request.path_info, settings.ROOT_URLCONF)
        try:
            return cast(HttpResponse, match.func(request, *match.args, **match.kwargs))
        except Exception as error:
            self.observed.process_exception(request, error)
            raise

    def _fault(self, request: HttpRequest, words: str, status: int) -> HttpResponse:
        whose = next(path for path in self.paths if request.path.startswith(path))
        return self.faults[whose](words, status)

    def _organisation(self, request: HttpRequest) -> Organisation:
        host = request.META.get("HTTP_HOST", "")  # looked at with care when it is first asked for
        known, until = self.known.get(host, (None, 0.0))
        if known is None or until < time.monotonic():
            known = self.of_whom(request)
            if len(self.known) > MOST_HOSTS:
                self.known.clear()
            self.known[host] = known, time.monotonic() + ORGANISATION_SECONDS
        return known


@lru_cache(MOST_PLACES)
def _place(path: str, urlconf: str) -> ResolverMatch:
    """Programs ask the same few addresses again and again, and looking one up is not cheap."""
    return resolve(path, urlconf)


def _makes_sense(request: HttpRequest) -> bool:
    """Whether no column, and no reader of addresses, would choke on what stands in the request."""
    words = [request.path, *request.COOKIES.values(), request.headers.get("Host", "")]
    words += [word for name in request.GET for word in [name, *request.GET.getlist(name)]]
    is_form = request.content_type in FORMS
    try:
        urlsplit(request.GET.get("next", ""))
        urlsplit(request.POST.get("next", "") if is_form else "")
    except ValueError:
        return False
    return not any("\0" in word for word in words)


def problem(request: HttpRequest, refusal: Refused | type[Refused]) -> HttpResponse:
    """RFC 9457 problem details, for the API."""
    challenge = {"WWW-Authenticate": "Bearer"} if refusal.status == 401 else {}
    return JsonResponse(
        {"type": refusal.code, "title": str(refusal), "status": refusal.status},
        status=refusal.status,
        content_type="application/problem+json",
        headers=challenge,
    )


class RefusalPages:
    """Turn a Refused raised by a page into a page that says so, or into a way to sign in."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        remedy = getattr(request, "remedy_url", "")
        if isinstance(error, NotAllowed) and remedy and request.method == "GET":
            return redirect(remedy)
        if isinstance(error, NotAllowed):
            return render(request, "403.html", status=403)
        if isinstance(error, NotFound):
            return render(request, "404.html", status=404)
        return render(request, "machinery/refused.html", {"refusal": error}, status=error.status)


class Observe:
    """One log line and one measurement for each request; ids and routes only, never a query."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        if request.path.startswith(UNASKED):
            return response
        seconds = time.perf_counter() - started
        match = request.resolver_match
        route = match.route if match else "none"
        metrics.observe_request(request.method or "", route, response.status_code, seconds)
        actor = getattr(request, "actor", None)
        logger.info(
            "request",
            extra={
                "method": request.method,
                "route": route,
                "status": response.status_code,
                "milliseconds": round(seconds * 1000, 1),
                "actor": actor.name if actor else "",
                "organisation": str(actor.organisation_id) if actor else "",
            },
        )
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        if not isinstance(error, Refused):
            logger.error("bug", exc_info=error)


def for_layout(request: HttpRequest) -> dict[str, Any]:  # Any: what templates take
    """What every page's layout shows: whose pages these are, and who is signed in."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return {}
    user = getattr(request, "user", None)
    return {
        "organisation": cast(Request, request).organisation,
        "navigation": navigation_of(actor, request.path),
        "actor": actor,
        "actor_name": str(user) if actor.person_id else "",
        "acting_for": cast(Request, request).acting_for,
        "demo": settings.DEMO,
    }


def public_address(request: HttpRequest) -> str:
    """Where suppliers reach this installation: TOWNHALL_URL, or else where this request came."""
    return settings.BASE_URL or request.build_absolute_uri("/").rstrip("/")
