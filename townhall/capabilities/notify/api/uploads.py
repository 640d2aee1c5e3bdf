"""Files in what programs post: values that become links, and attachments."""

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from django.urls import reverse

from townhall.capabilities.notify import operations, records
from townhall.capabilities.notify.api.wire import Unfit, unknown
from townhall.capabilities.notify.errors import FilesNotSetUp, TooLarge
from townhall.capabilities.notify.records import Attachment, Enclosures, FileByLink
from townhall.capabilities.notify.rules.files import MOST_BYTES, check_file
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.http import Request, public_address

Json = Any  # whatever JSON holds

WEEKS = 26  # that a file is kept unless the program says otherwise
MOST_WEEKS = 78
_WEEKS = re.compile(r"([0-9]{1,4}) weeks?")
_OF_LINKS = ("file", "filename", "is_csv", "confirm_email_before_download", "retention_period")
_OF_ATTACHMENTS = ("file", "filename", "content_type")


def way_to_send(
    request: Request, actor: Actor, program: records.Program, asked: Mapping[str, Json]
) -> Callable[..., records.Message]:
    """The operation that sends this email: with its files, once they are looked at, or without.

    Raises Unfit, and what `check_file` and `look_at_files` raise.
    """
    values = asked.get("personalisation", {})
    named = {name: value for name, value in values.items() if _is_file(value)}
    given = asked.get("attachments") or []
    if not named and not given:
        return operations.send_email_for_program
    if complaints := [each for value in named.values() for each in _complaints(value)]:
        raise Unfit(*complaints)
    root = request.organisation.address or public_address(request)
    enclosed = Enclosures(
        links={name: _read_link(value) for name, value in named.items()},
        attachments=tuple(_read_attachments(given)),
        root=root,
    )
    try:
        operations.look_at_files(actor, program=program, enclosed=enclosed)
    except FilesNotSetUp as refusal:
        raise FilesNotSetUp(f"{refusal} at {root}{reverse('notify:origins')}") from refusal
    return partial(operations.send_email_with_files_for_program, enclosed=enclosed)


def without_files(values: dict[str, object]) -> dict[str, object]:
    """Of a text or a letter. Raises Invalid if there are files among its values."""
    if any(map(_is_file, values.values())):
        raise Invalid("Can only send a file by email")
    return values


def _is_file(value: Json) -> bool:
    return isinstance(value, dict) and "file" in value


def _complaints(value: Mapping[str, Json]) -> Iterator[str]:
    """In GOV.UK Notify's words, most of which name the field twice."""
    if not isinstance(value["file"], str):
        yield f"file {value['file']} is not of type string"
    if (name := value.get("filename")) is not None:
        if not isinstance(name, str) or "." not in name:
            yield ("filename `filename` must end with a file extension. For example, filename.csv")
        if value.get("is_csv"):
            yield "Do not set a value for `is_csv` if `filename` is set."
    for field in ("is_csv", "confirm_email_before_download"):
        if not isinstance(value.get(field), bool | None):
            yield (
                f"{field} Unsupported value for {field}: {value[field]}. "
                "Use a boolean true or false value."
            )
    if _read_weeks(value.get("retention_period")) is None:
        yield (
            f"retention_period Unsupported value for retention_period: "
            f"{value['retention_period']}. Supported periods are from 1 to {MOST_WEEKS} weeks."
        )
    yield from unknown(value, _OF_LINKS)


def _read_weeks(period: Json) -> int | None:
    """None if it is no period that we know."""
    if period is None:
        return WEEKS
    match = _WEEKS.fullmatch(period.strip().lower()) if isinstance(period, str) else None
    weeks = int(match[1]) if match else 0
    return weeks if 1 <= weeks <= MOST_WEEKS else None


def _read_link(value: Mapping[str, Json]) -> FileByLink:
    content = _decode(value["file"])
    name, is_csv = value.get("filename") or "", bool(value.get("is_csv"))
    return FileByLink(
        file=check_file(content, name=name, is_csv=is_csv),
        must_confirm=value.get("confirm_email_before_download") is not False,
        weeks=_read_weeks(value.get("retention_period")) or WEEKS,
    )


def _read_attachments(given: Iterable[Mapping[str, Json]]) -> Iterator[Attachment]:
    """Raises TooLarge if they are together."""
    size = 0
    for each in given:
        file = check_file(_decode(each["file"]), name=each["filename"])
        size += len(file.content)
        if size > MOST_BYTES:
            raise TooLarge("Attachments exceed the size limit of 2MB together")
        if each.get("content_type", file.content_type).lower() != file.content_type:
            raise Invalid(f"content_type of {file.filename} must be {file.content_type}")
        yield file


def _decode(text: str) -> bytes:
    """Raises Invalid. Some programs write base64 in lines."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid("Document is not base64 encoded") from error


def check_attachments(value: Json) -> Iterator[str]:
    """What is wrong with the list of attachments, which GOV.UK Notify does not have."""
    if not isinstance(value, list):
        yield "is not of type array"
        return
    for each in value:
        if not isinstance(each, dict):
            yield "must each be an object"
            continue
        for name in _OF_ATTACHMENTS[:2]:
            if not (isinstance(each.get(name), str) and each[name]):
                yield f"must each have a {name}, as a string"
        if not isinstance(each.get("content_type", ""), str):
            yield "must each have a content_type that is a string, if any"
        yield from unknown(each, _OF_ATTACHMENTS)
