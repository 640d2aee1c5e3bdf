"""Files that go with messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from townhall.machinery.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    filename: str
    content_type: str  # "text/calendar; method=PUBLISH"
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FileByLink:
    """A file that an email links to, in the place of one of its values."""

    file: Attachment
    must_confirm: bool  # whoever opens it says to which address the email went
    weeks: int  # that it can be downloaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosures:
    """The files that go with an email, known for what they are and scanned."""

    links: Mapping[str, FileByLink]  # by the name of the value
    attachments: tuple[Attachment, ...]
    root: str  # what links begin with: "https://town.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedFile:
    """What the pages say of a file before they give it."""

    id: UUID
    content_type: str
    size: int
    expires_at: datetime
    must_confirm: bool
    contact: str  # of whoever sent it


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFile(Personal):
    """A file as it was sent."""

    id: UUID
    person_id: UUID | None
    file: Attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What came of naming the address that an email went to."""

    proof: str  # opens the file for a while; "" if it was another address
