"""What suppliers say and how they are; what the sandbox took."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from townhall.capabilities.notify.records.files import (
    Attachment,
)
from townhall.capabilities.notify.records.kinds import Channel, Status
from townhall.machinery.personal import Personal

PRINT_HERE = "print-here"  # the supplier of letters that staff print and post themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a supplier says became of a message that it took."""

    status: Status  # a final one
    cause: str  # the supplier's code: "twilio 30005"; "" when it arrived


@dataclass(frozen=True, slots=True, kw_only=True)
class Complained:
    """What a supplier says of a complaint."""

    supplier_reference: str  # one for each complaint of a message
    kind: str  # RFC 5965's word: "abuse", "fraud", "virus", "other"; "" if it is not said
    made_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailReport:
    """What a mail server or a supplier says of an email; it may be neither."""

    receipt: Receipt | None = None
    complaint: Complained | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint(Personal):
    """Somebody told their mail provider that an email of ours is unwanted."""

    id: UUID
    message_id: UUID
    person_id: UUID | None
    sender: str  # whose message it was; "" for one that a service of ours sent
    to: str  # "" once the message is wiped, as with its subject
    subject: str
    reference: str  # the sender's own
    kind: str
    complained_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A supplier that has failed and not been well since."""

    name: str
    failures: int  # in a row
    rests_until: datetime | None  # None until it has failed too often
    last_words: str
    failed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """A supplier as whoever runs the installation sees it."""

    channel: Channel
    name: str
    texts_path: str  # where it is to bring the texts that people send; "" for nowhere
    rests_until: datetime | None  # None while it is given messages
    trouble: Trouble | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxLine:
    """A message in the sandbox mailbox's list."""

    id: int
    channel: Channel
    to: str
    subject: str
    arrived_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxMessage:
    """A message as it would have arrived."""

    id: int
    channel: Channel
    to: str
    sent_by: str
    subject: str
    arrived_at: datetime
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    source: bytes
