"""Which addresses we call, how a call is signed, and which answers are final."""

import hmac
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from townhall.capabilities.notify.errors import UnfitCallback
from townhall.capabilities.notify.records import Outcome

LONGEST_URL = 2_000
SHORTEST_TOKEN = 10  # as GOV.UK Notify has it
LONGEST_TOKEN = 500
AGAIN = 5  # times after the first
AGAIN_SECONDS = 300

# All of IPv6 that has been given out, RFC 4291; what else there is leads within, or nowhere.
_GIVEN_OUT = IPv6Network("2000::/3")
_TRANSLATED = IPv6Network("64:ff9b::/96")  # to IPv4, RFC 6052
_AZURE = IPv4Address("168.63.129.16")  # its machines' own, though it looks like anyone's


def check_public_url(url: str) -> None:
    """Raises UnfitCallback unless it is https, to a host that may be outside. Looks nothing up."""
    check_url(url)
    parts = urlsplit(url)
    if parts.scheme != "https":
        raise UnfitCallback(_("Enter an address that starts with https://"))
    host = (parts.hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost") or _is_private_number(host):
        raise UnfitCallback(_("Enter an address that is on the internet, not within a network"))


def check_url(url: str) -> None:
    """Raises UnfitCallback unless it is an address of the web at all."""
    fault = _("Enter a full address, like https://example.com/callback")
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise UnfitCallback(fault)
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise UnfitCallback(fault) from error
    if not is_whole:
        raise UnfitCallback(fault)
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise UnfitCallback(_("Enter the address without a password and without a #"))


def check_token(token: str) -> None:
    """Raises UnfitCallback for what is too short, or cannot stand in a header."""
    fits = SHORTEST_TOKEN <= len(token) <= LONGEST_TOKEN
    if not (fits and token.isascii() and token.isprintable() and " " not in token):
        raise UnfitCallback(
            _("Enter a token of %(least)d to %(most)d letters, digits or signs, without spaces")
            % {"least": SHORTEST_TOKEN, "most": LONGEST_TOKEN}
        )


def is_public(address: str) -> bool:
    """Whether an IP address is on the internet: not of this machine, its network or a cloud's."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and not (found in _GIVEN_OUT or found in _TRANSLATED):
        return False
    return all(
        each.is_global and not each.is_multicast and each != _AZURE
        for each in (found, *_inside(found))
    )


def _inside(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """The IPv4 address that an IPv6 one leads to, if it does."""
    if isinstance(address, IPv4Address):
        return []
    translated = IPv4Address(int(address) & 0xFFFFFFFF) if address in _TRANSLATED else None
    return [each for each in (address.sixtofour, translated) if each is not None]


def _is_private_number(host: str) -> bool:
    try:
        return not is_public(host)
    except ValueError:  # a name
        return False


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
