"""Taking in what programs ask to send, under the rules of GOV.UK Notify and in its words."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, wraps
from typing import Any, Concatenate, ParamSpec, cast
from uuid import UUID

from django.utils.translation import gettext_lazy, override

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.dials import Dials
from townhall.capabilities.notify.errors import (
    AskedOtherwise,
    EmptyMessage,
    MessageTooLong,
)
from townhall.capabilities.notify.operations.askers import (
    book_of,
    done_before,
    keep_to_rate,
    named_origin,
    newest_book_of,
    note_use,
    once_fields,
    require_usable,
)
from townhall.capabilities.notify.operations.delivery import deliver
from townhall.capabilities.notify.operations.papers import check_paper
from townhall.capabilities.notify.operations.reach import (
    count_each,
    count_one,
    keep_to_channel,
    keep_to_guests,
    keep_to_letters,
)
from townhall.capabilities.notify.operations.sending import fill_in, store
from townhall.capabilities.notify.records import Channel, Personalisation, Status
from townhall.capabilities.notify.rendering.codes import check_codes
from townhall.capabilities.notify.rendering.placeholders import (
    fill_body,
    fill_subject,
    require_values,
)
from townhall.capabilities.notify.rendering.sanitising import sanitise
from townhall.capabilities.notify.rendering.texts import (
    LONGEST_SMS,
    begin_with,
    count_fragments,
    write_sms,
)
from townhall.capabilities.notify.rules.addresses import SMOKE, clean_address
from townhall.capabilities.notify.rules.countries import UNITED_KINGDOM
from townhall.capabilities.notify.rules.phones import SMOKE_PHONES, clean_phone
from townhall.capabilities.notify.rules.postal import read_address
from townhall.machinery.actors import Actor
from townhall.machinery.database.prepared import Insertion
from townhall.machinery.dial_values import dials_of
from townhall.machinery.errors import Invalid, Refused
from townhall.machinery.operations import Statement, operation, operation_of_one
from townhall.machinery.tasks import DEFINITION, ring

P = ParamSpec("P")
Accepted = Statement[records.Message] | records.Message
Decide = Callable[Concatenate[Actor, P], Accepted]

SENT_YOU = gettext_lazy("Sent you a message")
_message_row = Insertion(
    models.Message,
    varying=(
        "id",
        "organisation_id",
        "sender",
        "key_type",
        "template",
        "template_version",
        "language",
        "channel",
        "to",
        "origin",
        "units",
        "postage",
        "zone",
        "subject",
        "body",
        "personalisation",
        "unsubscribe_url",
        "reference",
        "scheduled_for",
        "once_key",
        "once_digest",
        "created_at",
    ),
)


def by_the_book(decide: Decide[P]) -> Decide[P]:
    """Decide by what this process knows of the sender; again if that has changed meanwhile."""

    @wraps(decide)
    def decide_again(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> Accepted:
        program = cast(records.Program, kwargs["program"])
        book = book_of(program)
        kwargs["program"] = _as_it_stands(program, book)
        try:
            accepted = decide(actor, *args, **kwargs)
        except Refused:
            if book.is_current():
                raise
            book.close()
            return decide_again(actor, *args, **kwargs)
        if not isinstance(accepted, Statement):
            return accepted

        def otherwise() -> Accepted:
            is_current = book.is_current()
            try:
                return accepted.otherwise()
            except AskedOtherwise:
                if is_current:
                    raise
            book.close()
            return decide_again(actor, *args, **kwargs)

        return replace(accepted, otherwise=otherwise)

    return decide_again


def _as_it_stands(program: records.Program, book: models.Book) -> records.Program:
    is_known = program.standing is book.standing  # a copy has its price
    return program if is_known else replace(program, standing=book.standing)


@operation_of_one(permissions.SEND, told=SENT_YOU)
@by_the_book
def send_email_for_program(
    actor: Actor,
    *,
    program: records.Program,
    template_id: UUID,
    to: str,
    personalisation: Personalisation,
    reference: str = "",
    reply_to_id: UUID | None = None,
    scheduled_for: datetime | None = None,
    unsubscribe_url: str = "",
    sanitise_content_for: Sequence[str] = (),
    once: records.Once | None = None,
    template_version: int = 0,
) -> Accepted:
    """Send one email as a program asks.

    With `once`, a second request of that key is answered with the first one's message and sends
    nothing. Mail to a smoke address is checked and answered like any other, but not kept. Raises
    TooFast, DayUsedUp, AskedOtherwise, Invalid or NotOnGuestList, and what `send_email` raises.
    """
    keep_to_channel(program, Channel.EMAIL)
    keep_to_rate(program)
    values, sanitised = sanitise(personalisation, sanitise_content_for)
    if (done := _done_before(program, once)) is not None:
        return replace(done, sanitised=sanitised)
    version = _version(program, template_id, Channel.EMAIL, template_version)
    message = _begin(program, version, clean_address(to), reference, once)
    message.origin = _origin(program, version, reply_to_id)
    message.unsubscribe_url = unsubscribe_url
    message.scheduled_for = scheduled_for
    fill_in(message, version, values, "en")
    if message.to.lower() in SMOKE:
        return message.record(sanitised=sanitised)
    keep_to_guests(program, Channel.EMAIL, message.to)
    return _take_in(actor, program, message, sanitised=sanitised)


@operation_of_one(permissions.SEND, told=SENT_YOU)
@by_the_book
def send_text_for_program(
    actor: Actor,
    *,
    program: records.Program,
    template_id: UUID,
    to: str,
    personalisation: Personalisation,
    reference: str = "",
    text_sender_id: UUID | None = None,
    scheduled_for: datetime | None = None,
    once: records.Once | None = None,
    template_version: int = 0,
) -> Accepted:
    """Send one text as a program asks. Raises what `send_email_for_program` does, of a number."""
    keep_to_channel(program, Channel.SMS)
    keep_to_rate(program)
    if (done := _done_before(program, once)) is not None:
        return done
    version = _version(program, template_id, Channel.SMS, template_version)
    phone = clean_phone(to, abroad=True)
    if phone.is_abroad and not _may_abroad(actor):
        raise Invalid("Cannot send to international mobile numbers")
    message = _begin(program, version, phone.number, reference, once)
    message.origin = _origin(program, version, text_sender_id)
    _write_text(message, version, personalisation)
    message.scheduled_for = scheduled_for
    if phone.number in SMOKE_PHONES:
        return message.record()
    keep_to_guests(program, Channel.SMS, phone.number)
    return _take_in(actor, program, message, also=[records.ABROAD] if phone.is_abroad else [])


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
            "Your message is too long. "
            f"Text messages cannot be longer than {LONGEST_SMS} characters. "
            f"Your message is {len(message.body)} characters long."
        )
    message.body = begin_with(version.template.sender.prefix, message.body)
    message.units = count_fragments(message.body)


@operation_of_one(permissions.SEND, told=SENT_YOU)
@by_the_book
def send_letter_for_program(
    actor: Actor,
    *,
    program: records.Program,
    template_id: UUID,
    personalisation: Personalisation,
    reference: str = "",
    once: records.Once | None = None,
    template_version: int = 0,
) -> Accepted:
    """Send one letter as a program asks; its address stands among the values.

    Raises what `send_email_for_program` does, and NotAPostalAddress.
    """
    keep_to_letters(program)
    keep_to_rate(program)
    if (done := _done_before(program, once)) is not None:
        return done
    version = _version(program, template_id, Channel.LETTER, template_version)
    address = read_address(personalisation, abroad=_may_abroad(actor))
    message = _begin(program, version, "\n".join(address.lines), reference, once)
    require_values(personalisation, version.subject_en, version.body_en)
    message.origin = version.contact_block
    message.postage = version.postage if address.zone == UNITED_KINGDOM else address.zone
    with override("en"):
        message.subject = fill_subject(version.subject_en, personalisation)
        message.body = fill_body(version.body_en, personalisation)
        check_codes(message.body)
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
    program = replace(program, standing=newest_book_of(program).standing)
    keep_to_letters(program)
    keep_to_rate(program)
    if (done := _done_before(program, once)) is not None:
        return done
    message = models.Message(
        **once_fields(once),
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
    note_use(program)
    return message.record()


def _version(
    program: records.Program, template_id: UUID, channel: Channel, number: int
) -> models.TemplateVersion:
    """The newest if `number` is 0."""
    if number:
        version = models.TemplateVersion.one_of(program.sender_id, template_id, number)
    else:
        version = book_of(program).template(template_id)
    return require_usable(version, channel)


def _done_before(program: records.Program, once: records.Once | None) -> records.Message | None:
    if once is None:  # the usual case, without a query being built
        return None
    done = done_before(models.Message.objects.all(), program, once)
    return done.record() if done else None


def _begin(
    program: records.Program,
    version: models.TemplateVersion,
    to: str,
    reference: str,
    once: records.Once | None,
) -> models.Message:
    return models.Message.begin(
        **once_fields(once),
        sender_id=program.sender_id,
        key_type=program.key_type,
        channel=version.template.channel,
        template=version.template,
        template_version=version.version,
        to=to,
        reference=reference,
    )


def _origin(program: records.Program, version: models.TemplateVersion, asked: UUID | None) -> str:
    """What the message says it is from; the sender's usual, unless another of its own is asked."""
    channel = Channel(version.template.channel)
    if asked is None:
        return book_of(program).usual_origin(channel)
    return named_origin(program, channel, asked)


