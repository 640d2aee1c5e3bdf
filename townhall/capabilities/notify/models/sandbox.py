"""What the sandbox carrier received."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from django.db import models
from django.db.models import F, QuerySet
from django.utils import timezone

from townhall.capabilities.notify import records
from townhall.machinery.actors import Actor


class SandboxEmail(models.Model):
    """An email as it would have arrived: the bytes that a mail server would have been handed."""

    organisation_id = models.UUIDField()
    to = models.CharField(max_length=320)
    subject = models.TextField()
    source = models.BinaryField()
    arrived_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "-id"], name="sandbox_email_newest"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[SandboxEmail]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def newest_first(cls, actor: Actor) -> QuerySet[SandboxEmail]:
        """Without their bytes, in the ascending order `newest` that lists are cut by."""
        return cls.visible_to(actor).defer("source").annotate(newest=-F("id"))

    def line(self) -> records.SandboxLine:
        return records.SandboxLine(
            id=self.pk, to=self.to, subject=self.subject, arrived_at=self.arrived_at
        )

    def record(self) -> records.SandboxEmail:
        source = bytes(self.source)
        letter = message_from_bytes(source, policy=default)
        return records.SandboxEmail(
            id=self.pk,
            to=self.to,
            subject=self.subject,
            arrived_at=self.arrived_at,
            headers=tuple((name, str(value)) for name, value in letter.items()),
            text=_part(letter, "plain"),
            html=_part(letter, "html"),
            attachments=tuple(_attachment(part) for part in letter.iter_attachments()),
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
