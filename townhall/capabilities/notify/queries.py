"""Reading templates, keys and messages."""

import time
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import (
    NoSuchKey,
    NoSuchMessage,
    NoSuchTemplate,
    TokenRefused,
)
from townhall.capabilities.notify.providers import carrier
from townhall.capabilities.notify.rules import tokens
from townhall.machinery.actors import Actor
from townhall.machinery.inspection import Finding, inspects
from townhall.machinery.operations import query
from townhall.machinery.paging import Page, page_of

WAITING_TOO_LONG = timedelta(minutes=15)


@query(permissions.EDIT_TEMPLATES)
def list_templates(actor: Actor, *, place: str | None = None) -> Page[records.TemplateLine]:
    """The organisation's templates by title."""
    found = models.Template.visible_to(actor)
    return page_of(found, models.Template.line, order=("title", "id"), place=place)


@query(permissions.EDIT_TEMPLATES)
def get_template(actor: Actor, template_id: UUID) -> records.Template:
    """A template with its newest wording. Raises NoSuchTemplate."""
    return _only(models.TemplateVersion.newest(actor).filter(template_id=template_id))


@query(permissions.EDIT_TEMPLATES)
def get_template_version(actor: Actor, template_id: UUID, *, version: int) -> records.Template:
    """A template with the wording it had once. Raises NoSuchTemplate."""
    of_it = models.TemplateVersion.visible_to(actor).filter(template_id=template_id)
    return _only(of_it.filter(version=version).select_related("template"))


@query(permissions.EDIT_TEMPLATES)
def list_template_versions(
    actor: Actor, template_id: UUID, *, place: str | None = None
) -> Page[records.Template]:
    """Every wording that a template has had, from the first."""
    of_it = models.TemplateVersion.visible_to(actor).filter(template_id=template_id)
    to_record = models.TemplateVersion.record
    return page_of(
        of_it.select_related("template"), to_record, order=("version", "id"), place=place
    )


@query(permissions.MANAGE_KEYS)
def list_keys(actor: Actor) -> list[records.Key]:
    """The keys of the organisation's programs, those in use first."""
    keys = models.ApiKey.visible_to(actor).select_related("sender")
    return [key.record() for key in keys.order_by("revoked_at", "name").reverse()]


@query(permissions.MANAGE_KEYS)
def get_key(actor: Actor, key_id: UUID) -> records.Key:
    key = models.ApiKey.visible_to(actor).filter(id=key_id).select_related("sender").first()
    if key is None:
        raise NoSuchKey(_("There is no such key."))
    return key.record()


@query(permissions.CHECK_TOKENS)
def identify_program(actor: Actor, token: str) -> records.Program:
    """Which program of this organisation a token proves its bearer to be. Raises TokenRefused.

    The messages are those of GOV.UK Notify, word for word, since its clients show them.
    """
    sender_id = tokens.read_issuer(token)
    keys = models.ApiKey.visible_to(actor).filter(sender_id=sender_id).order_by("revoked_at")
    by_id = {key.id: key for key in keys.reverse()}
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
    )


def _refuse_without_keys(actor: Actor, sender_id: UUID) -> None:
    if models.Sender.visible_to(actor).filter(id=sender_id).exists():
        raise TokenRefused("Invalid token: service has no API keys")
    raise TokenRefused("Invalid token: service not found")


@query(permissions.READ, told=gettext_lazy("Saw a message that was sent to you"))
def get_message(actor: Actor, message_id: UUID) -> records.Message:
    """One message of the organisation. Raises NoSuchMessage."""
    return _message(actor, id=message_id)


@query(permissions.READ, told=gettext_lazy("Saw a message that was sent to you"))
def get_message_of_program(
    actor: Actor, message_id: UUID, *, program: records.Program
) -> records.Message:
    """A message sent with any key of the program's sender, until it is wiped.

    Raises NoSuchMessage.
    """
    return _message(actor, id=message_id, sender_id=program.sender_id, wiped_at=None)


def _message(actor: Actor, **which: object) -> records.Message:
    message = models.Message.visible_to(actor).filter(**which).first()
    if message is None:
        raise NoSuchMessage(_("There is no such message. It may be too old to be kept."))
    return message.record()


@query(permissions.READ)
def get_from_address(actor: Actor) -> str:
    """The address that every email comes from."""
    return carrier().sender


@query(permissions.SEE_SANDBOX)
def list_sandbox_emails(actor: Actor, *, place: str | None = None) -> Page[records.SandboxLine]:
    """What the sandbox carrier received, newest first."""
    found = models.SandboxEmail.newest_first(actor)
    return page_of(found, models.SandboxEmail.line, order=("newest", "id"), place=place)


@query(permissions.SEE_SANDBOX)
def get_sandbox_email(actor: Actor, email_id: int) -> records.SandboxEmail:
    """One email whole. Raises NoSuchMessage."""
    found = models.SandboxEmail.visible_to(actor).filter(id=email_id).first()
    if found is None:
        raise NoSuchMessage(_("There is no such email in the sandbox mailbox."))
    return found.record()


def _only(versions: QuerySet[models.TemplateVersion]) -> records.Template:
    version = versions.first()
    if version is None:
        raise NoSuchTemplate(_("There is no such template."))
    return version.record()


@inspects
def _inspect() -> list[Finding]:
    wrong = carrier().check()
    return [
        Finding(subject="email", advice=wrong, is_fault=bool(wrong)),
        _inspect_waiting(),
        _inspect_welsh(),
    ]


def _inspect_waiting() -> Finding:
    oldest = models.Message.unsent().order_by("created_at").values_list("created_at").first()
    age = timezone.now() - oldest[0] if oldest else timedelta()
    if age < WAITING_TOO_LONG:
        return Finding(subject="unsent messages")
    minutes = int(age.total_seconds() // 60)
    advice = (
        f"The oldest unsent message has waited for {minutes} minutes. See whether a worker runs "
        "(townhall worker) and whether the mail server answers."
    )
    return Finding(subject="unsent messages", advice=advice, is_fault=True)


def _inspect_welsh() -> Finding:
    without = models.TemplateVersion.without_welsh().count()
    if not without:
        return Finding(subject="message templates")
    advice = ngettext(
        "%(count)d template has no Welsh wording, so English is sent to everyone.",
        "%(count)d templates have no Welsh wording, so English is sent to everyone.",
        without,
    )
    return Finding(subject="message templates", advice=advice % {"count": without})
