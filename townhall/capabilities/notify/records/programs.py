"""Programs, their keys and what their messages are from."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from townhall.capabilities.notify.records.kinds import Channel, KeyType
from townhall.capabilities.notify.records.senders import (
    Standing,
)

FIRST_SENDER = "main"  # of what staff and no service in particular send


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
    may_edit_templates: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key with what the program must be given; it is shown this once."""

    id: UUID
    name: str
    key_type: KeyType
    text: str  # "{name}-{service uuid}-{secret uuid}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a message says it is from, or where to answer: see `words`."""

    id: UUID
    channel: Channel
    words: str  # an email's reply-to address, a text's sender name or number, a letter's address
    is_default: bool
    takes_texts: bool  # a number that people can write back to


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """A sender with all that its messages may say they are from, the usual ones first."""

    name: str
    contact: str  # for people who have been sent a file; "" for none
    emails: tuple[Origin, ...]
    texts: tuple[Origin, ...]
    letters: tuple[Origin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientFixtures:
    """What the integration tests of GOV.UK Notify's clients are told to use."""

    test_key: str
    live_key: str
    number: str
    email: str
    email_template_id: UUID
    text_template_id: UUID
    letter_template_id: UUID
    reply_to_id: UUID
    text_sender_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program that has proved which key it holds."""

    key_id: UUID
    sender_id: UUID  # what GOV.UK Notify calls the service
    name: str
    key_type: KeyType
    last_used_on: date | None
    standing: Standing  # the sender's
    may_edit_templates: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """What makes a repeated request show as one: the sender's key, and a digest of the request."""

    key: str
    digest: str
