"""What notify takes and hands out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from townhall.capabilities.notify.records.batches import (
    Batch,
    BatchProgress,
    BatchState,
    ListRow,
    ReportLine,
)
from townhall.capabilities.notify.records.figures import (
    ChannelFigures,
    DayFigures,
    Fault,
    Figures,
    SenderLine,
    TemplateFigures,
    Totals,
)
from townhall.capabilities.notify.records.files import (
    Attachment,
    Enclosures,
    FileByLink,
    Guess,
    LinkedFile,
    OpenedFile,
)
from townhall.capabilities.notify.records.histories import (
    EmailShown,
    History,
    MessageLine,
    Step,
    StepKind,
)
from townhall.capabilities.notify.records.kinds import Channel, KeyType, Stage, Status
from townhall.capabilities.notify.records.senders import (
    ABROAD,
    Checklist,
    GoingLive,
    Guest,
    SenderState,
    Standing,
)
from townhall.capabilities.notify.records.tariffs import Cost, Tariff
from townhall.machinery.personal import Personal
from townhall.machinery.wording import Wording

__all__ = [
    "ABROAD",
    "Attachment",
    "Batch",
    "BatchProgress",
    "BatchState",
    "Channel",
    "ChannelFigures",
    "Checklist",
    "Cost",
    "DayFigures",
    "EmailShown",
    "Enclosures",
    "Fault",
    "Figures",
    "FileByLink",
    "GoingLive",
    "Guess",
    "Guest",
    "History",
    "KeyType",
    "LinkedFile",
    "ListRow",
    "MessageLine",
    "OpenedFile",
    "ReportLine",
    "SenderLine",
    "SenderState",
    "Stage",
    "Standing",
    "Status",
    "Step",
    "StepKind",
    "Tariff",
    "TemplateFigures",
    "Totals",
]

PRINT_HERE = "print-here"  # the supplier of letters that staff print and post themselves
FIRST_SENDER = "main"  # of what staff and no service in particular send
Personalisation = Mapping[str, object]  # a list becomes bullets; anything else is written as text


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateWording:
    """A template as a service declares it: the words an organisation begins with."""

    name: str  # a slug that never changes: "collection-booked"
    title: str
    subject: Wording
    body: Wording
    offers: tuple[str, ...] = ()  # placeholders given beside those that the wording uses


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template with its newest wording, or with that of one older version."""

    id: UUID
    channel: Channel
    name: str
    title: str
    service: str  # the slug of the service that gave it; "" when staff made it
    sender: str  # the name of the one whose programs may send with it
    version: int
    subject: Wording
    body: Wording
    placeholders: tuple[str, ...]
    offers: tuple[str, ...]  # what the wording may use; empty when staff made it
    made_by: str  # the actor's name
    made_at: datetime
    first_made_at: datetime  # its first version
    postage: str  # of a letter: "first", "second" or "economy"; else ""
    contact_block: str  # of a letter
    folder_id: UUID | None = None
    is_archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateLine:
    """A template in a list."""

    id: UUID
    channel: Channel
    title: str
    service: str
    sender: str
    version: int
    changed_at: datetime
    folder: str  # the title of the one that it is in; "" for none


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderName:
    id: UUID
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder of templates, and where it is."""

    id: UUID
    title: str
    above: tuple[FolderName, ...]  # the folders it is in, from the outermost
    folders: int  # right in it
    templates: int  # right in it

    @property
    def parent_id(self) -> UUID | None:
        return self.above[-1].id if self.above else None

    @property
    def path(self) -> str:
        return " / ".join([*(each.title for each in self.above), self.title])


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A template with values in the place of its placeholders."""

    template: Template
    subject: str
    body: str


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
class ReceivedText(Personal):
    """A text that somebody sent to one of our numbers."""

    id: UUID
    person_id: UUID | None
    to: str
    by: str
    body: str
    created_at: datetime


class CallbackKind(StrEnum):
    """What a callback is told of."""

    DELIVERY = "delivery"  # what became of a message
    RECEIVED_TEXT = "received-text"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """An address of a program, as staff see it: never with its token."""

    id: UUID
    sender: str
    kind: CallbackKind
    url: str
    made_at: datetime
    failed: int  # what it was to be told, and was not


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackDelivery:
    """One thing that a callback is told, as staff see it: without the words themselves."""

    id: UUID
    callback_id: UUID
    kind: CallbackKind
    url: str
    about: UUID  # the message, the received text or the complaint
    attempts: int
    last_answer: str  # "503" or "ConnectTimeout"; "" before the first
    created_at: datetime
    delivered_at: datetime | None
    given_up_at: datetime | None


class Outcome(StrEnum):
    """What comes of one call to a callback."""

    TAKEN = "taken"
    AGAIN = "again"  # later it may be taken
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackAnswer:
    outcome: Outcome
    words: str  # the status, or what kind of fault kept us from one: "503", "ConnectTimeout"


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
