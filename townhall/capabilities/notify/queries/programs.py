"""What programs may read with their keys, under the rules of GOV.UK Notify."""

import time
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import (
    NoSuchMessage,
    NoSuchTemplate,
    NotPrintedYet,
    TokenRefused,
)
from townhall.capabilities.notify.queries.pricing import with_costs
from townhall.capabilities.notify.records import Channel, Personalisation, Status
from townhall.capabilities.notify.rendering.placeholders import (
    fill_body,
    fill_subject,
    require_values,
)
from townhall.capabilities.notify.rendering.texts import begin_with, write_sms
from townhall.capabilities.notify.rules import tokens
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.operations import query

SAW = gettext_lazy("Saw a message that was sent to you")
PAGE = 250  # as GOV.UK Notify's


@query(permissions.CHECK_TOKENS)
def identify_program(actor: Actor, token: str) -> records.Program:
    """Which program of this organisation a token proves its bearer to be. Raises TokenRefused.

    The messages are those of GOV.UK Notify, word for word, since its clients show them.
    """
    sender_id = tokens.read_issuer(token)
    book = models.Book.of(sender_id)
    if book is not None and not book.is_current():
        book.close()
    return _identify(actor, sender_id, token)


@query(permissions.CHECK_TOKENS)
def recognise_program(actor: Actor, token: str) -> records.Program:
    """The same, as far as this process knows: what is then written has to be by the book."""
    sender_id = tokens.read_issuer(token)
    try:
        return _identify(actor, sender_id, token)
    except TokenRefused:
        return identify_program(actor, token)


def _identify(actor: Actor, sender_id: UUID, token: str) -> records.Program:
    book = models.Book.of(sender_id)
    if book is None or book.organisation_id != actor.organisation_id:
        raise TokenRefused("Invalid token: service not found")
    if not book.keys:
        raise TokenRefused("Invalid token: service has no API keys")
    secrets = [(key.id, key.secret) for key in book.keys if key.secret]
    signer = tokens.find_signer(token, secrets, now=time.time())
    key = next(key for key in book.keys if key.id == signer)
    if key.is_revoked:
        raise TokenRefused("Invalid token: API key revoked")
    return records.Program(
        key_id=key.id,
        sender_id=sender_id,
        name=key.name,
        key_type=key.key_type,
        last_used_on=key.last_used_on,
        may_edit_templates=key.may_edit_templates,
        standing=book.standing,
    )


@query(permissions.READ, told=SAW)
def get_message_of_program(
    actor: Actor, message_id: UUID, *, program: records.Program
) -> records.Message:
    """A message sent with any key of the program's sender, until it is wiped.

    Raises NoSuchMessage.
    """
    return with_costs([_message(actor, message_id, program).record()], asker=actor)[0]


@query(permissions.READ, told=SAW)
def list_messages_of_program(
    actor: Actor,
    *,
    program: records.Program,
    channels: Collection[Channel] = (),
    statuses: Collection[tuple[Channel | None, Status]] = (),
    reference: str = "",
    older_than: UUID | None = None,
    with_batches: bool = False,
) -> list[records.Message]:
    """The newest messages sent with keys of the program's type, PAGE at most.

    A status may be asked for of one channel only. None at all are older than one that is unknown.
    """
    mine = _of_program(actor, program).filter(key_type=program.key_type)
    if not with_batches:
        mine = mine.filter(batch=None)
    if channels:
        mine = mine.filter(channel__in=channels)
    if statuses:
        wanted = Q()
        for channel, status in statuses:
            wanted |= Q(status=status, channel=channel) if channel else Q(status=status)
        mine = mine.filter(wanted)
    if reference:
        mine = mine.filter(reference=reference)
    if older_than is not None:
        last = _of_program(actor, program).filter(id=older_than).first()
        if last is None:
            return []
        mine = mine.filter(_before(last.created_at, last.id))
    found = [message.record() for message in mine.order_by("-created_at", "-id")[:PAGE]]
    return with_costs(found, asker=actor)


