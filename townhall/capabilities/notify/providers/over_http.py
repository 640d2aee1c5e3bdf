"""Asking a supplier over HTTP, and whether it may have taken a message without our knowing."""

import ssl
from functools import cache
from http import HTTPStatus

import httpx

from townhall.capabilities.notify.errors import AnswerLost
from townhall.machinery.errors import Unavailable

# Nothing was asked yet when these happened.
_BEFORE_ASKING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
# It fell over, or whoever stands before it gave up waiting.
_UNCLEAR = (
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.GATEWAY_TIMEOUT,
)


def client_of(timeout_seconds: float) -> httpx.Client:
    """For one supplier, as long as the process lives: its connections stay open."""
    return httpx.Client(timeout=timeout_seconds, verify=_trusted())


@cache
def _trusted() -> ssl.SSLContext:
    """Made once, since it costs more than a message."""
    return httpx.create_ssl_context()


def not_answered(error: httpx.TransportError, words: str) -> Unavailable:
    """The refusal to raise when no answer came."""
    return Unavailable(words) if isinstance(error, _BEFORE_ASKING) else AnswerLost(words)


def is_unclear(status: int) -> bool:
    """Whether this answer leaves open if the message was taken."""
    return status in _UNCLEAR
