"""What programs post, read into clean values; each complaint as GOV.UK Notify words it.

Its messages are those of jsonschema (Draft 7) without quotation marks, after the field's name.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils import timezone

from townhall.capabilities.notify.api.wire import Unfit
from townhall.capabilities.notify.errors import NotAnAddress
from townhall.capabilities.notify.rules.addresses import clean_address
from townhall.machinery.errors import Invalid

Json = Any  # whatever JSON holds
Check = Callable[[Json], Iterable[str]]

LONGEST_REFERENCE = 1_000
_HTTPS = re.compile(r"https://[^\s<>\"]+")
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # PostgreSQL keeps none
_DATETIME = (
    "datetime format is invalid. It must be a valid ISO8601 date time format, "
    "https://en.wikipedia.org/wiki/ISO_8601"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailRequest:
    """The body of POST /v2/notifications/email."""

    email_address: str
    template_id: UUID
    personalisation: dict[str, Json]
    reference: str
    email_reply_to_id: str
    one_click_unsubscribe_url: str
    sanitise_content_for: list[str]


def read_email_request(request: HttpRequest) -> EmailRequest:
    """Raises Unfit with every complaint, or Invalid if it is no JSON at all."""
    data = _read_json(request)
    complaints = list(_complaints(data))
    if complaints:
        raise Unfit(*complaints)
    return EmailRequest(
        email_address=data["email_address"],
        template_id=UUID(data["template_id"]),
        personalisation=data.get("personalisation", {}),
        reference=data.get("reference", ""),
        email_reply_to_id=data.get("email_reply_to_id", ""),
        one_click_unsubscribe_url=data.get("one_click_unsubscribe_url") or "",
        sanitise_content_for=data.get("sanitise_content_for") or [],
    )


def read_id(text: str) -> UUID:
    """The id of a message in an address. Raises Unfit."""
    try:
        return UUID(text)
    except ValueError as error:
        raise Unfit("notification_id is not a valid UUID") from error


def _read_json(request: HttpRequest) -> Json:
    """Raises Invalid unless the body is JSON that can also be stored and written again."""
    try:
        data = json.loads(request.body)
        written = json.dumps(data, allow_nan=False)
        json.dumps(data, ensure_ascii=False).encode()
    except RequestDataTooBig as error:
        raise Invalid("Request is too large") from error
    except (ValueError, RecursionError) as error:
        raise Invalid("Invalid JSON supplied in POST data") from error
    if _NUL.search(written):
        raise Invalid("Invalid JSON supplied in POST data")
    return data or {}


def _complaints(data: Json) -> Iterator[str]:
    if not isinstance(data, dict):
        yield _not_of_type(data, "object")
        return
    for name, check in CHECKS.items():
        if name in data:
            yield from (f"{name} {complaint}" for complaint in check(data[name]))
    for name in ("email_address", "template_id"):
        if name not in data:
            yield f"{name} is a required property"
    if unknown := [str(name).replace("'", "") for name in data if name not in CHECKS]:
        verb = "was" if len(unknown) == 1 else "were"
        yield f"Additional properties are not allowed ({', '.join(unknown)} {verb} unexpected)"


def _not_of_type(value: Json, *types: str) -> str:
    return f"{value!r} is not of type {', '.join(types)}".replace("'", "")


def _check_reference(value: Json) -> Iterator[str]:
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


def _check_scheduled_for(value: Json) -> Iterator[str]:
    """It is looked at and then ignored, as GOV.UK Notify does."""
    if value is None:
        return
    if not isinstance(value, str):
        yield _not_of_type(value, "string", "null")
        return
    try:
        wanted = datetime.fromisoformat(value)
    except ValueError:
        yield _DATETIME
        return
    wanted = wanted if wanted.tzinfo else wanted.replace(tzinfo=UTC)
    if wanted < timezone.now():
        yield "datetime can not be in the past"
    elif wanted > timezone.now() + timedelta(hours=24):
        yield "datetime can only be 24 hours in the future"


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


CHECKS: dict[str, Check] = {
    "reference": _check_reference,
    "email_address": _check_email_address,
    "template_id": _check_uuid,
    "personalisation": _check_personalisation,
    "scheduled_for": _check_scheduled_for,
    "email_reply_to_id": _check_uuid,
    "one_click_unsubscribe_url": _check_https_url,
    "sanitise_content_for": _check_names,
}
