"""The wording of messages: given by services, changed by staff, with every version kept."""

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import (
    EditedMeanwhile,
    NameTaken,
    NoSuchTemplate,
    UnknownPlaceholder,
)
from townhall.capabilities.notify.records import FIRST_SENDER, Channel
from townhall.capabilities.notify.rendering.placeholders import key_of, names_in
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
) -> records.Template:
    """Add a template for programs to send with. Raises NameTaken.

    A letter goes second class unless `postage` says otherwise, with the contact block that its
    sender has by default.
    """
    _check_words(channel, subject, body)
    name = slugify(title)[:80]
    if not name:
        raise Invalid(_("Enter a title with letters or numbers in it"))
    of = models.Sender.named(actor, sender)
    template, is_new = models.Template.objects.get_or_create(
        organisation_id=actor.organisation_id,
        name=name,
        defaults={"title": title, "channel": channel, "sender": of},
    )
    if not is_new:
        raise NameTaken(_("There is a template of that name. Choose another title"))
    if channel == Channel.LETTER:
        block = of.origins.filter(channel=channel, is_default=True).first()
        on_paper = {"postage": postage or SECOND, "contact_block": block.words if block else ""}
        return _add_version(actor, template, 1, subject, body, **on_paper)
    return _add_version(actor, template, 1, subject, body)


@operation(permissions.EDIT_TEMPLATES)
def edit_template(
    actor: Actor,
    template_id: UUID,
    *,
    body: Wording,
    seen_version: int,
    subject: Wording = NOTHING,
    title: str = "",
) -> records.Template:
    """Put new words in place of those of `seen_version`. The same words again change nothing.

    A `title` of "" leaves that as it is. Raises UnknownPlaceholder for what the service does not
    give, and EditedMeanwhile.
    """
    mine = models.Template.visible_to(actor).select_for_update()
    template = mine.filter(id=template_id).first()
    if template is None:
        raise NoSuchTemplate(_("There is no such template."))
    _check_words(Channel(template.channel), subject, body)
    _check_offers(template, subject, body)
    newest = template.versions.get(version=template.version)
    if newest.says(subject, body) and title in ("", newest.title):
        return newest.record()
    if newest.version != seen_version:
        raise EditedMeanwhile(
            _("Someone else has changed this template. Look at their version, then edit it again.")
        )
    template.title = title or template.title
    on_paper = {"postage": newest.postage, "contact_block": newest.contact_block}
    return _add_version(actor, template, newest.version + 1, subject, body, **on_paper)


def _check_words(channel: Channel, subject: Wording, body: Wording) -> None:
    if channel == Channel.SMS:
        if not body.en.strip():
            raise Invalid(_("Enter the message in English"))
        return
    if any(not words.en.strip() for words in (subject, body)):
        raise Invalid(_("Enter the subject and the message in English"))
    if bool(subject.cy.strip()) != bool(body.cy.strip()):
        raise Invalid(_("Enter both the subject and the message in Welsh, or neither"))


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
