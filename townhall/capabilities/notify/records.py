"""What notify takes and hands out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from townhall.machinery.personal import Personal
from townhall.machinery.wording import Wording

Personalisation = Mapping[str, object]  # a list becomes bullets; anything else is written as text


class Status(StrEnum):
    """What became of a message, in the words of GOV.UK Notify."""

    CREATED = "created"
    SENDING = "sending"  # the mail server took it
    DELIVERED = "delivered"
    TEMPORARY_FAILURE = "temporary-failure"
    PERMANENT_FAILURE = "permanent-failure"
    TECHNICAL_FAILURE = "technical-failure"


class KeyType(StrEnum):
    LIVE = "live"
    TEAM = "team"  # reaches only the organisation's guest list
    TEST = "test"  # reaches nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateWording:
    """A template as a service declares it: the words an organisation begins with."""

    name: str  # a slug that never changes: "collection-booked"
    title: str
    subject: Wording
    body: Wording
    offers: tuple[str, ...] = ()  # placeholders given beside those that the wording uses


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    filename: str
    content_type: str  # "text/calendar; method=PUBLISH"
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template with its newest wording, or with that of one older version."""

    id: UUID
    name: str
    title: str
    service: str  # the slug of the service that gave it; "" when staff made it
    version: int
    subject: Wording
    body: Wording
    placeholders: tuple[str, ...]
    offers: tuple[str, ...]  # what the wording may use; empty when staff made it
    made_by: str  # the actor's name
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateLine:
    """A template in a list."""

    id: UUID
    title: str
    service: str
    version: int
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Personal):
    id: UUID
    person_id: UUID | None
    template_id: UUID | None
    template_version: int | None
    to: str  # an email address
    subject: str
    body: str
    language: str
    reference: str
    status: Status
    unsubscribe_url: str
    created_at: datetime
    sent_at: datetime | None
    completed_at: datetime | None
    sanitised: Mapping[str, str] = field(default_factory=dict)  # values that were made harmless


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """All that goes into one email."""

    message_id: UUID
    from_name: str
    from_address: str
    to: str
    subject: str
    text: str
    html: str  # "" for none
    language: str
    unsubscribe_url: str
    attachments: tuple[Attachment, ...]
    written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All that stands on a letter."""

    address: tuple[str, ...]
    contact_block: str
    written_on: date
    subject: str
    body: str  # Markdown
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key as staff see it: never with its secret."""

    id: UUID
    name: str
    sender: str
    key_type: KeyType
    created_at: datetime
    revoked_at: datetime | None
    last_used_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key with what the program must be given; it is shown this once."""

    id: UUID
    name: str
    key_type: KeyType
    text: str  # "{name}-{service uuid}-{secret uuid}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program that has proved which key it holds."""

    key_id: UUID
    sender_id: UUID  # what GOV.UK Notify calls the service
    name: str
    key_type: KeyType
    last_used_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxLine:
    """An email in the sandbox mailbox's list."""

    id: int
    to: str
    subject: str
    arrived_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxEmail:
    """An email as it would have arrived."""

    id: int
    to: str
    subject: str
    arrived_at: datetime
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    source: bytes
