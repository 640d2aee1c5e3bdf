"""What the sandbox suppliers received."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from django.db import models
from django.db.models import F, QuerySet
from django.utils import timezone

from townhall.capabilities.notify import records
from townhall.machinery.actors import Actor


class SandboxMessage(models.Model):
    """A message as it would have arrived.

    `source` is what a supplier would have been handed: an email's bytes, a text's words in UTF-8,
    or a letter's PDF.
    """

    organisation_id = models.UUIDField()
    channel = models.CharField(max_length=6, default=records.Channel.EMAIL)
    to = models.CharField(max_length=800)
    sent_by = models.CharField(max_length=320, blank=True)  # of a text
    subject = models.TextField()
    source = models.BinaryField()
    arrived_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "-id"], name="sandbox_message_newest"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[SandboxMessage]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def newest_first(cls, actor: Actor) -> QuerySet[SandboxMessage]:
        """Without their bytes, in the ascending order `newest` that lists are cut by."""
        return cls.visible_to(actor).defer("source").annotate(newest=-F("id"))

    def line(self) -> records.SandboxLine:
        return records.SandboxLine(
            id=self.pk,
            channel=records.Channel(self.channel),
            to=self.to,
            subject=self.subject,
            arrived_at=self.arrived_at,
        )

    def record(self) -> records.SandboxMessage:
        source = bytes(self.source)
        if self.channel != records.Channel.EMAIL:
            return self._of_words(source)
        letter = message_from_bytes(source, policy=default)
        return records.SandboxMessage(
            id=self.pk,
            channel=records.Channel.EMAIL,
            to=self.to,
            sent_by=str(letter["From"]),
            subject=self.subject,
            arrived_at=self.arrived_at,
            headers=tuple((name, str(value)) for name, value in letter.items()),
            text=_part(letter, "plain"),
            html=_part(letter, "html"),
            attachments=tuple(_attachment(part) for part in letter.iter_attachments()),
            source=source,
        )

    def _of_words(self, source: bytes) -> records.SandboxMessage:
        is_text = self.channel == records.Channel.SMS
        return records.SandboxMessage(
            id=self.pk,
            channel=records.Channel(self.channel),
            to=self.to,
            sent_by=self.sent_by,
            subject=self.subject,
            arrived_at=self.arrived_at,
            headers=(),
            text=source.decode() if is_text else "",
            html="",
            attachments=(),
            source=source,
        )


def _part(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


def _attachment(part: EmailMessage) -> records.Attachment:
    content = part.get_payload(decode=True)
    return records.Attachment(
        filename=part.get_filename("attachment"),
        content_type=part.get_content_type(),
        content=content if isinstance(content, bytes) else b"",
    )
