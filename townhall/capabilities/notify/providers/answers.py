"""Whether a supplier asked over HTTP may have taken a message without our knowing."""

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


def not_answered(error: httpx.TransportError, words: str) -> Unavailable:
    """The refusal to raise when no answer came."""
    return Unavailable(words) if isinstance(error, _BEFORE_ASKING) else AnswerLost(words)


def is_unclear(status: int) -> bool:
    """Whether this answer leaves open if the message was taken."""
    return status in _UNCLEAR
