"""From a stored message to the carrier: tried for a day, and never sent again once sent."""

from email.errors import MessageError
from email.message import EmailMessage
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import NoSuchMessage, NotALetter, RecipientRefused
from townhall.capabilities.notify.events import MessageFailed, MessageSent
from townhall.capabilities.notify.operations.callbacks import tell_of_delivery
from townhall.capabilities.notify.operations.routing import (
    GivenMeanwhile,
    Troubles,
    find_troubles,
    route,
)
from townhall.capabilities.notify.providers import (
    Carrier,
    carrier,
    carriers,
    preferred,
    printers,
    texters,
)
from townhall.capabilities.notify.records import Channel, KeyType, Status, StepKind
from townhall.capabilities.notify.rendering.email import write_mail, write_page
from townhall.capabilities.notify.rendering.letters import set_letter
from townhall.capabilities.notify.rendering.markdown import IN_EMAIL, write_html, write_text
from townhall.capabilities.notify.rules.addresses import simulated_outcome
from townhall.capabilities.notify.rules.costs import zone_of_number
from townhall.capabilities.notify.rules.phones import SIMULATED_PHONES
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Unavailable
from townhall.machinery.events import emit
from townhall.machinery.operations import errand, operation
from townhall.machinery.organisations import every_organisation
from townhall.machinery.tasks import task

# How long to wait after each attempt that the carrier was not there for: a day in all.
WAITS = (10, 60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600)
ALREADY_KNOWN = _("Recorded what became of a message to you")


def _system(organisation_id: UUID) -> Actor:
    return Actor("capability:notify", frozenset({permissions.DELIVER}), organisation_id)


@task
def deliver(message_id: UUID, organisation_id: UUID) -> None:
    """Take one message to the carrier. May run twice: what is sent is not sent again."""
    carry(_system(organisation_id), message_id)


@errand(permissions.DELIVER)
def carry(actor: Actor, message_id: UUID) -> None:
    """Hand a message over, unless that was done, and store what came of it."""
    message = _unsent(actor, message_id)
    if message is None:
        return
    if message.channel == Channel.LETTER and not _print_paper(actor, message):
        return
    if message.key_type == KeyType.TEST:
        mark_simulated(actor, message_id)
        return
    try:
        name = name_of(message.organisation_id, message.language)
        supplier, status = hand_over(message, name, find_troubles())
    except RecipientRefused as refusal:
        status = Status.PERMANENT_FAILURE
        fail_message(actor, message_id, status=status, cause=refusal.reply)
    except Unavailable as refusal:
        put_off(actor, message_id, attempts=message.attempts, words=str(refusal))
    except GivenMeanwhile:  # this task runs twice just now
        return
    else:
        mark_sent(actor, message_id, status=status, supplier=supplier)


def _print_paper(actor: Actor, message: models.Message) -> bool:
    """Make the PDF of a letter, unless it has one: made here before, or come ready made.

    False if its words cannot be printed; then it is given up.
    """
    if models.Paper.visible_to(actor).filter(message=message).exists():
        return True
    try:
        pdf, pages = set_letter(_sheet(message))
    except NotALetter as fault:
        is_too_long = fault.fault in ("letter-too-long", "qr-code-too-long")
        status = Status.VALIDATION_FAILED if is_too_long else Status.TECHNICAL_FAILURE
        fail_message(actor, message.id, status=status, cause=fault.fault)
        return False
    keep_paper(actor, message.id, pdf=pdf, pages=pages)
    return True


def _sheet(message: models.Message) -> records.Sheet:
    return records.Sheet(
        address=tuple(message.to.split("\n")),
        contact_block=message.origin,
        written_on=timezone.localdate(message.created_at),
        subject=message.subject,
        body=message.body,
        language=message.language,
    )


