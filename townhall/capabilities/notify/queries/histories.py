"""Messages that were sent, as staff look for them and at them."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import NoSuchMessage, NotAPhoneNumber, NotPrintedYet
from townhall.capabilities.notify.queries.pricing import with_costs
from townhall.capabilities.notify.records import Channel, KeyType, Stage, Status, StepKind
from townhall.capabilities.notify.rendering.email import write_page
from townhall.capabilities.notify.rendering.markdown import IN_EMAIL, write_html, write_text
from townhall.capabilities.notify.rules.phones import clean_phone
from townhall.capabilities.notify.rules.stages import STATUSES
from townhall.machinery.actors import Actor
from townhall.machinery.models import AuditEntry
from townhall.machinery.operations import query
from townhall.machinery.organisations import every_organisation
from townhall.machinery.paging import Page, page_of

SAW = gettext_lazy("Saw a message that was sent to you")


@query(permissions.READ_MESSAGES, told=gettext_lazy("Saw that a message was sent to you"))
def list_sent_messages(
    actor: Actor,
    *,
    channel: Channel | None = None,
    stage: Stage | None = None,
    template_id: UUID | None = None,
    sender_id: UUID | None = None,
    first_on: date | None = None,
    last_on: date | None = None,
    words: str = "",
    place: str | None = None,
) -> Page[records.MessageLine]:
    """The messages of the organisation, newest first; without those of test keys.

    `words` are a whole email address, telephone number or reference.
    """
    found = models.Message.visible_to(actor).exclude(key_type=KeyType.TEST)
    narrower: dict[str, object] = {
        "channel": channel,
        "template_id": template_id,
        "created_at__gte": first_on and _midnight(first_on),
        "created_at__lt": last_on and _midnight(last_on + timedelta(days=1)),
    }
    found = found.filter(**{name: value for name, value in narrower.items() if value})
    if stage:
        found = found.filter(status__in=STATUSES[stage])
    if sender_id:
        found = found.filter(models.Message.is_of(sender_id))
    found = found.select_related("template").defer("body", "personalisation", "attachments")
    if words:
        return page_of(_named(found, words), _line, order=("-found_at", "-id"), place=place)
    return page_of(found, _line, order=("-created_at", "-id"), place=place)


def _named(found: QuerySet[models.Message], words: str) -> QuerySet[models.Message]:
    """Found by the index of recipients or that of references.

    They are put in order by `found_at`, the moment that they were created, which no index has: else
    PostgreSQL would walk through all messages by age, in the hope of finding 25 early.
    """
    to = words.strip().lower()
    with suppress(NotAPhoneNumber):
        to = clean_phone(words, abroad=True).number
    created_at = ExpressionWrapper(F("created_at") + timedelta(), output_field=DateTimeField())
    marked = found.annotate(found_at=created_at).alias(lowered=Lower("to"))
    by_recipient = Q(lowered=to) & ~Q(to="")
    return marked.filter(by_recipient | (Q(reference=words.strip()) & ~Q(reference="")))


def _line(message: models.Message) -> records.MessageLine:
    return records.MessageLine(
        id=message.id,
        person_id=message.person_id,
        channel=Channel(message.channel),
        to=message.to,
        title=message.template.title if message.template else "",
        status=Status(message.status),
        created_at=message.created_at,
    )


@query(permissions.READ_MESSAGES)
def get_template_title(actor: Actor, template_id: UUID) -> str:
    """What a template is called; "" if there is none such."""
    titles = models.Template.visible_to(actor).filter(id=template_id).values_list("title")
    return next((title for (title,) in titles), "")


@query(permissions.READ_MESSAGES, told=SAW)
def get_history(actor: Actor, message_id: UUID) -> records.History:
    """A message with everything that happened to it. Raises NoSuchMessage."""
    message = _message(actor, message_id)
    record = with_costs([message.record()], asker=actor)[0]
    assert record.cost is not None
    may_be_shown = _may_be_shown(message)
    return records.History(
        id=message.id,
        person_id=message.person_id,
        channel=record.channel,
        template_version=message.template_version,
        title=message.template.title if message.template else "",
        sender=_sender_of(message),
        to=message.to,
        origin=message.origin,
        subject=message.subject if may_be_shown else "",
        body=_words_of(message) if may_be_shown else "",
        reference=message.reference,
        status=record.status,
        cost=record.cost,
        wiped_at=message.wiped_at,
        may_be_shown=may_be_shown,
        may_send_again=message.may_be_sent_again,
        has_paper=models.Paper.visible_to(actor).filter(message=message, is_checked=True).exists(),
        steps=sorted(_steps(actor, message), key=lambda step: step.at),
    )


@query(permissions.READ_MESSAGES, told=SAW)
def get_email_shown(actor: Actor, message_id: UUID) -> records.EmailShown:
    """An email's HTML. Raises NoSuchMessage for what is none, and for what may not be shown."""
    message = _message(actor, message_id)
    if message.channel != Channel.EMAIL or not _may_be_shown(message):
        raise NoSuchMessage(_("There is no such email. It may be too old to be kept."))
    html = write_page(
        write_html(message.body, IN_EMAIL),
        title=message.subject,
        sender=_name_of(message.organisation_id, message.language),
        language=message.language,
    )
    return records.EmailShown(id=message.id, person_id=message.person_id, html=html)


