"""Templates, their folders and their wording."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from townhall.capabilities.notify.records.kinds import Channel
from townhall.machinery.wording import Wording

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
    prefix: str  # what texts of that sender begin with, before a colon; "" for nothing
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
class Filled:
    """A template with values in the place of its placeholders."""

    template: Template
    subject: str
    body: str
