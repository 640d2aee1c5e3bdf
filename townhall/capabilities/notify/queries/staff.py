"""Reading templates, keys and messages; and what `townhall check` says of them."""

from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import (
    NoSuchFolder,
    NoSuchKey,
    NoSuchMessage,
    NoSuchTemplate,
)
from townhall.capabilities.notify.providers import carrier
from townhall.capabilities.notify.records import Channel
from townhall.machinery.actors import Actor
from townhall.machinery.inspection import Finding, inspects
from townhall.machinery.operations import query
from townhall.machinery.paging import Page, page_of

WAITING_TOO_LONG = timedelta(minutes=15)


@query(permissions.EDIT_TEMPLATES)
def list_templates(
    actor: Actor, *, folder_id: UUID | None = None, place: str | None = None
) -> Page[records.TemplateLine]:
    """The templates in use that are right in a folder, or in none, by title."""
    return _lines(models.Template.in_use(actor).filter(folder=folder_id), place)


@query(permissions.EDIT_TEMPLATES)
def list_matching_templates(
    actor: Actor, *, words: str = "", channel: Channel | None = None, place: str | None = None
) -> Page[records.TemplateLine]:
    """The templates in use, in whatever folder, whose title has these words in it, by title."""
    found = models.Template.in_use(actor).filter(title__icontains=words)
    return _lines(found.filter(channel=channel) if channel else found, place)


def _lines(found: QuerySet[models.Template], place: str | None) -> Page[records.TemplateLine]:
    with_names = found.select_related("sender", "folder")
    return page_of(with_names, models.Template.line, order=("title", "id"), place=place)


@query(permissions.EDIT_TEMPLATES)
def list_folders(actor: Actor) -> list[records.Folder]:
    """Every folder of templates, by title."""
    return models.TemplateFolder.tree(actor)


@query(permissions.EDIT_TEMPLATES)
def get_folder(actor: Actor, folder_id: UUID) -> records.Folder:
    """One of them. Raises NoSuchFolder."""
    found = [each for each in models.TemplateFolder.tree(actor) if each.id == folder_id]
    if not found:
        raise NoSuchFolder(_("There is no such folder."))
    return found[0]


@query(permissions.EDIT_TEMPLATES)
def get_template(actor: Actor, template_id: UUID) -> records.Template:
    """A template with its newest wording. Raises NoSuchTemplate."""
    return _only(models.TemplateVersion.newest(actor).filter(template_id=template_id))


@query(permissions.EDIT_TEMPLATES)
def get_template_version(actor: Actor, template_id: UUID, *, version: int) -> records.Template:
    """A template with the wording it had once. Raises NoSuchTemplate."""
    of_it = models.TemplateVersion.visible_to(actor).filter(template_id=template_id)
    return _only(of_it.filter(version=version).select_related("template__sender"))


@query(permissions.EDIT_TEMPLATES)
def list_template_versions(
    actor: Actor, template_id: UUID, *, place: str | None = None
) -> Page[records.Template]:
    """Every wording that a template has had, the newest first."""
    of_it = models.TemplateVersion.visible_to(actor).filter(template_id=template_id)
    to_record = models.TemplateVersion.record
    return page_of(
        of_it.select_related("template__sender"), to_record, order=("-version", "-id"), place=place
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


@query(permissions.READ, told=gettext_lazy("Saw a message that was sent to you"))
def get_message(actor: Actor, message_id: UUID) -> records.Message:
    """One message of the organisation. Raises NoSuchMessage."""
    return _message(actor, id=message_id)


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
def list_sandbox_messages(actor: Actor, *, place: str | None = None) -> Page[records.SandboxLine]:
    """What the sandbox suppliers received, newest first."""
    found = models.SandboxMessage.newest_first(actor)
    return page_of(found, models.SandboxMessage.line, order=("newest", "id"), place=place)


@query(permissions.SEE_SANDBOX)
def get_sandbox_message(actor: Actor, message_id: int) -> records.SandboxMessage:
    """One message whole. Raises NoSuchMessage."""
    found = models.SandboxMessage.visible_to(actor).filter(id=message_id).first()
    if found is None:
        raise NoSuchMessage(_("There is no such message in the sandbox mailbox."))
    return found.record()


def _only(versions: QuerySet[models.TemplateVersion]) -> records.Template:
    version = versions.first()
    if version is None:
        raise NoSuchTemplate(_("There is no such template."))
    return version.record()


@inspects
def _inspect() -> list[Finding]:
    return [_inspect_waiting(), _inspect_welsh()]


def _inspect_waiting() -> Finding:
    since = models.Message.unsent_since()
    age = timezone.now() - since if since else timedelta()
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