@query(permissions.READ_MESSAGES, told=gettext_lazy("Saw a letter that was sent to you"))
def get_sent_letter(actor: Actor, message_id: UUID) -> records.PrintedLetter:
    """A letter as it is printed. Raises NoSuchMessage or NotPrintedYet."""
    message = _message(actor, message_id)
    paper = models.Paper.visible_to(actor).filter(message=message, is_checked=True).first()
    if paper is None:
        raise NotPrintedYet(_("There is no letter to see. It is not printed yet, or wiped."))
    return records.PrintedLetter(id=message.id, person_id=message.person_id, pdf=bytes(paper.pdf))


def _name_of(organisation_id: UUID, language: str) -> str:
    names = {each.id: each.name.in_language(language) for each in every_organisation()}
    return names.get(organisation_id, "")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _message(actor: Actor, message_id: UUID) -> models.Message:
    mine = models.Message.visible_to(actor).select_related("template__sender", "sender")
    message = mine.filter(id=message_id).first()
    if message is None:
        raise NoSuchMessage(_("There is no such message. It may be too old to be kept."))
    return message


def _may_be_shown(message: models.Message) -> bool:
    """Not what came ready written: with its code one could sign in as whoever got it."""
    came_ready = message.channel == Channel.EMAIL and message.template_id is None
    return message.wiped_at is None and not came_ready


def _words_of(message: models.Message) -> str:
    return write_text(message.body) if message.channel == Channel.EMAIL else message.body


def _sender_of(message: models.Message) -> str:
    if message.sender is not None:
        return message.sender.name
    return message.template.sender.name if message.template else ""


def _steps(actor: Actor, message: models.Message) -> Iterator[records.Step]:
    accepted_by = AuditEntry.visible_to(actor).filter(
        subject_id=str(message.id), kind=AuditEntry.WRITE
    )
    names = accepted_by.order_by("id").values_list("actor", flat=True)
    yield records.Step(kind=StepKind.ACCEPTED, at=message.created_at, by=names.first() or "")
    for step in message.steps.all():
        yield step.record()
    told = models.CallbackDelivery.visible_to(actor).filter(about=message.id)
    for delivery in told.select_related("callback"):
        url, words = delivery.callback.url, delivery.last_answer
        if delivery.delivered_at:
            yield records.Step(kind=StepKind.PROGRAM_TOLD, at=delivery.delivered_at, by=url)
        elif delivery.given_up_at:
            kind = StepKind.PROGRAM_NOT_TOLD
            yield records.Step(kind=kind, at=delivery.given_up_at, by=url, words=words)
    if message.wiped_at:
        yield records.Step(kind=StepKind.WIPED, at=message.wiped_at)
