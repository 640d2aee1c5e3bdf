"""The wording of messages: given by services, changed by staff, with every version kept."""

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import (
    EditedMeanwhile,
    MessageTooLong,
    NameTaken,
    NoSuchTemplate,
    StillNeeded,
    TemplateArchived,
    UnknownPlaceholder,
)
from townhall.capabilities.notify.operations.folders import pick_folder
from townhall.capabilities.notify.records import FIRST_SENDER, Channel
from townhall.capabilities.notify.rendering.codes import check_codes
from townhall.capabilities.notify.rendering.placeholders import PLACEHOLDER, key_of, names_in
from townhall.capabilities.notify.rendering.texts import LONGEST_SMS, write_sms
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.operations import operation
from townhall.machinery.wording import Wording

SERVICE = "service:"
SECOND = "second"  # class post
NOTHING = Wording("")


@operation(permissions.SEND)
def ensure_templates(
    actor: Actor, templates: Iterable[records.TemplateWording]
) -> tuple[records.Template, ...]:
    """Give the organisation these templates where it has none of that name.

    A service's newer wording replaces its own older one, but never what staff have written.
    """
    return tuple(_ensure(actor, wording) for wording in templates)


def _ensure(actor: Actor, wording: records.TemplateWording) -> records.Template:
    used = names_in(*_texts(wording.subject, wording.body))
    offers = list(dict.fromkeys((*used, *wording.offers)))
    service = actor.name.removeprefix(SERVICE) if _is_service(actor.name) else ""
    template, is_new = models.Template.objects.select_for_update().get_or_create(
        organisation_id=actor.organisation_id,
        name=wording.name,
        defaults={
            "title": wording.title,
            "service": service,
            "offers": offers,
            "sender": models.Sender.named(actor, service or FIRST_SENDER),
        },
    )
    if is_new:
        return _add_version(actor, template, 1, wording.subject, wording.body)
    newest = template.versions.get(version=template.version)
    if (template.title, template.offers) != (wording.title, offers):
        template.title, template.offers = wording.title, offers
        template.save(update_fields=["title", "offers"])
    if newest.says(wording.subject, wording.body) or not _is_service(newest.made_by):
        return newest.record()
    return _add_version(actor, template, newest.version + 1, wording.subject, wording.body)


def _is_service(name: str) -> bool:
    return name.startswith(SERVICE)


@operation(permissions.EDIT_TEMPLATES)
def make_template(
    actor: Actor,
    *,
    title: str,
    body: Wording,
    subject: Wording = NOTHING,
    channel: Channel = Channel.EMAIL,
    sender: str = FIRST_SENDER,
    postage: str = "",
    folder_id: UUID | None = None,
) -> records.Template:
    """Add a template for programs to send with. Raises NameTaken or NoSuchFolder.

    A letter goes second class unless `postage` says otherwise, with the contact block that its
    sender has by default.
    """
    _check_words(channel, subject, body)
    name = slugify(title)[:80]
    if not name:
        raise Invalid(_("Enter a title with letters or numbers in it"))
    template, is_new = models.Template.objects.get_or_create(
        organisation_id=actor.organisation_id,
        name=name,
        defaults={
            "title": title,
            "channel": channel,
            "sender": models.Sender.named(actor, sender),
            "folder": _folder(actor, folder_id),
        },
    )
    if not is_new:
        raise NameTaken(_("There is a template of that name. Choose another title"))
    return _add_version(actor, template, 1, subject, body, **_on_paper(template, postage or SECOND))


@operation(permissions.EDIT_TEMPLATES)
def edit_template(
    actor: Actor,
    template_id: UUID,
    *,
    body: Wording,
    seen_version: int,
    subject: Wording = NOTHING,
    title: str = "",
    postage: str = "",
) -> records.Template:
    """Put new words in place of those of `seen_version`. The same words again change nothing.

    A `title` or `postage` of "" leaves that as it is; a letter gets the contact block that its
    sender has by default now. Raises UnknownPlaceholder for what the service does not give,
    EditedMeanwhile and TemplateArchived.
    """
    template = _hold(actor, template_id)
    if template.archived_at is not None:
        raise TemplateArchived(_("This template is archived. Make a copy of it instead."))
    _check_words(Channel(template.channel), subject, body)
    _check_offers(template, subject, body)
    newest = template.versions.get(version=template.version)
    on_paper = _on_paper(template, postage or newest.postage)
    if newest.says(subject, body, **on_paper) and title in ("", newest.title):
        return newest.record()
    if newest.version != seen_version:
        raise EditedMeanwhile(
            _("Someone else has changed this template. Look at their version, then edit it again.")
        )
    template.title = title or template.title
    return _add_version(actor, template, newest.version + 1, subject, body, **on_paper)


