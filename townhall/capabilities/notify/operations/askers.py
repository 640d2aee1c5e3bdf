"""What every request of a program shares: its book, its rate, its Idempotency-Key."""

from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from townhall.capabilities.notify import models, records
from townhall.capabilities.notify.errors import (
    AskedOtherwise,
    TemplateArchived,
    TokenRefused,
    TooFast,
)
from townhall.capabilities.notify.records import Channel
from townhall.machinery.errors import Invalid

MOST_A_MINUTE = 3_000  # of one sender with one type of key
MOST_AT_ONCE = 1_000
FIELDS = {Channel.EMAIL: "email_reply_to_id", Channel.SMS: "sms_sender_id"}

M = TypeVar("M", models.Message, models.Batch)


def book_of(program: records.Program) -> models.Book:
    """What is known of a program's sender. Raises TokenRefused if the key is not good any more."""
    book = models.Book.of(program.sender_id)
    if book is None or not any(key.id == program.key_id for key in book.keys_in_use):
        raise TokenRefused("Invalid token: API key revoked")
    return book


def newest_book_of(program: records.Program) -> models.Book:
    """The same, when what this process knows may have changed. Raises TokenRefused."""
    book = book_of(program)
    if book.is_current():
        return book
    book.close()
    return book_of(program)


def keep_to_rate(program: records.Program) -> None:
    """Count one request, be it of a whole batch. Raises TooFast."""
    allowed = models.Allowance.take_one(
        program.sender_id, program.key_type, most=MOST_AT_ONCE, per_second=MOST_A_MINUTE / 60
    )
    if not allowed:
        raise TooFast(
            f"Exceeded rate limit for key type {program.key_type.upper()} of {MOST_A_MINUTE} "
            "requests per 60 seconds"
        )


def note_use(program: records.Program) -> None:
    today = timezone.localdate()
    if program.last_used_on != today:
        models.ApiKey.objects.filter(id=program.key_id).update(last_used_on=today)
        book_of(program).note_use(program.key_id, today)


def require_usable(
    version: models.TemplateVersion | None, channel: Channel | None = None
) -> models.TemplateVersion:
    """What can be sent, in this channel if one is asked for. Raises Invalid or TemplateArchived."""
    if version is None:
        raise Invalid("Template not found")
    of = version.template.channel
    if channel is not None and of != channel:
        raise Invalid(f"{of} template is not suitable for {channel} notification")
    if version.template.archived_at:
        raise TemplateArchived("Template has been deleted")
    return version


def named_origin(program: records.Program, channel: Channel, origin_id: UUID) -> str:
    """What a message says it is from, as the program asks. Raises Invalid if that is not its."""
    found = book_of(program).origin(origin_id, channel)
    if found is None:
        field = FIELDS.get(channel, FIELDS[Channel.SMS])
        raise Invalid(
            f"{field} {origin_id} does not exist in database for service id {program.sender_id}"
        )
    return found.words


def done_before(rows: QuerySet[M], program: records.Program, once: records.Once | None) -> M | None:
    """What an earlier request with the same Idempotency-Key made. Raises AskedOtherwise.

    What a test key pretended to send, a live key has not sent: each type has its own.
    """
    if once is None:
        return None
    done = rows.filter(
        sender_id=program.sender_id, key_type=program.key_type, once_key=once.key
    ).first()
    if done is not None and done.once_digest != once.digest:
        raise AskedOtherwise("This Idempotency-Key was used for a different request")
    return done


def once_fields(once: records.Once | None) -> dict[str, str]:
    return {"once_key": once.key, "once_digest": once.digest} if once else {}