@operation(permissions.DELIVER, told=_("Printed a letter to you"))
def keep_paper(actor: Actor, message_id: UUID, *, pdf: bytes, pages: int) -> records.Message:
    """Keep the PDF of a letter. The first one that was made stays."""
    message = _locked(actor, message_id)
    _paper, is_new = models.Paper.objects.get_or_create(
        message=message, defaults={"pdf": pdf, "is_checked": True}
    )
    if is_new:
        message.units = pages
        message.save(update_fields=["units"])
        models.Step.note(message, StepKind.PRINTED)
    return message.record()


def hand_over(message: models.Message, name: str, troubles: Troubles) -> tuple[str, Status]:
    """Give a message to a supplier of its channel, by the organisation's name.

    Which has it, and what is known of it then; `troubles` is of which suppliers are not well.
    Raises RecipientRefused, Unavailable or GivenMeanwhile.
    """
    organisation_id = message.organisation_id
    match message.channel:
        case Channel.SMS:
            text = records.Text(
                message_id=message.id,
                to=message.to,
                sender=message.origin,
                body=message.body,
            )
            return route(
                message,
                texters(),
                troubles,
                lambda it: it.carry(text, organisation_id=organisation_id),
            )
        case Channel.LETTER:
            job = records.PrintJob(
                message_id=message.id,
                to=message.to,
                subject=message.subject,
                postage=message.postage,
                pdf=bytes(models.Paper.objects.get(message=message).pdf),
            )
            return route(
                message,
                printers(),
                troubles,
                lambda it: it.carry(job, organisation_id=organisation_id),
            )
    letter = _write_mail(message, name)
    return route(message, carriers(), troubles, lambda it: _mail_it(it, letter, message))


def _write_mail(message: models.Message, name: str) -> EmailMessage:
    mail = _mail(message, name)
    try:
        return write_mail(mail)
    except (MessageError, ValueError) as fault:  # what `email` raises of an address or a header
        reply = "cannot be written"
        raise RecipientRefused(_("The email cannot be written."), reply=reply) from fault


def _mail_it(carrier: Carrier, letter: EmailMessage, message: models.Message) -> Status:
    carrier.carry(letter, to=message.to, organisation_id=message.organisation_id)
    return Status.SENDING


def _unsent(actor: Actor, message_id: UUID) -> models.Message | None:
    mine = models.Message.visible_to(actor).filter(id=message_id, status=Status.CREATED)
    return mine.select_related("template").first()


def _mail(message: models.Message, name: str) -> records.Mail:
    text, html = message.body, ""
    if message.template_id is not None:
        text = write_text(message.body)
        html = write_page(
            write_html(message.body, IN_EMAIL),
            title=message.subject,
            sender=name,
            language=message.language,
        )
    return records.Mail(
        message_id=message.id,
        from_name=name,
        from_address=carrier().sender,
        to=message.to,
        subject=message.subject,
        text=text,
        html=html,
        language=message.language,
        unsubscribe_url=message.unsubscribe_url,
        reply_to=message.origin,
        attachments=message.files,
        written_at=message.created_at,
    )


def name_of(organisation_id: UUID, language: str) -> str:
    names = {each.id: each.name.in_language(language) for each in every_organisation()}
    return names.get(organisation_id, "")


@operation(permissions.DELIVER, told=ALREADY_KNOWN)
def mark_sent(
    actor: Actor, message_id: UUID, *, status: Status = Status.SENDING, supplier: str = ""
) -> records.Message:
    """The supplier has it. Whether it arrives is known only where receipts come."""
    message = _locked(actor, message_id)
    if message.status == Status.CREATED:
        message.status, message.sent_at = status, timezone.now()
        message.supplier = supplier or message.supplier
        if status == Status.DELIVERED:
            message.completed_at = message.sent_at
        if message.channel == Channel.SMS:
            message.zone = zone_of_number(message.to)
        message.save(update_fields=["status", "sent_at", "completed_at", "zone", "supplier"])
        by = message.supplier or preferred(Channel(message.channel))
        models.Step.note(message, StepKind.HANDED_OVER, by=by)
        emit(
            MessageSent(
                organisation_id=actor.organisation_id,
                message_id=message.id,
                template=_template_name(message),
                person_id=message.person_id,
                reference=message.reference,
            )
        )
        if status == Status.DELIVERED:
            tell_of_delivery(message)
    return message.record()


