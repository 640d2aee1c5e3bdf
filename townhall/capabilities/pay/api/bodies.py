"""What programs post, read as JSON that can be stored and written again, and once."""

import hashlib
import json
import re
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import RawPostDataException, UnreadablePostError

from townhall.capabilities.pay import records
from townhall.capabilities.pay.api.wire import Unfit

Json = Any  # whatever JSON holds
Body = dict[str, Json]

MOST_BYTES = 64 * 1024  # of a request
_KEY = re.compile(r"[A-Za-z0-9-]{1,255}")
_NOT_KEPT = re.compile("[\0\ud800-\udfff]")  # PostgreSQL keeps no NUL, and UTF-8 no half of a pair


def read_body(request: HttpRequest, parsing: str) -> Body:
    """An object of JSON. Raises Unfit with the code that `parsing` has for what is none."""
    content_type = (request.content_type or "").lower()
    if content_type and content_type != "application/json":
        raise Unfit(415, "P0197", "Send the request body as application/json")
    try:
        body = json.loads(_read_bytes(request).decode(), parse_constant=_refuse)
        is_fit = isinstance(body, dict) and _can_be_kept(body)
    except (ValueError, RecursionError) as error:
        raise Unfit(400, parsing, "Unable to parse JSON") from error
    if not is_fit:
        raise Unfit(400, parsing, "Unable to parse JSON")
    read: Body = body
    return read


def read_once(request: HttpRequest, *without: str) -> records.Once | None:
    """The key that a program gives with what it asks, and a digest of that. Raises Unfit.

    `without` names what of a body is left out of the digest, so that nothing is kept of it.
    """
    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise Unfit(
            422,
            "P0102",
            "Header [Idempotency-Key] can have a size between 1 and 255, of letters, digits and "
            "hyphens",
            header="Idempotency-Key",
        )
    asked = _read_bytes(request)
    if without:
        body = json.loads(asked)
        kept = {name: value for name, value in body.items() if name not in without}
        asked = json.dumps(kept, sort_keys=True).encode()
    words = f"{request.method} {request.path}\n".encode() + asked
    return records.Once(key=key, digest=hashlib.sha256(words).hexdigest())


def _read_bytes(request: HttpRequest) -> bytes:
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        body = b"" if length > MOST_BYTES else request.body
    except (RequestDataTooBig, RawPostDataException, UnreadablePostError, ValueError):
        body, length = b"", MOST_BYTES + 1
    if length > MOST_BYTES or len(body) > MOST_BYTES:
        raise Unfit(413, "P0197", "The request body can be 64 KB at most")
    return body


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _can_be_kept(value: Json) -> bool:
    if isinstance(value, str):
        return not _NOT_KEPT.search(value)
    if isinstance(value, float):
        return abs(value) <= 1e300  # JSON would take more, and read it as infinite
    if isinstance(value, dict):
        return all(_can_be_kept(name) and _can_be_kept(each) for name, each in value.items())
    return not isinstance(value, list) or all(map(_can_be_kept, value))
