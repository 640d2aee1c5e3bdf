"""Messages, and what goes out of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from townhall.capabilities.notify.records.files import (
    Attachment,
)
from townhall.capabilities.notify.records.kinds import Channel, KeyType, Status
from townhall.capabilities.notify.records.tariffs import Cost
from townhall.machinery.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Personal):
    id: UUID
    channel: Channel
    person_id: UUID | None
    template_id: UUID | None
    template_version: int | None
    to: str  # an email address, a telephone number in digits, or an address in lines
    origin: str  # the reply-to address, the text's sender or the letter's contact block
    units: int  # fragments of a text, pages of a letter; else 0
    postage: str  # of a letter
    subject: str
    body: str
    language: str
    reference: str
    status: Status
    unsubscribe_url: str
    created_at: datetime
    sent_at: datetime | None
    completed_at: datetime | None
    scheduled_for: datetime | None = None
    made_by: str = ""  # the name of the member of staff who sent it
    sanitised: Mapping[str, str] = field(default_factory=dict)  # values that were made harmless
    key_type: KeyType = KeyType.LIVE
    zone: str = ""  # of a text abroad
    cost: Cost | None = None  # where it was asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
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
    reply_to: str  # "" for none
    attachments: tuple[Attachment, ...]
    written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """All that goes into one text message."""

    message_id: UUID
    to: str  # digits, with the country's prefix
    sender: str  # a name of 11 letters and digits at most, or a number; "" for the supplier's own
    body: str


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
class PrintJob:
    """A letter for whoever prints it and puts it in an envelope."""

    message_id: UUID
    to: str
    subject: str
    postage: str
    pdf: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLetter(Personal):
    """A letter as it is printed."""

    id: UUID
    person_id: UUID | None
    pdf: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterToPrint(Personal):
    """A letter that waits for staff to print and post it."""

    id: UUID
    person_id: UUID | None
    to: str
    pages: int
    postage: str
    created_at: datetime
