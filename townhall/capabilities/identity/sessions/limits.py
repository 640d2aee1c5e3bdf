"""How often somebody may try; a stranger's tries never stop whom they pretend to be.

A browser in which somebody has signed in before is known by a cookie, and has a count of its own
for that person. All others share one where guessing has to be stopped wherever it comes from, or
have one for each address that they come from where it has not. Each raises TooManyTries.
"""

from uuid import UUID, uuid4

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from townhall.capabilities.identity.errors import TooManyTries

APP = "allauth.account"  # whose settings have the limits
COOKIE = "device"
KNOWN_SECONDS = 365 * 24 * 60 * 60
MOST_PEOPLE = 5  # who are known in one browser
_signer = signing.TimestampSigner(salt="identity.device")


def count_codes(request: HttpRequest, email: str, person_id: UUID | None) -> None:
    """Each network address has its own count, so that nobody uses up somebody's codes."""
    device = _known_device(request, person_id)
    action = "known_login_code" if device else "request_login_code"
    _count(request, action, f"{device or get_ip(request)} {email}")


def count_code_try(request: HttpRequest, whose: str) -> None:
    """Before it is looked at, as of what comes at once the count in the session forgets most."""
    _count(request, "code_tries", whose)


def count_password(request: HttpRequest, email: str, person_id: UUID | None) -> None:
    """All strangers share a count: who is kept out by it still has the other ways in."""
    device = _known_device(request, person_id)
    _count(request, "known_password" if device else "password", f"{device} {email}")


def count_second_factor(request: HttpRequest, person_id: UUID) -> None:
    """All strangers share a count; they have shown a first factor already."""
    _count(request, "second_factor", _of_second_factor(request, person_id))


def count_copy(request: HttpRequest, person_id: UUID) -> None:
    """Of all that is held about somebody, which is much to gather."""
    _count(request, "copy", str(person_id))


def forget_second_factors(request: HttpRequest, person_id: UUID) -> None:
    """Somebody succeeded, so those before do not count."""
    key = _of_second_factor(request, person_id)
    ratelimit.clear(request, app=APP, action="second_factor", key=key)


def know_device(request: HttpRequest, response: HttpResponse, person_id: UUID) -> None:
    """Remember in this browser that somebody has signed in with it."""
    device, people = _read(request)
    people = [str(person_id), *(each for each in people if each != str(person_id))]
    response.set_cookie(
        COOKIE,
        _signer.sign_object({"device": device, "people": people[:MOST_PEOPLE]}),
        max_age=KNOWN_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _known_device(request: HttpRequest, person_id: UUID | None) -> str:
    """The browser's name if this person has signed in with it; "" otherwise."""
    device, people = _read(request)
    return device if person_id and str(person_id) in people else ""


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        kept = _signer.unsign_object(request.COOKIES.get(COOKIE, ""), max_age=KNOWN_SECONDS)
    except signing.BadSignature:
        return str(uuid4()), []
    return kept["device"], kept["people"]


def _of_second_factor(request: HttpRequest, person_id: UUID) -> str:
    return f"{_known_device(request, person_id)} {person_id}"


def _count(request: HttpRequest, action: str, key: str) -> None:
    if not ratelimit.consume(request, app=APP, action=action, key=key, limit_get=True):
        raise TooManyTries(_("You have tried too many times. Wait a few minutes, then try again."))
