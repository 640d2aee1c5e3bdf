"""What programs whose keys may do so make of their sender's templates."""

from uuid import UUID

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import AskedOtherwise, EditedMeanwhile, NoSuchTemplate
from townhall.capabilities.notify.operations.templates import (
    NOTHING,
    archive_template,
    edit_template,
    make_template,
)
from townhall.capabilities.notify.records import Channel
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.operations import operation
from townhall.machinery.wording import Wording


@operation(permissions.EDIT_TEMPLATES)
def make_template_for_program(
    actor: Actor,
    *,
    program: records.Program,
    title: str,
    channel: Channel,
    body: Wording,
    subject: Wording = NOTHING,
    postage: str = "",
    folder_id: UUID | None = None,
    once: records.Once | None = None,
) -> records.Template:
    """Add a template of the program's sender.

    With `once`, a second request is answered with what the first one made. Raises AskedOtherwise,
    and what `make_template` raises.
    """
    sender = models.Sender.visible_to(actor).select_for_update(no_key=True)
    of = sender.get(id=program.sender_id)  # one at a time, or neither would see the other's
    if (done := _done_before(of, once)) is not None:
        return done
    made = make_template(
        actor,
        title=title,
        subject=subject,
        body=body,
        channel=channel,
        sender=of.name,
        postage=postage,
        folder_id=folder_id,
    )
    if once is not None:
        by_id = models.Template.objects.filter(id=made.id)
        by_id.update(once_key=once.key, once_digest=once.digest)
    return made


def _done_before(of: models.Sender, once: records.Once | None) -> records.Template | None:
    """The template of an earlier request with the same Idempotency-Key, as it was made."""
    if once is None:
        return None
    made = models.Template.objects.filter(sender=of, once_key=once.key).first()
    if made is None:
        return None
    if made.once_digest != once.digest:
        raise AskedOtherwise("This Idempotency-Key was used for a different request")
    return made.versions.select_related("template__sender").get(version=1).record()


@operation(permissions.EDIT_TEMPLATES)
def edit_template_for_program(
    actor: Actor,
    template_id: UUID,
    *,
    program: records.Program,
    seen_version: int,
    title: str | None = None,
    subject: str | None = None,
    subject_cy: str | None = None,
    body: str | None = None,
    body_cy: str | None = None,
    postage: str | None = None,
) -> records.Template:
    """Change some of what a template of the program's sender says; None leaves it as it is.

    Raises NoSuchTemplate, Invalid for what such a template does not have, and what `edit_template`
    raises.
    """
    template = _find(actor, template_id, program)
    _check_fits(template, title=title, subject=subject, subject_cy=subject_cy, postage=postage)
    seen = template.versions.filter(version=seen_version).first()
    if seen is None:
        raise EditedMeanwhile("The template has no such version. Get it, then edit it again")
    return edit_template(
        actor,
        template_id,
        title=title or "",
        subject=Wording(_or(subject, seen.subject_en), _or(subject_cy, seen.subject_cy)),
        body=Wording(_or(body, seen.body_en), _or(body_cy, seen.body_cy)),
        postage=postage or "",
        seen_version=seen_version,
    )


def _or(new: str | None, old: str) -> str:
    return old if new is None else new


@operation(permissions.EDIT_TEMPLATES)
def archive_template_for_program(
    actor: Actor, template_id: UUID, *, program: records.Program
) -> records.Template:
    """Take a template of the program's sender out of use. Raises what `archive_template` does."""
    return archive_template(actor, _find(actor, template_id, program).id)


def _find(actor: Actor, template_id: UUID, program: records.Program) -> models.Template:
    mine = models.Template.visible_to(actor).filter(sender_id=program.sender_id)
    template = mine.filter(id=template_id).first()
    if template is None:
        raise NoSuchTemplate("There is no such template")
    return template


def _check_fits(template: models.Template, **given: str | None) -> None:
    """Only letters have postage, and texts no subject; a service keeps the names of its own."""
    of_text = ("subject", "subject_cy") if template.channel == Channel.SMS else ()
    unfit = [*of_text, *(["postage"] if template.channel != Channel.LETTER else [])]
    for name in unfit:
        if given[name] is not None:
            raise Invalid(f"A template of type {template.channel} has no {name}")
    if template.service and given["title"] is not None:
        raise Invalid("The name of a template that a service gave cannot be changed")
