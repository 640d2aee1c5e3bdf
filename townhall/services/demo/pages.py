"""/demo/: being someone of the demo town. None of this is routed outside the demo."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_http_methods, require_POST

from townhall.capabilities.identity import sessions
from townhall.capabilities.identity.records import Method
from townhall.capabilities.pay.operations import FIXTURE_LINK
from townhall.machinery.http import Request
from townhall.services.demo import operations
from townhall.services.demo.queries import find_program
from townhall.services.demo.secrets import totp_code
from townhall.services.demo.service import DEMO, PLAYERS

FIRST_PAGE = {
    "crew": "bulky_waste:round",
    "caseworker": "cases:queue",
    "administrator": "administration:index",
}


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: Request, secret: str) -> HttpResponse:
    """A link from `make up`: GET asks, POST uses it up and signs in."""
    if request.method == "GET":
        return render(request, "demo/enter.html")
    return _sign_in(request, operations.use_link(DEMO.acting_for(request.actor), secret))


@require_POST
def be(request: Request, key: str) -> HttpResponse:
    """A button of the panel."""
    return _sign_in(request, operations.find_player(DEMO.acting_for(request.actor), key), key)


def _sign_in(request: Request, person_id: UUID, key: str = "") -> HttpResponse:
    sessions.sign_in(request, person_id, method=Method.LINK_AND_SECOND_FACTOR)
    return redirect(FIRST_PAGE.get(key, "home" if not key else "account:requests"))


def for_panel(request: HttpRequest) -> dict[str, Any]:  # Any: what templates take
    """The panel's content, made only where a page shows it."""
    return {"panel": SimpleLazyObject(lambda: _panel(request))}


def _panel(request: HttpRequest) -> dict[str, Any]:  # Any: as above
    actor = DEMO.acting_for(request.actor)  # type: ignore[attr-defined]  # as http.Request has it
    return {
        "players": [(player, totp_code(player) if player.role else "") for player in PLAYERS],
        "program": find_program(actor),
        "till_link": FIXTURE_LINK,
    }
