"""The wording of messages, with every version that there was."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from townhall.capabilities.notify import records
from townhall.capabilities.notify.models.folders import TemplateFolder
from townhall.capabilities.notify.models.keys import Sender
from townhall.capabilities.notify.rendering.placeholders import names_in
from townhall.machinery.actors import Actor
from townhall.machinery.wording import Wording


class Template(models.Model):
    """One kind of message of an organisation. Its words stand in its versions."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="templates")
    channel = models.CharField(max_length=6, default=records.Channel.EMAIL)
    # The service's own word for it. It never changes, but archiving frees it for another.
    name = models.SlugField(max_length=80)
    title = models.CharField(max_length=120)
    service = models.SlugField(max_length=80, blank=True)  # whose it is; "" if staff made it
    offers = ArrayField(models.CharField(max_length=100), default=list)  # what the wording may use
    version = models.PositiveIntegerField(default=1)  # the newest
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    folder = models.ForeignKey(
        TemplateFolder, on_delete=models.PROTECT, null=True, related_name="templates"
    )
    archived_at = models.DateTimeField(null=True)  # out of use from then on, for good
    once_key = models.CharField(max_length=255, blank=True)  # the program's Idempotency-Key
    once_digest = models.CharField(max_length=64, blank=True)  # of what came with it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "name"], name="template_name_once"),
            models.UniqueConstraint(
                fields=["sender", "once_key"], condition=~Q(once_key=""), name="template_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation_id", "title", "id"], name="template_by_title"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Template]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def in_use(cls, actor: Actor) -> QuerySet[Template]:
        return cls.visible_to(actor).filter(archived_at=None)

    def archive(self) -> None:
        """Take it out of use, out of its folder, and free its name."""
        self.archived_at, self.folder, self.name = timezone.now(), None, str(self.id)
        self.save(update_fields=["archived_at", "folder", "name"])

    def line(self) -> records.TemplateLine:
        return records.TemplateLine(
            id=self.id,
            channel=records.Channel(self.channel),
            title=self.title,
            service=self.service,
            sender=self.sender.name,
            version=self.version,
            changed_at=self.changed_at,
            folder=self.folder.title if self.folder else "",
        )


class TemplateVersion(models.Model):
    """The words of a template from one edit to the next. A row never changes."""

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    subject_en = models.CharField(max_length=1000, blank=True)  # none for a text
    subject_cy = models.CharField(max_length=1000, blank=True)
    body_en = models.TextField()
    body_cy = models.TextField(blank=True)
    postage = models.CharField(max_length=10, blank=True)  # of a letter
    contact_block = models.TextField(blank=True)  # of a letter
    made_by = models.CharField(max_length=80)  # the actor's name
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "version"], name="template_version_once"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[TemplateVersion]:
        return cls.objects.filter(template__organisation_id=actor.organisation_id)

    @classmethod
    def newest(cls, actor: Actor) -> QuerySet[TemplateVersion]:
        """The newest wording of each template, with the template and its sender."""
        newest = cls.visible_to(actor).filter(version=F("template__version"))
        return newest.select_related("template__sender")

    @classmethod
    def newest_of(cls, sender_id: UUID, template_id: UUID) -> TemplateVersion | None:
        """The newest wording of a template that a sender's programs may use, with the template."""
        mine = cls.objects.filter(template_id=template_id, template__sender_id=sender_id)
        newest = mine.filter(version=F("template__version"))
        return newest.select_related("template__sender").first()

    @classmethod
    def one_of(cls, sender_id: UUID, template_id: UUID, version: int) -> TemplateVersion | None:
        """One wording of a template that a sender's programs may use, with the template."""
        asked = cls.objects.filter(template_id=template_id, version=version)
        mine = asked.filter(template__sender_id=sender_id)
        return mine.select_related("template__sender").first()

    @classmethod
    def without_welsh(cls) -> QuerySet[TemplateVersion]:
        """Newest wordings of any organisation that Welsh speakers get in English."""
        newest = cls.objects.filter(version=F("template__version"), template__archived_at=None)
        return newest.filter(body_cy="")

    @property
    def subject(self) -> Wording:
        return Wording(self.subject_en, self.subject_cy)

    @property
    def body(self) -> Wording:
        return Wording(self.body_en, self.body_cy)

    def says(
        self, subject: Wording, body: Wording, *, postage: str = "", contact_block: str = ""
    ) -> bool:
        """Whether these are its words already."""
        mine = (self.subject, self.body, self.postage, self.contact_block)
        return mine == (subject, body, postage, contact_block)

    def record(self) -> records.Template:
        of = self.template
        return records.Template(
            id=of.id,
            channel=records.Channel(of.channel),
            name=of.name,
            title=self.title,
            service=of.service,
            sender=of.sender.name,
            prefix=of.sender.prefix,
            version=self.version,
            subject=self.subject,
            body=self.body,
            placeholders=names_in(self.subject_en, self.subject_cy, self.body_en, self.body_cy),
            offers=tuple(of.offers),
            made_by=self.made_by,
            made_at=self.made_at,
            first_made_at=of.made_at,
            postage=self.postage,
            contact_block=self.contact_block,
            folder_id=of.folder_id,
            is_archived=of.archived_at is not None,
        )
