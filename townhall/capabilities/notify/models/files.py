"""Files that emails link to, in one transaction with their messages: see decision 16."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar
from uuid import UUID, uuid4

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.notify import records
from townhall.capabilities.notify.errors import NoSuchFile
from townhall.capabilities.notify.models.keys import Sender
from townhall.capabilities.notify.rules import seals
from townhall.machinery.actors import Actor


class LinkedFile(models.Model):
    """One file, sealed with the key in its link. It outlives its message."""

    MOST_GUESSES: ClassVar = 10  # of the recipient's address
    GUESSES_LAST: ClassVar = timedelta(hours=1)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT)
    message_id = models.UUIDField(db_index=True)  # its row may be gone before the file
    person_id = models.UUIDField(null=True)
    key_digest = models.BinaryField()
    address_digest = models.BinaryField()  # of whom it went to; empty if nobody is asked
    name = models.BinaryField()  # sealed, as is the content
    content = models.BinaryField()
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    expires_at = models.DateTimeField()
    wiped_at = models.DateTimeField(null=True)
    guesses = models.PositiveSmallIntegerField(default=0)
    guessing_since = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(
                fields=["expires_at"], name="linked_file_kept", condition=Q(wiped_at=None)
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[LinkedFile]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def behind(cls, actor: Actor, file_id: UUID, *, key: str) -> LinkedFile:
        """The file that a link leads to, its content to be read when asked for.

        Raises NoSuchFile.
        """
        slim = cls.visible_to(actor).select_related("sender").defer("content")
        file = slim.filter(id=file_id).first()
        if file is None or not seals.fits(key, bytes(file.key_digest)):
            raise NoSuchFile(_("There is no such file."))
        if file.expires_at <= timezone.now():
            raise NoSuchFile(_("There is no such file."), contact=file.sender.contact)
        return file

    @property
    def must_confirm(self) -> bool:
        return bool(self.address_digest)

    def put_in(self, linked: records.FileByLink, *, key: str, to: str) -> None:
        """Seal a file that goes to someone."""
        self.key_digest = seals.digest_of(key)
        self.address_digest = seals.digest_of_address(key, to) if linked.must_confirm else b""
        self.name = seals.seal(key, linked.file.filename.encode())
        self.content = seals.seal(key, linked.file.content)
        self.content_type, self.size = linked.file.content_type, len(linked.file.content)
        self.expires_at = timezone.now() + timedelta(weeks=linked.weeks)

    def take_out(self, key: str) -> records.Attachment:
        return records.Attachment(
            filename=seals.unseal(key, bytes(self.name)).decode(),
            content_type=self.content_type,
            content=seals.unseal(key, bytes(self.content)),
        )

    def take_guess(self) -> bool:
        """Count one more guess; False if there were too many of late."""
        now, mine = timezone.now(), LinkedFile.objects.filter(id=self.id)
        stale = mine.filter(guessing_since__lt=now - self.GUESSES_LAST)
        if stale.update(guesses=1, guessing_since=now):
            return True
        return bool(mine.filter(guesses__lt=self.MOST_GUESSES).update(guesses=F("guesses") + 1))

    @classmethod
    def wipe(cls, actor: Actor) -> int:
        """Take out what is in the files whose time is over; say of how many."""
        now = timezone.now()
        over = cls.visible_to(actor).filter(wiped_at=None, expires_at__lt=now)
        return over.update(name=b"", content=b"", address_digest=b"", wiped_at=now)

    def record(self) -> records.LinkedFile:
        return records.LinkedFile(
            id=self.id,
            content_type=self.content_type,
            size=self.size,
            expires_at=self.expires_at,
            must_confirm=self.must_confirm,
            contact=self.sender.contact,
        )
