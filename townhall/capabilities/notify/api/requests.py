"""What programs post, read into clean values; each complaint as GOV.UK Notify words it.

Its messages are those of jsonschema (Draft 7) without quotation marks, after the field's name.
"""

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import RawPostDataException
from django.utils import timezone

from townhall.capabilities.notify.api.uploads import check_attachments
from townhall.capabilities.notify.api.wire import Unfit, unknown
from townhall.capabilities.notify.errors import NotAnAddress, NotAPhoneNumber, TooLarge
from townhall.capabilities.notify.records import Once
from townhall.capabilities.notify.rules.addresses import clean_address
from townhall.capabilities.notify.rules.phones import NOT_A_UK_MOBILE, clean_phone
from townhall.machinery.errors import Invalid
from townhall.machinery.files import MEGABYTE

Json = Any  # whatever JSON holds
Check = Callable[[Json], Iterable[str]]

LONGEST_REFERENCE = 1_000
MOST_LEVELS = 100  # of JSON
MOST_BYTES = 10 * MEGABYTE  # of a request; what is in base64 is a third larger
_ONCE_KEY = re.compile(r"[A-Za-z0-9_-]{1,255}")
_HTTPS = re.compile(r"https://[^\s<>\"]+")
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # PostgreSQL keeps none
_LONE_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")  # perhaps
_DATETIME = (
    "datetime format is invalid. It must be a valid ISO8601 date time format, "
    "https://en.wikipedia.org/wiki/ISO_8601"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The keys that a body may have, each with what it has to be, and those that it must have."""

    checks: Mapping[str, Check]
    required: tuple[str, ...] = ()


def read_body(request: HttpRequest, shape: Shape) -> dict[str, Json]:
    """Raises Unfit with every complaint, or Invalid if it is no JSON at all."""
    return check_shape(_read_json(request), shape)


def check_shape(data: Json, shape: Shape) -> dict[str, Json]:
    """Raises Unfit with every complaint."""
    complaints = list(_complaints(data, shape))
    if complaints:
        raise Unfit(*complaints)
    body: dict[str, Json] = data
    return body


def is_precompiled(request: HttpRequest) -> bool:
    """Whether the letter comes as a PDF: the one address takes both. Raises Invalid."""
    data = _read_json(request)
    return isinstance(data, dict) and "content" in data


def read_id(text: str, name: str = "notification_id") -> UUID:
    """An id in an address. Raises Unfit."""
    try:
        return UUID(text)
    except ValueError as error:
        raise Unfit(f"{name} is not a valid UUID") from error


def read_once(request: HttpRequest) -> Once | None:
    """The Idempotency-Key that a program may give with what it sends. Raises Unfit."""
    return once_of(request, request.body)


def once_of(request: HttpRequest, body: bytes) -> Once | None:
    """The same, where the body was read already. Raises Unfit."""
    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return None
    if not _ONCE_KEY.fullmatch(key):
        raise Unfit("Idempotency-Key must be 1 to 255 letters, digits, hyphens or underscores")
    digest = hashlib.sha256(request.path.encode() + b"\n" + body).hexdigest()
    return Once(key=key, digest=digest)


def optional_id(data: Mapping[str, Json], name: str) -> UUID | None:
    return UUID(data[name]) if data.get(name) else None


def optional_moment(data: Mapping[str, Json], name: str) -> datetime | None:
    return _moment(data[name]) if data.get(name) else None


def read_bytes(request: HttpRequest) -> bytes:
    """The body as it came. Raises TooLarge, or Invalid if it came as a form, which is no JSON."""
    try:
        return request.body
    except RequestDataTooBig:  # for a form of ours
        return _read_more(request)
    except RawPostDataException as error:
        raise Invalid("Invalid JSON supplied in POST data") from error


def _read_more(request: HttpRequest) -> bytes:
    """A body that Django refused by what it says of its length, having read none of it."""
    if int(request.META["CONTENT_LENGTH"]) > MOST_BYTES:
        most = MOST_BYTES // MEGABYTE
        raise TooLarge(f"Request is too large. It can be {most}MB at most")
    body: bytes = request.read()
    request._body = body  # where Django keeps one that it has read
    return body


def _read_json(request: HttpRequest) -> Json:
    """Raises Invalid."""
    return parse(read_bytes(request)) or {}


def parse(body: bytes) -> Json:
    """Raises Invalid unless the body is JSON that can also be stored and written again."""
    try:
        raw = body.decode("utf-8-sig")
        data = json.loads(raw, parse_constant=_refuse_constant, parse_float=_read_float)
        if _LONE_SURROGATE.search(raw):
            json.dumps(data, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Invalid("Invalid JSON supplied in POST data") from error
    if "\\u0000" in raw and _NUL.search(raw):  # looked for quickly first
        raise Invalid("Invalid JSON supplied in POST data")
    if raw.count("{") + raw.count("[") > MOST_LEVELS and _is_deep(data):
        raise Invalid(f"JSON supplied in POST data can have {MOST_LEVELS} levels at most")
    return data


def _is_deep(data: Json) -> bool:
    """Whether there are more than MOST_LEVELS of it, one in the other: too many to be written."""
    level = [data]
    for _number in range(MOST_LEVELS):
        level = [each for thing in level if _is_nest(thing) for each in _within(thing)]
    return any(map(_is_nest, level))


def _is_nest(thing: Json) -> bool:
    return isinstance(thing, dict | list)


def _within(nest: dict[str, Json] | list[Json]) -> Iterable[Json]:
    return nest.values() if isinstance(nest, dict) else nest


def _refuse_constant(name: str) -> Json:
    """NaN and the infinities, which Python reads and JSON does not know."""
    raise ValueError(name)


def _read_float(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):  # 1e999
        raise ValueError(written)
    return number


def _complaints(data: Json, shape: Shape) -> Iterator[str]:
    if not isinstance(data, dict):
        yield _not_of_type(data, "object")
        return
    for name, check in shape.checks.items():
        if name in data:
            yield from (f"{name} {complaint}" for complaint in check(data[name]))
    for name in shape.required:
        if name not in data:
            yield f"{name} is a required property"
    yield from unknown(data, shape.checks)


def _not_of_type(value: Json, *types: str) -> str:
    return f"{value!r} is not of type {', '.join(types)}".replace("'", "")


def check_reference(value: Json) -> Iterator[str]:
    if not isinstance(value, str):
        yield _not_of_type(value, "string")
    elif len(value) > LONGEST_REFERENCE:
        yield f"{value!r} is too long".replace("'", "")


def _check_email_address(value: Json) -> Iterator[str]:
    if not isinstance(value, str):
        yield _not_of_type(value, "string")
        return
    try:
        clean_address(value)
    except NotAnAddress:
        yield "Not a valid email address"


def _check_uuid(value: Json) -> Iterator[str]:
    try:
        UUID(value)
    except (ValueError, AttributeError, TypeError):
        yield "is not a valid UUID"


def _check_personalisation(value: Json) -> Iterator[str]:
    if not isinstance(value, dict):
        yield "should contain key value pairs"


def within(most: timedelta, words: str) -> Check:
    """Whether a time is one in the future, and not too far."""

    def check(value: Json) -> Iterator[str]:
        if value is None:
            return
        if not isinstance(value, str):
            yield _not_of_type(value, "string", "null")
            return
        try:
            wanted = _moment(value)
        except ValueError:
            yield _DATETIME
            return
        if wanted < timezone.now():
            yield "datetime can not be in the past"
        elif wanted > timezone.now() + most:
            yield f"datetime can only be {words} in the future"

    return check


def _moment(text: str) -> datetime:
    """A time without a zone is UTC."""
    wanted = datetime.fromisoformat(text)
    return wanted if wanted.tzinfo else wanted.replace(tzinfo=UTC)


def _check_https_url(value: Json) -> Iterator[str]:
    if value is not None and not (isinstance(value, str) and _HTTPS.fullmatch(value)):
        yield "is not a valid https url"


def _check_names(value: Json) -> Iterator[str]:
    if value is None:
        return
    if not isinstance(value, list):
        yield _not_of_type(value, "array", "null")
        return
    yield from (_not_of_type(each, "string") for each in value if not isinstance(each, str))


def _check_phone_number(value: Json) -> Iterator[str]:
    if not isinstance(value, str):
        yield _not_of_type(value, "string")
        return
    try:
        clean_phone(value, abroad=True)
    except NotAPhoneNumber as fault:
        if str(fault) != NOT_A_UK_MOBILE:  # that is no fault of shape: the sending refuses it
            yield str(fault)


def check_text(value: Json) -> Iterator[str]:
    if not isinstance(value, str):
        yield _not_of_type(value, "string")


def check_version(value: Json) -> Iterator[str]:
    if not isinstance(value, int) or isinstance(value, bool):
        yield _not_of_type(value, "integer")
    elif value < 1:
        yield f"{value} is less than the minimum of 1"


def _check_postage(value: Json) -> Iterator[str]:
    if value not in POSTAGES:
        yield f"invalid. It must be {' or '.join((', '.join(POSTAGES[:-1]), POSTAGES[-1]))}."


def one_of(*allowed: str) -> Check:
    def check(value: Json) -> Iterator[str]:
        if value not in allowed:
            yield f"{value} is not one of [{', '.join(allowed)}]"

    return check


def check_id(value: Json) -> Iterator[str]:
    yield from _check_uuid(value)


POSTAGES = ("first", "second", "economy")
_OF_ALL: dict[str, Check] = {
    "reference": check_reference,
    "template_id": _check_uuid,
    "personalisation": _check_personalisation,
    "template_version": check_version,  # GOV.UK Notify sends with the newest only
}
EMAIL = Shape(
    checks=_OF_ALL
    | {
        "email_address": _check_email_address,
        "scheduled_for": within(timedelta(hours=24), "24 hours"),
        "email_reply_to_id": _check_uuid,
        "one_click_unsubscribe_url": _check_https_url,
        "sanitise_content_for": _check_names,
        "attachments": check_attachments,
    },
    required=("email_address", "template_id"),
)
SMS = Shape(
    checks=_OF_ALL
    | {
        "phone_number": _check_phone_number,
        "scheduled_for": within(timedelta(hours=24), "24 hours"),
        "sms_sender_id": _check_uuid,
    },
    required=("phone_number", "template_id"),
)
LETTER = Shape(checks=_OF_ALL, required=("template_id", "personalisation"))
PRECOMPILED = Shape(
    checks={"reference": check_reference, "content": check_text, "postage": _check_postage},
    required=("reference", "content"),
)
PREVIEW = Shape(checks={"personalisation": _check_personalisation})
