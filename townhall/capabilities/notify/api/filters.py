"""What GET /v2/notifications and its like may be narrowed by."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import QueryDict

from townhall.capabilities.notify.api.requests import Check, check_id, one_of
from townhall.capabilities.notify.api.wire import Unfit, unknown
from townhall.capabilities.notify.records import Channel, Status

CHANNELS = (Channel.SMS, Channel.EMAIL, Channel.LETTER)  # in the order of the wire's complaints
STATUSES = (
    "cancelled",
    "created",
    "sending",
    "sent",
    "delivered",
    "pending",
    "failed",
    "technical-failure",
    "temporary-failure",
    "permanent-failure",
    "pending-virus-check",
    "validation-failed",
    "virus-scan-failed",
    "returned-letter",
    "accepted",
    "received",
)
Narrowed = tuple[Channel | None, Status]
# What stands for several of ours; the wire's other words are ours or come to nothing here.
_SEVERAL: dict[str, tuple[Narrowed, ...]] = {
    "failed": (
        (None, Status.TECHNICAL_FAILURE),
        (None, Status.TEMPORARY_FAILURE),
        (None, Status.PERMANENT_FAILURE),
        (None, Status.VALIDATION_FAILED),
        (None, Status.VIRUS_SCAN_FAILED),
    ),
    "accepted": ((Channel.LETTER, Status.CREATED), (Channel.LETTER, Status.SENDING)),
    "received": ((Channel.LETTER, Status.DELIVERED),),
}
_NUMBER = re.compile(r"[0-9]{1,9}")
_NEVER: Narrowed = (Channel.SMS, Status.PENDING_VIRUS_CHECK)  # no text is ever in that state


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    channels: tuple[Channel, ...]
    statuses: tuple[Narrowed, ...]
    reference: str
    older_than: UUID | None
    with_batches: bool


def read_filters(asked: QueryDict) -> Filters:
    """Raises Unfit."""
    checks: Mapping[str, Check] = {
        "template_type": one_of(*CHANNELS),
        "status": one_of(*STATUSES),
        "reference": _anything,
        "older_than": check_id,
        "include_jobs": one_of("true", "True"),
    }
    check_query(asked, checks)
    older_than = asked.get("older_than")
    return Filters(
        channels=tuple(Channel(each) for each in asked.getlist("template_type")),
        statuses=tuple(ours for each in asked.getlist("status") for ours in _ours(each)),
        reference=asked.get("reference", ""),
        older_than=UUID(older_than) if older_than else None,
        with_batches="include_jobs" in asked,
    )


def check_query(asked: QueryDict, checks: Mapping[str, Check]) -> None:
    """Raises Unfit for a key that is not known or a value that is not fit."""
    complaints = [
        f"{name} {complaint}"
        for name, check in checks.items()
        for value in asked.getlist(name)
        for complaint in check(value)
    ]
    complaints.extend(unknown(asked, checks))
    if complaints:
        raise Unfit(*complaints)


def check_number(value: str) -> Iterator[str]:
    if not _NUMBER.fullmatch(value):
        yield f"{value} is not of type integer"


def _anything(_value: object) -> Iterator[str]:
    return iter(())


def _ours(word: str) -> tuple[Narrowed, ...]:
    if word in _SEVERAL:
        return _SEVERAL[word]
    return ((None, Status(word)),) if word in set(Status) else (_NEVER,)
