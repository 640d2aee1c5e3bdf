"""What each request of a program needs of its sender, kept in each process and never out of date.

Every change of it counts the sender's `generation` up; triggers do, whatever makes the change. What
was decided by a book is written only while the generation is still the book's: see CURRENT.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from townhall.capabilities.notify import records
from townhall.capabilities.notify.models.keys import ApiKey, Origin, Sender
from townhall.capabilities.notify.models.templates import TemplateVersion

MOST_BOOKS = 1_000
MOST_TEMPLATES = 1_000  # in one book
CURRENT = """current AS (SELECT * FROM given WHERE generation = (
  SELECT generation FROM notify_sender WHERE id = given."notify_message.sender_id"
))"""
_books: dict[UUID, Book] = {}


@dataclass(slots=True, kw_only=True)
class KnownKey:
    id: UUID
    name: str
    key_type: records.KeyType
    secret: str  # "" if it cannot be read any more
    is_revoked: bool
    last_used_on: date | None
    may_edit_templates: bool


@dataclass(slots=True, kw_only=True)
class Book:
    """One sender as it was at one generation."""

    sender_id: UUID
    organisation_id: UUID
    generation: int
    standing: records.Standing
    keys: tuple[KnownKey, ...]  # those in use first
    origins: tuple[Origin, ...]
    templates: dict[UUID, TemplateVersion | None] = field(default_factory=dict)

    @classmethod
    def of(cls, sender_id: UUID) -> Book | None:
        """The sender's book; None if there is no such sender."""
        book = _books.get(sender_id)
        if book is None and (book := _open(sender_id)) is not None:
            while len(_books) >= MOST_BOOKS:
                _books.pop(next(iter(_books)), None)
            _books[sender_id] = book
        return book

    @property
    def keys_in_use(self) -> tuple[KnownKey, ...]:
        return tuple(key for key in self.keys if not key.is_revoked)

    def note_use(self, key_id: UUID, day: date) -> None:
        for key in self.keys:
            if key.id == key_id:
                key.last_used_on = day

    def is_current(self) -> bool:
        same = Sender.objects.filter(id=self.sender_id, generation=self.generation)
        return same.exists()

    def close(self) -> None:
        """Forget it: the next who asks gets a new one."""
        if _books.get(self.sender_id) is self:
            _books.pop(self.sender_id, None)

    def template(self, template_id: UUID) -> TemplateVersion | None:
        """The newest wording of a template of the sender, with the template."""
        if template_id not in self.templates:
            if len(self.templates) >= MOST_TEMPLATES:
                self.templates.clear()
            self.templates[template_id] = TemplateVersion.newest_of(self.sender_id, template_id)
        return self.templates[template_id]

    def usual_origin(self, channel: str) -> str:
        """What messages of this channel say they are from unless told otherwise; "" for none."""
        usual = (each.words for each in self.origins if each.channel == channel and each.is_default)
        return next(usual, "")

    def origin(self, origin_id: UUID, channel: str) -> Origin | None:
        mine = (each for each in self.origins if each.id == origin_id and each.channel == channel)
        return next(mine, None)


def _open(sender_id: UUID) -> Book | None:
    """Read the generation first: what changes meanwhile makes the book old, not wrong."""
    sender = Sender.objects.filter(id=sender_id).first()
    if sender is None:
        return None
    keys = ApiKey.in_use_first(sender_id)
    return Book(
        sender_id=sender.id,
        organisation_id=sender.organisation_id,
        generation=sender.generation,
        standing=sender.standing(),
        keys=tuple(_known(key) for key in keys),
        origins=tuple(sender.origins.all()),
    )


def _known(key: ApiKey) -> KnownKey:
    return KnownKey(
        id=key.id,
        name=key.name,
        key_type=records.KeyType(key.key_type),
        secret=key.reveal(),
        is_revoked=key.revoked_at is not None,
        last_used_on=key.last_used_on,
        may_edit_templates=key.may_edit_templates,
    )
