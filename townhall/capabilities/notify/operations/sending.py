"""Taking in messages to send: by services, by programs, and mail that came ready written."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import AskedOtherwise, EmptyMessage, MessageTooLong
from townhall.capabilities.notify.operations.delivery import deliver
from townhall.capabilities.notify.operations.templates import ensure_templates
from townhall.capabilities.notify.records import Attachment, Personalisation
from townhall.capabilities.notify.rendering.placeholders import (
    fill_body,
    fill_subject,
    require_values,
)
from townhall.capabilities.notify.rules.addresses import clean_address
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation

MOST_BYTES = 2_000_000  # of a body, and of all attachments together
LONGEST_SUBJECT = 2_000


@operation(permissions.SEND, told=gettext_lazy("Sent you a message"))
def send_email(
    actor: Actor,
    *,
    template: records.TemplateWording,
    to: str,
    person_id: UUID | None,
    personalisation: Personalisation,
    language: str,
    reference: str = "",
    attachments: Sequence[Attachment] = (),
) -> records.Message:
    """Send one email soon, in the organisation's own wording, and keep trying for a day.

    Raises MissingPersonalisation, NotAnAddress, EmptyMessage or MessageTooLong.
    """
    message = models.Message(to=clean_address(to), person_id=person_id, reference=reference)
    fill_in(message, _newest(actor, template), personalisation, language)
    _attach(message, attachments)
    return take_in(message, actor.organisation_id)


def _newest(actor: Actor, template: records.TemplateWording) -> models.TemplateVersion:
    of_that_name = models.TemplateVersion.newest(actor).filter(template__name=template.name)
    found = of_that_name.first()
    if found is None:
        ensure_templates(actor, [template])
        found = of_that_name.get()
    return found


@operation(permissions.SEND, told=gettext_lazy("Sent you a message"))
def send_ready_email(
    actor: Actor,
    *,
    to: str,
    subject: str,
    body: str,
    language: str,
    attachments: Sequence[Attachment] = (),
) -> records.Message:
    """Send plain text that was written elsewhere, like the code to sign in with."""
    message = models.Message(
        to=clean_address(to), subject=" ".join(subject.split()), body=body, language=language
    )
    _check_size(message)
    _attach(message, attachments)
    return take_in(message, actor.organisation_id)


def fill_in(
    message: models.Message,
    version: models.TemplateVersion,
    personalisation: Personalisation,
    language: str,
) -> None:
    """Give an email its words. Raises MissingPersonalisation, EmptyMessage or MessageTooLong."""
    in_welsh = language.startswith("cy") and bool(version.body_cy)
    message.language = "cy" if in_welsh else "en"
    subject = version.subject.in_language(message.language)
    body = version.body.in_language(message.language)
    require_values(personalisation, subject, body)
    with override(message.language):  # for the "and" of lists
        message.subject = fill_subject(subject, personalisation)
        message.body = fill_body(body, personalisation)
    message.personalisation = dict(personalisation)
    message.template, message.template_version = version.template, version.version
    _check_size(message)


def _check_size(message: models.Message) -> None:
    if not message.body.strip():
        raise EmptyMessage(_("Your message is empty."))
    size = len(message.body.encode())
    if size > MOST_BYTES:
        raise MessageTooLong(
            _(
                "Your message is too long. Emails cannot be longer than %(most)d bytes. "
                "Your message is %(size)d bytes."
            )
            % {"most": MOST_BYTES, "size": size}
        )
    if len(message.subject) > LONGEST_SUBJECT:
        raise MessageTooLong(
            _("The subject is too long. Use %(most)d characters or fewer.")
            % {"most": LONGEST_SUBJECT}
        )


def _attach(message: models.Message, attachments: Sequence[Attachment]) -> None:
    if sum(len(each.content) for each in attachments) > MOST_BYTES:
        raise MessageTooLong(
            _("The attachments are too large. Together they can be %(most)d bytes.")
            % {"most": MOST_BYTES}
        )
    message.attach(attachments)


def take_in(message: models.Message, organisation_id: UUID) -> records.Message:
    """Store a message and the task that takes it to its supplier, in one transaction."""
    store(message, organisation_id)
    if message.scheduled_for is None:
        deliver.later(message_id=message.id, organisation_id=organisation_id)
    else:
        about = {"message_id": message.id, "organisation_id": organisation_id}
        deliver.later_at(message.scheduled_for, **about)
    return message.record()


def store(message: models.Message, organisation_id: UUID) -> None:
    """Raises AskedOtherwise if the same request is under way: its first answer is not there yet."""
    message.organisation_id = organisation_id
    if not message.once_key:
        message.save(force_insert=True)
        return
    models.Message.objects.bulk_create([message], ignore_conflicts=True)
    if not models.Message.objects.filter(id=message.id).exists():
        raise AskedOtherwise("A request with this Idempotency-Key is being worked on. Ask again")
