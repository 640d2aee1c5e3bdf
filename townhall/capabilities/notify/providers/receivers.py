"""Calls the programs that want to be told, wherever their addresses lead, and nowhere within."""

import socket
from ipaddress import ip_address

import httpx
from django.conf import settings

from townhall.capabilities.notify.errors import UnfitCallback
from townhall.capabilities.notify.records import CallbackAnswer, Outcome
from townhall.capabilities.notify.rules.callbacks import (
    check_public_url,
    check_url,
    is_public,
    outcome_of,
    sign,
)

TIMEOUT_SECONDS = 5
SIGNATURE = "Townhall-Signature"
NOT_PUBLIC = "not a public address"
NO_TOKEN = "token cannot be read"  # noqa: S105  # it is what staff read


def call(url: str, *, body: str, token: str) -> CallbackAnswer:
    """Post a body to a program once. No redirect is followed; what it answers is not read."""
    if not token:  # the SECRET_KEY that hid it is gone
        return CallbackAnswer(outcome=Outcome.REFUSED, words=NO_TOKEN)
    content = body.encode()
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        SIGNATURE: sign(content, token),
    }
    try:
        status = _post(httpx.URL(url), content, headers)
    except UnfitCallback:
        return CallbackAnswer(outcome=Outcome.REFUSED, words=NOT_PUBLIC)
    except (httpx.InvalidURL, UnicodeError) as error:  # no name at all, like https://a..b
        return CallbackAnswer(outcome=Outcome.REFUSED, words=type(error).__name__)
    except (httpx.HTTPError, OSError) as error:
        return CallbackAnswer(outcome=Outcome.AGAIN, words=type(error).__name__)
    return CallbackAnswer(outcome=outcome_of(status), words=str(status))


def check_callback(url: str) -> None:
    """Raises UnfitCallback for an address that is never called. Looks nothing up.

    In the demo a program on the same machine is told too, and without TLS.
    """
    if settings.DEMO:
        check_url(url)
    else:
        check_public_url(url)


def _post(url: httpx.URL, content: bytes, headers: dict[str, str]) -> int:
    """The status. It goes to the very number that was looked at, whatever a name says next."""
    check_callback(str(url))
    number = _number_of(url)
    host, name = url.netloc.decode("ascii"), url.raw_host.decode("ascii")
    with (
        httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False, follow_redirects=False) as client,
        client.stream(
            "POST",
            url.copy_with(host=number),
            content=content,
            headers={"Host": host, **headers},
            extensions={"sni_hostname": name},  # the certificate is the name's
        ) as answer,
    ):
        return answer.status_code


def _number_of(url: httpx.URL) -> str:
    """The first IP address of its host. Raises UnfitCallback if any of them is not public."""
    port = url.port or (443 if url.scheme == "https" else 80)
    found = socket.getaddrinfo(url.raw_host.decode("ascii"), port, type=socket.SOCK_STREAM)
    numbers = [str(ip_address(str(each[4][0]).partition("%")[0])) for each in found]
    if not settings.DEMO and not all(is_public(number) for number in numbers):
        raise UnfitCallback(NOT_PUBLIC)
    return numbers[0]
