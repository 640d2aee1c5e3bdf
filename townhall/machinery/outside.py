"""Addresses that others gave us: which we call, a POST and a GET that nothing leads within."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from townhall.machinery.errors import Invalid, Unavailable

LONGEST_URL = 2_000
NOT_PUBLIC = "not a public address"

# All of IPv6 that has been given out, RFC 4291; what else there is leads within, or nowhere.
_GIVEN_OUT = IPv6Network("2000::/3")
_TRANSLATED = IPv6Network("64:ff9b::/96")  # to IPv4, RFC 6052
_AZURE = IPv4Address("168.63.129.16")  # its machines' own, though it looks like anyone's


class UnfitAddress(Invalid):
    """The address is not one that we would call."""

    code = "outside.unfit_address"


class Unreached(Unavailable):
    """A program that was to be told could not be reached."""

    code = "outside.unreached"


def check_address(url: str) -> None:
    """Raises UnfitAddress for an address that is never called. Looks nothing up.

    In the demo a program on the same machine is told too, and without TLS.
    """
    if settings.DEMO:
        check_url(url)
    else:
        check_public_url(url)


def check_public_url(url: str) -> None:
    """Raises UnfitAddress unless it is https, to a host that may be outside. Looks nothing up."""
    check_url(url)
    parts = urlsplit(url)
    if parts.scheme != "https":
        raise UnfitAddress(_("Enter an address that starts with https://"))
    host = (parts.hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost") or _is_private_number(host):
        raise UnfitAddress(_("Enter an address that is on the internet, not within a network"))


def check_url(url: str) -> None:
    """Raises UnfitAddress unless it is an address of the web at all."""
    fault = _("Enter a full address, like https://example.com/callback")
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise UnfitAddress(fault)
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise UnfitAddress(fault) from error
    if not is_whole:
        raise UnfitAddress(fault)
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise UnfitAddress(_("Enter the address without a password and without a #"))


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


def post(url: str, *, content: bytes, headers: Mapping[str, str], timeout: float) -> int:
    """The status of a program's answer, which is not read. No redirect is followed.

    `timeout` is in seconds. Raises UnfitAddress for what is never called, and Unreached for what
    may be reached later; both say what was wrong in a few words, for staff.
    """
    try:
        return _post(httpx.URL(url), content, headers, timeout)
    except (httpx.InvalidURL, UnicodeError) as error:  # no name at all, like https://a..b
        raise UnfitAddress(type(error).__name__) from error
    except (httpx.HTTPError, OSError) as error:
        raise Unreached(type(error).__name__) from error


def read(url: str, *, most_bytes: int, timeout: float) -> bytes:
    """What an address answers with 200, if it is not too long. No redirect is followed.

    `timeout` is in seconds, for each read. Raises UnfitAddress and Unreached as `post` does.
    """
    try:
        with _asked("GET", httpx.URL(url), b"", {}, timeout) as answer:
            if answer.status_code != HTTPStatus.OK:
                raise Unreached(str(answer.status_code))
            return _body(answer, most_bytes)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise UnfitAddress(type(error).__name__) from error
    except (httpx.HTTPError, OSError) as error:
        raise Unreached(type(error).__name__) from error


def _body(answer: httpx.Response, most_bytes: int) -> bytes:
    content = b""
    for piece in answer.iter_bytes():
        content += piece
        if len(content) > most_bytes:
            raise Unreached("too long")
    return content


def _post(url: httpx.URL, content: bytes, headers: Mapping[str, str], timeout: float) -> int:
    with _asked("POST", url, content, headers, timeout) as answer:
        return answer.status_code


@contextmanager
def _asked(
    method: str, url: httpx.URL, content: bytes, headers: Mapping[str, str], timeout: float
) -> Iterator[httpx.Response]:
    """It goes to the very number that was looked at, whatever a name says next."""
    number = _number_of(url)
    host, name = url.netloc.decode("ascii"), url.raw_host.decode("ascii")
    with (
        httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False) as client,
        client.stream(
            method,
            url.copy_with(host=number),
            content=content,
            headers={"Host": host, **headers},
            extensions={"sni_hostname": name},  # the certificate is the name's
        ) as answer,
    ):
        yield answer


def _number_of(url: httpx.URL) -> str:
    """The first IP address of its host. Raises UnfitAddress if any of them is not public."""
    try:
        check_address(str(url))
    except UnfitAddress as error:
        raise UnfitAddress(NOT_PUBLIC) from error
    port = url.port or (443 if url.scheme == "https" else 80)
    found = socket.getaddrinfo(url.raw_host.decode("ascii"), port, type=socket.SOCK_STREAM)
    numbers = [str(ip_address(str(each[4][0]).partition("%")[0])) for each in found]
    if not settings.DEMO and not all(is_public(number) for number in numbers):
        raise UnfitAddress(NOT_PUBLIC)
    return numbers[0]