@query(permissions.READ, told=gettext_lazy("Saw a letter that was sent to you"))
def get_paper_of_program(
    actor: Actor, message_id: UUID, *, program: records.Program
) -> records.PrintedLetter:
    """A letter as it is printed. Raises NoSuchMessage, Invalid or NotPrintedYet."""
    message = _message(actor, message_id, program)
    if message.channel != Channel.LETTER:
        raise Invalid("Notification is not a letter")
    paper = models.Paper.visible_to(actor).filter(message=message, is_checked=True).first()
    if paper is None:
        raise NotPrintedYet("PDF not available yet, try again later")
    return records.PrintedLetter(id=message.id, person_id=message.person_id, pdf=bytes(paper.pdf))


@query(permissions.READ)
def list_templates_of_program(
    actor: Actor, *, program: records.Program, channel: Channel | None = None
) -> list[records.Template]:
    """All templates in use of the program's sender with their newest wording, by title."""
    mine = {"template__sender_id": program.sender_id, "template__archived_at": None}
    newest = models.TemplateVersion.newest(actor).filter(**mine)
    if channel:
        newest = newest.filter(template__channel=channel)
    return [version.record() for version in newest.order_by("title", "template_id")]


@query(permissions.READ)
def get_template_of_program(
    actor: Actor, template_id: UUID, *, program: records.Program, version: int = 0
) -> records.Template:
    """A template with its newest wording, or that of one version. Raises NoSuchTemplate."""
    return _version(actor, template_id, program, version).record()


@query(permissions.READ)
def list_versions_for_program(
    actor: Actor, template_id: UUID, *, program: records.Program, older_than: int | None = None
) -> list[records.Template]:
    """What a template said and says, the newest version first, PAGE at most.

    Raises NoSuchTemplate.
    """
    mine = _versions(actor, template_id, program)
    if not mine.exists():
        raise NoSuchTemplate(_("There is no such template."))
    if older_than is not None:
        mine = mine.filter(version__lt=older_than)
    return [version.record() for version in mine[:PAGE]]


@query(permissions.READ)
def preview_for_program(
    actor: Actor,
    template_id: UUID,
    *,
    program: records.Program,
    personalisation: Personalisation,
) -> records.Filled:
    """What a message would say. Raises NoSuchTemplate or MissingPersonalisation."""
    version = _version(actor, template_id, program, 0)
    subject, body = version.subject_en, version.body_en
    require_values(personalisation, subject, body)
    is_text = version.template.channel == Channel.SMS
    with override("en"):
        written = (write_sms if is_text else fill_body)(body, personalisation)
        return records.Filled(
            template=version.record(),
            subject=fill_subject(subject, personalisation),
            body=begin_with(version.template.sender.prefix, written) if is_text else written,
        )


@query(permissions.READ, told=gettext_lazy("Saw a text that you sent"))
def list_received_texts(
    actor: Actor, *, program: records.Program, older_than: UUID | None = None
) -> Sequence[records.ReceivedText]:
    """The newest texts that came to the sender's numbers, PAGE at most."""
    mine = models.ReceivedText.visible_to(actor).filter(sender_id=program.sender_id)
    if older_than is not None:
        last = mine.filter(id=older_than).first()
        if last is None:
            return []
        mine = mine.filter(_before(last.created_at, last.id))
    return [text.record() for text in mine.order_by("-created_at", "-id")[:PAGE]]


def _before(created_at: datetime, last_id: UUID) -> Q:
    return Q(created_at__lt=created_at) | Q(created_at=created_at, id__lt=last_id)


def _of_program(actor: Actor, program: records.Program) -> QuerySet[models.Message]:
    mine = models.Message.visible_to(actor)
    return mine.filter(sender_id=program.sender_id, wiped_at=None)


def _message(actor: Actor, message_id: UUID, program: records.Program) -> models.Message:
    message = _of_program(actor, program).filter(id=message_id).first()
    if message is None:
        raise NoSuchMessage(_("There is no such message. It may be too old to be kept."))
    return message


def _version(
    actor: Actor, template_id: UUID, program: records.Program, version: int
) -> models.TemplateVersion:
    newest = _versions(actor, template_id, program)
    found = (newest.filter(version=version) if version else newest).first()
    if found is None:
        raise NoSuchTemplate(_("There is no such template."))
    return found


def _versions(
    actor: Actor, template_id: UUID, program: records.Program
) -> QuerySet[models.TemplateVersion]:
    """The newest first."""
    mine = models.TemplateVersion.visible_to(actor).filter(
        template_id=template_id, template__sender_id=program.sender_id
    )
    return mine.select_related("template__sender").order_by("-version")
