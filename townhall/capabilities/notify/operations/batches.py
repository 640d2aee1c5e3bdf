"""Batches: taking in a list, starting it, pausing it, cancelling it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import (
    AskedOtherwise,
    BatchOver,
    DayUsedUp,
    NoSuchBatch,
    TemplateArchived,
)
from townhall.capabilities.notify.models.batches import GOING_ON, NOT_OVER
from townhall.capabilities.notify.operations.askers import (
    done_before,
    keep_to_rate,
    named_origin,
    newest_book_of,
    note_use,
    once_fields,
    require_usable,
)
from townhall.capabilities.notify.operations.chunks import make_chunk
from townhall.capabilities.notify.operations.lists import (
    check_list,
    find_version,
    may_send_abroad,
    usual_origin,
)
from townhall.capabilities.notify.operations.reach import (
    ON_THE_WIRE,
    MayReach,
    anyone,
    keep_to_channel,
    keep_to_letters,
    whom_a_list_reaches,
)
from townhall.capabilities.notify.records import (
    ABROAD,
    BatchState,
    Channel,
    KeyType,
    ListRow,
)
from townhall.capabilities.notify.rules.tables import Table
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.operations import operation

Refusal = Callable[[str, int], str]  # of how many messages of which channel, or ABROAD

LATEST = timedelta(days=7)  # that a batch, or what staff send, may be scheduled ahead


@operation(permissions.SEND)
def send_batch_for_program(
    actor: Actor,
    *,
    program: records.Program,
    template_id: UUID,
    name: str,
    table: Table,
    starts_at: datetime | None = None,
    reference: str = "",
    origin_id: UUID | None = None,
    once: records.Once | None = None,
) -> records.Batch:
    """Take in a list and send to everyone in it, from `starts_at` on. All of it, or nothing.

    The first row of `table` is its header. Raises UnfitList with what is wrong in which rows, and
    what `send_email_for_program` does.
    """
    done = done_before(models.Batch.objects.select_related("sender", "template"), program, once)
    if done is not None:
        return done.record()
    version = require_usable(models.TemplateVersion.newest_of(program.sender_id, template_id))
    channel = Channel(version.template.channel)
    keep_to_letters(program) if channel == Channel.LETTER else keep_to_channel(program, channel)
    batch = _begin(actor, version, name, **once_fields(once))
    batch.key_id, batch.key_type = program.key_id, program.key_type
    batch.reference, batch.made_by = reference, program.name
    if origin_id is not None:
        batch.origin = named_origin(program, channel, origin_id)
    batch.starts_at = starts_at or batch.made_at
    reach = whom_a_list_reaches(program.sender_id, program.standing, channel, program.key_type)
    rows = check_list(version, table, abroad=may_send_abroad(actor), may_reach=reach)
    batch.state = BatchState.SCHEDULED if starts_at else BatchState.RUNNING
    book = newest_book_of(program)  # looking at all rows may have taken seconds
    _keep(batch, rows)
    keep_to_rate(program)  # late, since it makes the sender's other requests wait
    _start(batch, book.standing.most_a_day, _refuse_program)
    note_use(program)
    return batch.record()


@operation(permissions.SEND_MESSAGES)
def keep_list(
    actor: Actor, template_id: UUID, *, name: str, table: Table, made_by: str
) -> records.Batch:
    """Look at a list and keep it until `start_list`, as long as messages. Raises UnfitList."""
    version = find_version(actor, template_id)
    batch = _begin(actor, version, name)
    batch.made_by, batch.is_by_staff = made_by, True
    reach = whom_staff_reach(version.template)
    rows = check_list(version, table, abroad=may_send_abroad(actor), may_reach=reach)
    _keep(batch, rows)
    return batch.record()


@operation(permissions.SEND_MESSAGES)
def start_list(actor: Actor, batch_id: UUID, *, starts_at: datetime | None = None) -> records.Batch:
    """Send to everyone in a list that was kept, now or later. A second time changes nothing.

    Raises DayUsedUp, TemplateArchived, or Invalid for a time that is past or too far ahead, and if
    the list may not be sent any more.
    """
    batch = _locked(actor, batch_id)
    if batch.state == BatchState.CHECKED:
        batch.starts_at = check_time(starts_at) or timezone.now()
        _ask_again(batch)
        _start(batch, batch.sender.standing().most_a_day, _refuse_staff)
        batch.save(update_fields=["starts_at", "state"])
    return batch.record()


@operation(permissions.SEND_MESSAGES)
def pause_batch(actor: Actor, batch_id: UUID) -> records.Batch:
    """Make no more messages of it for now. Up to a thousand that are made already still go."""
    return _pause(_locked(actor, batch_id))


@operation(permissions.SEND_MESSAGES)
def resume_batch(actor: Actor, batch_id: UUID) -> records.Batch:
    """Go on where it was paused; staff answer for a batch whose program's key was revoked.

    What is not made of it counts towards the day that it goes on. Raises DayUsedUp.
    """
    return _resume(_locked(actor, batch_id), key_id=None, refusal=_refuse_to_go_on)


@operation(permissions.SEND_MESSAGES)
def cancel_batch(actor: Actor, batch_id: UUID) -> records.Batch:
    """Send no more of it, ever. What is made already still goes; the other rows are forgotten."""
    return _cancel(_locked(actor, batch_id))


@operation(permissions.SEND)
def pause_batch_of_program(
    actor: Actor, batch_id: UUID, *, program: records.Program
) -> records.Batch:
    """As staff would."""
    return _pause(_locked(actor, batch_id, program))


@operation(permissions.SEND)
def resume_batch_of_program(
    actor: Actor, batch_id: UUID, *, program: records.Program
) -> records.Batch:
    """As staff would. Its key answers for the batch if the one it came with was revoked."""
    batch = _locked(actor, batch_id, program)
    return _resume(batch, key_id=program.key_id, refusal=_refuse_program)


@operation(permissions.SEND)
def cancel_batch_of_program(
    actor: Actor, batch_id: UUID, *, program: records.Program
) -> records.Batch:
    """As staff would."""
    return _cancel(_locked(actor, batch_id, program))


def check_time(starts_at: datetime | None) -> datetime | None:
    """Raises Invalid for a time that is past or too far ahead."""
    now = timezone.now()
    if starts_at is not None and not now <= starts_at <= now + LATEST:
        raise Invalid(_("Choose a time within the next 7 days"))
    return starts_at


def whom_staff_reach(template: models.Template) -> MayReach:
    """As a live key would. Raises Invalid if the sender may not send in this way."""
    standing, channel = template.sender.standing(), Channel(template.channel)
    if channel not in standing.channels:
        raise Invalid(_("These messages are switched off for this sender"))
    if channel == Channel.LETTER and not standing.is_live:
        raise Invalid(_("A sender in trial cannot send letters. Ask for it to go live first"))
    return whom_a_list_reaches(template.sender_id, standing, channel, KeyType.LIVE)


def _ask_again(batch: models.Batch) -> None:
    """Whether a list that was well when it was looked at may be sent still."""
    if batch.template.archived_at:
        raise TemplateArchived(_("The template has been archived. Choose another one"))
    reach = whom_staff_reach(batch.template)
    if reach is anyone:
        return
    for row in batch.list_rows():
        if words := reach(row.to):
            raise Invalid(_("Row %(row)d: %(words)s") % {"row": row.number, "words": words})


def _begin(actor: Actor, version: models.TemplateVersion, name: str, **once: str) -> models.Batch:
    now = timezone.now()
    return models.Batch(
        organisation_id=actor.organisation_id,
        sender_id=version.template.sender_id,
        template=version.template,
        template_version=version.version,
        origin=usual_origin(version),
        name=name,
        state=BatchState.CHECKED,
        made_at=now,
        starts_at=now,
        **once,
    )


def _keep(batch: models.Batch, rows: Sequence[ListRow]) -> None:
    """Raises AskedOtherwise if the same request is under way: its first answer is not there yet."""
    if not batch.keep(rows):
        raise AskedOtherwise("A request with this Idempotency-Key is being worked on. Ask again")


def _start(batch: models.Batch, most_a_day: Mapping[str, int], refusal: Refusal) -> None:
    """Count it towards its day and queue its first task. Raises DayUsedUp."""
    _count(batch, most_a_day, refusal)
    _go_on(batch)


def _count(batch: models.Batch, most_a_day: Mapping[str, int], refusal: Refusal) -> None:
    """Count what is not made of it. Test keys are held to the limits, but use none of them up."""
    is_test = batch.key_type == KeyType.TEST
    ask = models.DayCount.has_room_for if is_test else models.DayCount.take_many
    for of, count in batch.left.items():
        most = most_a_day[of]
        if count and not ask(batch.sender_id, of, day=batch.day, count=count, most=most):
            raise DayUsedUp(refusal(of, most))


def _count_back(batch: models.Batch) -> None:
    """What was counted of it and is not made."""
    if batch.key_type != KeyType.TEST:
        for of, count in batch.left.items():
            models.DayCount.give_back(batch.sender_id, of, day=batch.day, count=count)


def _refuse_program(of: str, most: int) -> str:
    return f"Exceeded send limits ({ON_THE_WIRE.get(of, of)}: {most}) for today"


def _refuse_staff(of: str, _most: int) -> str:
    if of == ABROAD:
        return _("More texts are sent abroad that day than may be. Choose another day")
    return _("More messages are sent that day than may be. Choose another day")


def _refuse_to_go_on(_of: str, _most: int) -> str:
    return _("There is no room today for the rest of it. Go on another day")


def _go_on(batch: models.Batch) -> None:
    if batch.starts_at > timezone.now():
        batch.state = BatchState.SCHEDULED
        make_chunk.later_at(
            batch.starts_at,
            batch_id=batch.id,
            organisation_id=batch.organisation_id,
            number=batch.chunk,
        )
    else:
        batch.state = BatchState.RUNNING
        make_chunk.later(
            batch_id=batch.id, organisation_id=batch.organisation_id, number=batch.chunk
        )


def _pause(batch: models.Batch) -> records.Batch:
    _require(batch, *NOT_OVER)
    batch.state = BatchState.PAUSED
    batch.save(update_fields=["state"])
    return batch.record()


def _resume(batch: models.Batch, *, key_id: UUID | None, refusal: Refusal) -> records.Batch:
    _require(batch, *NOT_OVER)
    if batch.state in GOING_ON:
        return batch.record()
    if batch.is_key_revoked:
        batch.key_id = key_id
    today = timezone.now().astimezone(UTC).date()
    if batch.day < today:
        _count_back(batch)
        batch.counted_on = today
        _count(batch, batch.sender.standing().most_a_day, refusal)
    _go_on(batch)
    batch.save(update_fields=["state", "key", "counted_on"])
    return batch.record()


def _cancel(batch: models.Batch) -> records.Batch:
    _require(batch, *NOT_OVER, BatchState.CHECKED, BatchState.CANCELLED)
    if batch.state in NOT_OVER:
        _count_back(batch)
    batch.state = BatchState.CANCELLED
    batch.save(update_fields=["state"])
    batch.forget_rows()
    return batch.record()


def _require(batch: models.Batch, *states: str) -> None:
    if batch.state not in states:
        raise BatchOver(_("The batch has been sent or cancelled already."))


def _locked(actor: Actor, batch_id: UUID, program: records.Program | None = None) -> models.Batch:
    """A program has the batches of keys of its own type; those of staff are not its."""
    batch = models.Batch.locked(actor, batch_id)
    if batch is None or (program and not _is_of(program, batch)):
        raise NoSuchBatch(_("There is no such batch."))
    return batch


def _is_of(program: records.Program, batch: models.Batch) -> bool:
    same_sender = batch.sender_id == program.sender_id
    return same_sender and batch.key_type == program.key_type and not batch.is_by_staff