@operation(permissions.DELIVER, told=ALREADY_KNOWN)
def fail_message(actor: Actor, message_id: UUID, *, status: Status, cause: str) -> records.Message:
    """Give a message up, for a cause that names no address."""
    message = _locked(actor, message_id)
    if message.status in (Status.CREATED, Status.PENDING_VIRUS_CHECK):
        _fail(message, status, cause)
    return message.record()


def _fail(message: models.Message, status: Status, cause: str) -> None:
    message.status, message.completed_at = status, timezone.now()
    message.save(update_fields=["status", "completed_at"])
    models.Step.note(message, StepKind.FAILED, words=cause)
    emit(
        MessageFailed(
            organisation_id=message.organisation_id,
            message_id=message.id,
            template=_template_name(message),
            person_id=message.person_id,
            reference=message.reference,
            status=status,
            cause=cause,
        )
    )
    tell_of_delivery(message)


@operation(permissions.DELIVER, told=ALREADY_KNOWN)
def take_receipt(actor: Actor, message_id: UUID, *, receipt: records.Receipt) -> records.Message:
    """What a supplier says became of a message that it took.

    One that comes twice, or after another, changes nothing. One may come before we have stored that
    the supplier took the message; then that is so. Raises NoSuchMessage.
    """
    message = _locked(actor, message_id)
    if message.status == Status.CREATED:
        mark_sent(actor, message_id)
        message.refresh_from_db()
    if message.status not in (Status.SENDING, Status.SENT):
        return message.record()
    if receipt.status == Status.DELIVERED:
        message.status, message.completed_at = receipt.status, timezone.now()
        message.save(update_fields=["status", "completed_at"])
        models.Step.note(message, StepKind.ARRIVED)
        tell_of_delivery(message)
    else:
        _fail(message, receipt.status, receipt.cause)
    return message.record()


@operation(permissions.DELIVER, told=ALREADY_KNOWN)
def put_off(actor: Actor, message_id: UUID, *, attempts: int, words: str = "") -> records.Message:
    """Try again later, each time after a longer wait; after the last, give up.

    `attempts` is how many had failed before: only one of two that say the same goes on. `words`
    are what the supplier answered.
    """
    if attempts >= len(WAITS):
        status = Status.TECHNICAL_FAILURE
        return fail_message(actor, message_id, status=status, cause="no answer in a day")
    message = _locked(actor, message_id)
    if message.status == Status.CREATED and message.attempts == attempts:
        message.attempts += 1
        message.save(update_fields=["attempts"])
        supplier = message.supplier or preferred(Channel(message.channel))
        models.Step.note(message, StepKind.NOT_TAKEN, by=supplier, words=words)
        deliver.later_in(
            WAITS[attempts], message_id=message_id, organisation_id=actor.organisation_id
        )
    return message.record()


@operation(permissions.DELIVER, told=ALREADY_KNOWN)
def mark_simulated(actor: Actor, message_id: UUID) -> records.Message:
    """Let a test key's message come to what its address stands for; nobody gets it."""
    message = _locked(actor, message_id)
    if message.status == Status.CREATED:
        message.status = SIMULATED_PHONES.get(message.to) or simulated_outcome(message.to)
        message.sent_at = message.completed_at = timezone.now()
        message.save(update_fields=["status", "sent_at", "completed_at"])
        models.Step.note(message, StepKind.PRETENDED)
        tell_of_delivery(message)
    return message.record()


def _locked(actor: Actor, message_id: UUID) -> models.Message:
    mine = models.Message.visible_to(actor).select_for_update(of=("self",))
    message = mine.select_related("template").filter(id=message_id).first()
    if message is None:
        raise NoSuchMessage(str(message_id))
    return message


def _template_name(message: models.Message) -> str:
    return message.template.name if message.template else ""
