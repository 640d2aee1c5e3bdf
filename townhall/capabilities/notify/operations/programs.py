"""Taking in what programs ask to send, under the rules of GOV.UK Notify and in its words."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy, override

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.dials import Dials
from townhall.capabilities.notify.errors import (
    AskedOtherwise,
    EmptyMessage,
    MessageTooLong,
    TooFast,
)
from townhall.capabilities.notify.operations.papers import check_paper
from townhall.capabilities.notify.operations.reach import (
    count_one,
    keep_to_channel,
    keep_to_guests,
    keep_to_letters,
)
from townhall.capabilities.notify.operations.sending import fill_in, store, take_in
from townhall.capabilities.notify.records import Channel, Personalisation, Status
from townhall.capabilities.notify.rendering.letters import write_letter_body
from townhall.capabilities.notify.rendering.placeholders import fill_subject, require_values
from townhall.capabilities.notify.rendering.sanitising import sanitise
from townhall.capabilities.notify.rendering.texts import LONGEST_SMS, count_fragments, write_sms
from townhall.capabilities.notify.rules.addresses import SMOKE, clean_address
from townhall.capabilities.notify.rules.phones import SMOKE_PHONES, clean_phone
from townhall.capabilities.notify.rules.postal import read_address
from townhall.machinery.actors import Actor
from townhall.machinery.dial_values import dials_of
from townhall.machinery.errors import Invalid
from townhall.machinery.operations import operation

MOST_A_MINUTE = 3_000  # of one sender with one type of key
MOST_AT_ONCE = 1_000
UNITED_KINGDOM = "united-kingdom"
SENT_YOU = gettext_lazy("Sent you a message")


@operation(permissions.SEND, told=SENT_YOU)
def send_email_for_program(
    actor: Actor,
    *,
    program: records.Program,
    template_id: UUID,
    to: str,
    personalisation: Personalisation,
    reference: str = "",
    reply_to_id: UUID | None = None,
    unsubscribe_url: str = "",
    sanitise_content_for: Sequence[str] = (),
    once: records.Once | None = None,
) -> records.Message:
    """Send one email as a program asks.

    With `once`, a second request of that key is answered with the first one's message and sends
    nothing. Mail to a smoke address is checked and answered like any other, but not kept. Raises
    TooFast, DayUsedUp, AskedOtherwise, Invalid or NotOnGuestList, and what `send_email` raises.
    """
    keep_to_channel(program, Channel.EMAIL)
    _keep_to_rate(program)
    values, sanitised = sanitise(personalisation, sanitise_content_for)
    if (done := _done_before(program, once)) is not None:
        return replace(done, sanitised=sanitised)
    version = _version(program, template_id, Channel.EMAIL)
    message = _begin(program, version, clean_address(to), reference, once)
    message.origin = _origin(program, version, reply_to_id, "email_reply_to_id")
    message.unsubscribe_url = unsubscribe_url
    fill_in(message, version, values, "en")
    if message.to.lower() in SMOKE:
        return replace(message.record(), sanitised=sanitised)
    keep_to_guests(program, Channel.EMAIL, message.to)
    return replace(_take_in(actor, program, message), sanitised=sanitised)


@operation(permissions.SEND, told=SENT_YOU)
def send_text_for_program(
    actor: Actor,
    *,
    program: records.Program,
    template_id: UUID,
    to: str,
    personalisation: Personalisation,
    reference: str = "",
    text_sender_id: UUID | None = None,
    once: records.Once | None = None,
) -> records.Message:
    """Send one text as a program asks. Raises what `send_email_for_program` does, of a number."""
    keep_to_channel(program, Channel.SMS)
    _keep_to_rate(program)
    if (done := _done_before(program, once)) is not None:
        return done
    version = _version(program, template_id, Channel.SMS)
    phone = clean_phone(to, abroad=True)
    if phone.is_abroad and not _may_abroad(actor):
        raise Invalid("Cannot send to international mobile numbers")
    message = _begin(program, version, phone.number, reference, once)
    message.origin = _origin(program, version, text_sender_id, "sms_sender_id")
    _write_text(message, version, personalisation)
    if phone.number in SMOKE_PHONES:
        return message.record()
    keep_to_guests(program, Channel.SMS, phone.number)
    if phone.is_abroad:
        count_one(program, records.ABROAD)
    return _take_in(actor, program, message)


def _write_text(
    message: models.Message, version: models.TemplateVersion, values: Personalisation
) -> None:
    require_values(values, version.body_en)
    with override("en"):
        message.body = write_sms(version.body_en, values)
    message.personalisation = dict(values)
    if not message.body.strip():
        raise EmptyMessage("Your message is empty.")
    if len(message.body) > LONGEST_SMS:
        raise MessageTooLong(
            f"Text messages cannot be longer than {LONGEST_SMS} characters. "
            f"Your message is {len(message.body)} characters long."
        )
    message.units = count_fragments(message.body)


@operation(permissions.SEND, told=SENT_YOU)
def send_letter_for_program(
    actor: Actor,
    *,
    program: records.Program,
    template_id: UUID,
    personalisation: Personalisation,
    reference: str = "",
    once: records.Once | None = None,
) -> records.Message:
    """Send one letter as a program asks; its address stands among the values.

    Raises what `send_email_for_program` does, and NotAPostalAddress.
    """
    keep_to_letters(program)
    _keep_to_rate(program)
    if (done := _done_before(program, once)) is not None:
        return done
    version = _version(program, template_id, Channel.LETTER)
    address = read_address(personalisation, abroad=_may_abroad(actor))
    message = _begin(program, version, "\n".join(address.lines), reference, once)
    require_values(personalisation, version.subject_en, version.body_en)
    message.origin = version.contact_block
    message.postage = version.postage if address.zone == UNITED_KINGDOM else address.zone
    with override("en"):
        message.subject = fill_subject(version.subject_en, personalisation)
        message.body = write_letter_body(version.body_en, personalisation)
    message.personalisation = dict(personalisation)
    return _take_in(actor, program, message)


@operation(permissions.SEND, told=SENT_YOU)
def send_precompiled_for_program(
    actor: Actor,
    *,
    program: records.Program,
    reference: str,
    pdf: bytes,
    postage: str = "",
    once: records.Once | None = None,
) -> records.Message:
    """Take in a letter that came as a PDF; it is looked at, and scanned, before it is printed."""
    keep_to_letters(program)
    _keep_to_rate(program)
    if (done := _done_before(program, once)) is not None:
        return done
    message = models.Message(
        **_once(once),
        sender_id=program.sender_id,
        key_type=program.key_type,
        channel=Channel.LETTER,
        subject="Pre-compiled PDF",
        reference=reference,
        postage=postage or "second",
        status=Status.PENDING_VIRUS_CHECK,
    )
    count_one(program, Channel.LETTER)
    store(message, actor.organisation_id)
    models.Paper.objects.create(message=message, pdf=pdf)
    check_paper.later(message_id=message.id, organisation_id=actor.organisation_id)
    _note_use(program)
    return message.record()


def _keep_to_rate(program: records.Program) -> None:
    allowed = models.Allowance.take_one(
        program.sender_id, program.key_type, most=MOST_AT_ONCE, per_second=MOST_A_MINUTE / 60
    )
    if not allowed:
        raise TooFast(
            f"Exceeded rate limit for key type {program.key_type.upper()} of {MOST_A_MINUTE} "
            "requests per 60 seconds"
        )


def _version(
    program: records.Program, template_id: UUID, channel: Channel
) -> models.TemplateVersion:
    version = models.TemplateVersion.newest_of(program.sender_id, template_id)
    if version is None:
        raise Invalid("Template not found")
    of = version.template.channel
    if of != channel:
        raise Invalid(f"{of} template is not suitable for {channel} notification")
    return version


def _done_before(program: records.Program, once: records.Once | None) -> records.Message | None:
    """The message of an earlier request with the same Idempotency-Key. Raises AskedOtherwise.

    What a test key pretended to send, a live key has not sent: each type has its own.
    """
    if once is None:
        return None
    done = models.Message.objects.filter(
        sender_id=program.sender_id, key_type=program.key_type, once_key=once.key
    ).first()
    if done is not None and done.once_digest != once.digest:
        raise AskedOtherwise("This Idempotency-Key was used for a different request")
    return done.record() if done else None


def _once(once: records.Once | None) -> dict[str, str]:
    return {"once_key": once.key, "once_digest": once.digest} if once else {}


def _begin(
    program: records.Program,
    version: models.TemplateVersion,
    to: str,
    reference: str,
    once: records.Once | None,
) -> models.Message:
    return models.Message(
        **_once(once),
        sender_id=program.sender_id,
        key_type=program.key_type,
        channel=version.template.channel,
        template=version.template,
        template_version=version.version,
        to=to,
        reference=reference,
    )


def _origin(
    program: records.Program, version: models.TemplateVersion, asked: UUID | None, field: str
) -> str:
    """What the message says it is from; the sender's usual, unless another of its own is asked."""
    if asked is None:
        return version.usual_origin
    ours = models.Origin.objects.filter(sender_id=program.sender_id)
    found = ours.filter(id=asked, channel=version.template.channel).first()
    if found is None:
        raise Invalid(
            f"{field} {asked} does not exist in database for service id {program.sender_id}"
        )
    return found.words


def _may_abroad(actor: Actor) -> bool:
    return dials_of(actor.organisation_id, "notify", Dials).abroad


def _note_use(program: records.Program) -> None:
    today = timezone.localdate()
    if program.last_used_on != today:
        models.ApiKey.objects.filter(id=program.key_id).update(last_used_on=today)


def _take_in(actor: Actor, program: records.Program, message: models.Message) -> records.Message:
    count_one(program, message.channel)
    _note_use(program)
    return take_in(message, actor.organisation_id)