@operation(permissions.EDIT_TEMPLATES)
def restore_version(
    actor: Actor, template_id: UUID, *, version: int, seen_version: int
) -> records.Template:
    """Say again what a template said once, as its newest version.

    Raises NoSuchTemplate, and what `edit_template` raises.
    """
    once = models.TemplateVersion.visible_to(actor).filter(template_id=template_id, version=version)
    old = once.select_related("template").first()
    if old is None:
        raise NoSuchTemplate(_("There is no such template."))
    return edit_template(
        actor,
        template_id,
        title="" if old.template.service else old.title,
        subject=old.subject,
        body=old.body,
        postage=old.postage,
        seen_version=seen_version,
    )


@operation(permissions.EDIT_TEMPLATES)
def copy_template(actor: Actor, template_id: UUID, *, title: str) -> records.Template:
    """Make a template of the same words, for the same sender and in the same folder.

    Raises NoSuchTemplate or NameTaken.
    """
    newest = models.TemplateVersion.newest(actor).filter(template_id=template_id).first()
    if newest is None:
        raise NoSuchTemplate(_("There is no such template."))
    of = newest.template
    return make_template(
        actor,
        title=title,
        subject=newest.subject,
        body=newest.body,
        channel=Channel(of.channel),
        sender=of.sender.name,
        postage=newest.postage,
        folder_id=of.folder_id,
    )


@operation(permissions.EDIT_TEMPLATES)
def archive_template(actor: Actor, template_id: UUID) -> records.Template:
    """Take a template out of use for good; what was sent with it keeps its words.

    Archiving it again changes nothing. Raises StillNeeded for one that a service sends.
    """
    template = _hold(actor, template_id)
    if template.service:
        raise StillNeeded(_("A service sends this message, so its template cannot be archived."))
    if template.archived_at is None:
        template.archive()
    newest = template.versions.get(version=template.version)
    newest.template = template
    return newest.record()


def _hold(actor: Actor, template_id: UUID) -> models.Template:
    """As it stands once nobody else can change it."""
    mine = models.Template.visible_to(actor).select_for_update(of=("self",))
    template = mine.select_related("sender").filter(id=template_id).first()
    if template is None:
        raise NoSuchTemplate(_("There is no such template."))
    return template


def _folder(actor: Actor, folder_id: UUID | None) -> models.TemplateFolder | None:
    """Where a new template goes; it cannot be deleted before that is done."""
    if folder_id is None:
        return None
    return pick_folder(models.TemplateFolder.lock_tree(actor), folder_id)


def _on_paper(template: models.Template, postage: str) -> dict[str, str]:
    """What a version of a letter has beside its words."""
    if template.channel != Channel.LETTER:
        return {}
    return {"postage": postage, "contact_block": template.sender.usual_origin(Channel.LETTER)}


def _check_words(channel: Channel, subject: Wording, body: Wording) -> None:
    if channel == Channel.SMS:
        _check_text(body)
        return
    if any(not words.en.strip() for words in (subject, body)):
        raise Invalid(_("Enter the subject and the message in English"))
    if bool(subject.cy.strip()) != bool(body.cy.strip()):
        raise Invalid(_("Enter both the subject and the message in Welsh, or neither"))
    if channel == Channel.LETTER:
        check_codes(PLACEHOLDER.sub("", body.en))
        check_codes(PLACEHOLDER.sub("", body.cy))


def _check_text(body: Wording) -> None:
    if not body.en.strip():
        raise Invalid(_("Enter the message in English"))
    longest = max(len(write_sms(words, {})) for words in (body.en, body.cy))
    if longest > LONGEST_SMS:
        counts = {"most": LONGEST_SMS, "size": longest}
        raise MessageTooLong(
            _("Use %(most)d characters or fewer. Your text message has %(size)d.") % counts
        )


def _check_offers(template: models.Template, subject: Wording, body: Wording) -> None:
    if not template.service:
        return
    offered = {key_of(name) for name in template.offers}
    used = names_in(*_texts(subject, body))
    unknown = [f"(({name}))" for name in used if key_of(name) not in offered]
    if unknown:
        known = ", ".join(f"(({name}))" for name in template.offers) or _("none")
        raise UnknownPlaceholder(
            _("This message cannot say %(unknown)s. The placeholders it has are: %(known)s")
            % {"unknown": ", ".join(unknown), "known": known}
        )


def _texts(subject: Wording, body: Wording) -> tuple[str, ...]:
    return subject.en, subject.cy, body.en, body.cy


def _add_version(
    actor: Actor,
    template: models.Template,
    version: int,
    subject: Wording,
    body: Wording,
    **on_paper: str,
) -> records.Template:
    template.version, template.changed_at = version, timezone.now()
    template.save(update_fields=["version", "changed_at", "title"])
    added = models.TemplateVersion.objects.create(
        template=template,
        version=version,
        title=template.title,
        **on_paper,
        subject_en=subject.en,
        subject_cy=subject.cy,
        body_en=body.en,
        body_cy=body.cy,
        made_by=actor.name,
    )
    return added.record()
