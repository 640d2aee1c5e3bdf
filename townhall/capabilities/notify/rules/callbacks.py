"""Which tokens we take, how a call is signed, and which answers are final."""

import hmac
from http import HTTPStatus

from django.utils.translation import gettext as _

from townhall.capabilities.notify.errors import UnfitCallback
from townhall.capabilities.notify.records import Outcome

SHORTEST_TOKEN = 10  # as GOV.UK Notify has it
LONGEST_TOKEN = 500
AGAIN = 5  # times after the first
AGAIN_SECONDS = 300


def check_token(token: str) -> None:
    """Raises UnfitCallback for what is too short, or cannot stand in a header."""
    fits = SHORTEST_TOKEN <= len(token) <= LONGEST_TOKEN
    if not (fits and token.isascii() and token.isprintable() and " " not in token):
        raise UnfitCallback(
            _("Enter a token of %(least)d to %(most)d letters, digits or signs, without spaces")
            % {"least": SHORTEST_TOKEN, "most": LONGEST_TOKEN}
        )


def sign(body: bytes, token: str) -> str:
    """Hex HMAC-SHA256 of the body, with the token as its key."""
    return hmac.new(token.encode(), body, "sha256").hexdigest()


def outcome_of(status: int) -> Outcome:
    """As GOV.UK Notify judges answers; but a redirect is followed nowhere, so it is a no."""
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Outcome.TAKEN
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
        return Outcome.AGAIN
    return Outcome.REFUSED