def _may_abroad(actor: Actor) -> bool:
    return dials_of(actor.organisation_id, "notify", Dials).abroad


def _take_in(
    actor: Actor,
    program: records.Program,
    message: models.Message,
    *,
    also: Sequence[str] = (),  # what else it counts as in the day's limits
    **told: Any,  # what else the record says
) -> Statement[records.Message]:
    """The message, and the task that takes it to its supplier: all or nothing, and once."""
    count_back = count_each(program, [message.channel, *also])
    note_use(program)
    message.organisation_id = actor.organisation_id
    facts = deliver.facts(
        message.scheduled_for, message_id=message.id, organisation_id=actor.organisation_id
    )

    def refuse() -> Accepted:
        count_back()
        raise AskedOtherwise("A request with this Idempotency-Key is being worked on. Ask again")

    return Statement(
        sql=_taken_in(),
        definition=f"generation int, {_message_row.definition}, {DEFINITION}",
        id=message.id,
        facts={"generation": book_of(program).generation, **_message_row.facts(message), **facts},
        result=message.record(**told),
        otherwise=refuse,
        afterwards=ring if message.scheduled_for is None else None,
    )


@cache
def _taken_in() -> str:
    return (
        f"{models.CURRENT}, "
        f"written AS ({_message_row.sql('current')} ON CONFLICT DO NOTHING RETURNING id), "
        f"queued AS ({deliver.queue_sql('given JOIN written USING (id)')})"
    )
