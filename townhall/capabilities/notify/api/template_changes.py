"""POST /v2/template and below: what GOV.UK Notify lets programs do nowhere."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from townhall.capabilities.notify import operations, records
from townhall.capabilities.notify.api import requests
from townhall.capabilities.notify.api.answers import answer_template
from townhall.capabilities.notify.api.filters import CHANNELS
from townhall.capabilities.notify.api.requests import Check, Shape
from townhall.capabilities.notify.api.wire import Unfit, for_programs
from townhall.capabilities.notify.records import Channel
from townhall.capabilities.notify.rules.limits import LONGEST_BODY, LONGEST_SUBJECT
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed
from townhall.machinery.http import Request
from townhall.machinery.wording import Wording

LONGEST_NAME = 120
_IF_MATCH = re.compile(r'"?([1-9][0-9]{0,8})"?')
Json = Any  # whatever JSON holds


def _words(longest: int, *, shortest: int = 0) -> Check:
    def check(value: Json) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{value!r} is not of type string".replace("'", "")
        elif len(value) > longest:
            yield f"is too long. Use {longest} characters or fewer"
        elif len(value.strip()) < shortest:
            yield "is empty"

    return check


def _or_null(check: Check) -> Check:
    """What is null in an answer may be null in a request, and is then not asked for."""
    return lambda value: () if value is None else check(value)


_OF_ALL: dict[str, Check] = {
    "name": _words(LONGEST_NAME, shortest=1),
    "body": _words(LONGEST_BODY, shortest=1),
    "body_cy": _or_null(_words(LONGEST_BODY)),
    "subject": _or_null(_words(LONGEST_SUBJECT)),
    "subject_cy": _or_null(_words(LONGEST_SUBJECT)),
    "postage": _or_null(requests.one_of(*requests.POSTAGES)),
}
NEW = Shape(
    checks=_OF_ALL | {"type": requests.one_of(*CHANNELS), "folder_id": _or_null(requests.check_id)},
    required=("name", "type", "body"),
)
CHANGED = Shape(checks=_OF_ALL | {"version": requests.check_version})
NOT_OF: dict[Channel, tuple[str, ...]] = {
    Channel.EMAIL: ("postage",),
    Channel.SMS: ("subject", "subject_cy", "postage"),
    Channel.LETTER: (),
}


@for_programs
def make_template(request: Request, actor: Actor, program: records.Program) -> HttpResponse:
    _require_editor(program)
    asked = _given(requests.read_body(request, NEW))
    channel = Channel(asked["type"])
    if unfit := [name for name in NOT_OF[channel] if name in asked]:
        raise Unfit(*(f"{name} is not of a template of type {channel}" for name in unfit))
    if channel != Channel.SMS and "subject" not in asked:
        raise Unfit("subject is a required property")
    made = operations.make_template_for_program(
        actor,
        program=program,
        title=asked["name"],
        channel=channel,
        subject=Wording(asked.get("subject", ""), asked.get("subject_cy", "")),
        body=Wording(asked["body"], asked.get("body_cy", "")),
        postage=asked.get("postage", ""),
        folder_id=requests.optional_id(asked, "folder_id"),
        once=requests.read_once(request),
    )
    return answer_template(made, status=201)


@for_programs
def edit_template(
    request: Request, actor: Actor, program: records.Program, template_id: str
) -> HttpResponse:
    _require_editor(program)
    wanted = requests.read_id(template_id, "id")
    asked = _given(requests.read_body(request, CHANGED))
    seen_version = asked.pop("version", None) or _if_match(request)
    if "name" in asked:
        asked["title"] = asked.pop("name")
    changed = operations.edit_template_for_program(
        actor, wanted, program=program, seen_version=seen_version, **asked
    )
    return answer_template(changed)


@for_programs
def archive_template(
    request: Request, actor: Actor, program: records.Program, template_id: str
) -> HttpResponse:
    _require_editor(program)
    wanted: UUID = requests.read_id(template_id, "id")
    return answer_template(operations.archive_template_for_program(actor, wanted, program=program))


def _require_editor(program: records.Program) -> None:
    """In words that a programmer can do something with."""
    if not program.may_edit_templates:
        raise NotAllowed("This API key may not change templates. Make a key that may")


def _given(asked: dict[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in asked.items() if value is not None}


def _if_match(request: Request) -> int:
    """The version that the program has seen, from a header with an answer's ETag. Raises Unfit."""
    header = request.headers.get("If-Match", "")
    if not header:
        raise Unfit("version is a required property")
    if not (found := _IF_MATCH.fullmatch(header)):
        raise Unfit('If-Match has to be the ETag of one version, like "3"')
    return int(found[1])
