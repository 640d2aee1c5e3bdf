"""What programs may read with their keys, under the rules of GOV.UK Notify."""

import time
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import (
    NoSuchMessage,
    NoSuchTemplate,
    NotPrintedYet,
    TokenRefused,
)
from townhall.capabilities.notify.records import Channel, Personalisation, Status
from townhall.capabilities.notify.rendering.letters import write_letter_body
from townhall.capabilities.notify.rendering.placeholders import (
    fill_body,
    fill_subject,
    require_values,
)
from townhall.capabilities.notify.rendering.texts import write_sms
from townhall.capabilities.notify.rules import tokens
from townhall.machinery.actors import Actor
from townhall.machinery.database.prepared import Prepared
from townhall.machinery.errors import Invalid
from townhall.machinery.operations import query

# Asked for with every request of a program: its keys, those in use first.
_keys_of = Prepared(
    lambda organisation_id, sender_id: models.ApiKey.with_standing(
        sender__organisation_id=organisation_id, sender_id=sender_id
    ).order_by(F("revoked_at").desc(nulls_first=True)),
    UUID(int=1),
    UUID(int=2),
)
SAW = gettext_lazy("Saw a message that was sent to you")
PAGE = 250  # as GOV.UK Notify's


@query(permissions.CHECK_TOKENS)
def identify_program(actor: Actor, token: str) -> records.Program:
    """Which program of this organisation a token proves its bearer to be. Raises TokenRefused.

    The messages are those of GOV.UK Notify, word for word, since its clients show them.
    """
    sender_id = tokens.read_issuer(token)
    by_id = {key.id: key for key in _keys_of(actor.organisation_id, sender_id)}
    if not by_id:
        _refuse_without_keys(actor, sender_id)
    secrets = [(key.id, secret) for key in by_id.values() if (secret := key.reveal())]
    key = by_id[tokens.find_signer(token, secrets, now=time.time())]
    if key.revoked_at is not None:
        raise TokenRefused("Invalid token: API key revoked")
    return records.Program(
        key_id=key.id,
        sender_id=sender_id,
        name=key.name,
        key_type=records.KeyType(key.key_type),
        last_used_on=key.last_used_on,
        standing=key.standing(),
    )


def _refuse_without_keys(actor: Actor, sender_id: UUID) -> None:
    if models.Sender.visible_to(actor).filter(id=sender_id).exists():
        raise TokenRefused("Invalid token: service has no API keys")
    raise TokenRefused("Invalid token: service not found")


@query(permissions.READ, told=SAW)
def get_message_of_program(
    actor: Actor, message_id: UUID, *, program: records.Program
) -> records.Message:
    """A message sent with any key of the program's sender, until it is wiped.

    Raises NoSuchMessage.
    """
    return _message(actor, message_id, program).record()


@query(permissions.READ, told=SAW)
def list_messages_of_program(
    actor: Actor,
    *,
    program: records.Program,
    channels: Collection[Channel] = (),
    statuses: Collection[tuple[Channel | None, Status]] = (),
    reference: str = "",
    older_than: UUID | None = None,
) -> list[records.Message]:
    """The newest messages sent with keys of the program's type, PAGE at most.

    A status may be asked for of one channel only. None at all are older than one that is unknown.
    """
    mine = _of_program(actor, program).filter(key_type=program.key_type)
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
    return [message.record() for message in mine.order_by("-created_at", "-id")[:PAGE]]


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
    """All templates of the program's sender with their newest wording, by title."""
    newest = models.TemplateVersion.newest(actor).filter(template__sender_id=program.sender_id)
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
    write = {Channel.SMS: write_sms, Channel.LETTER: write_letter_body}
    with override("en"):
        return records.Filled(
            template=version.record(),
            subject=fill_subject(subject, personalisation),
            body=write.get(Channel(version.template.channel), fill_body)(body, personalisation),
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
    mine = models.TemplateVersion.visible_to(actor).filter(
        template_id=template_id, template__sender_id=program.sender_id
    )
    newest = mine.select_related("template__sender").order_by("-version")
    found = (newest.filter(version=version) if version else newest).first()
    if found is None:
        raise NoSuchTemplate(_("There is no such template."))
    return found
