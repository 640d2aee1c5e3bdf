"""Batches: taking in a list, starting it, pausing it, cancelling it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
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
    TooFast,
)
from townhall.capabilities.notify.models.batches import GOING_ON, NOT_OVER
from townhall.capabilities.notify.operations.askers import (
    MOST_A_MINUTE,
    MOST_AT_ONCE,
)
from townhall.capabilities.notify.operations.chunks import make_chunk
from townhall.capabilities.notify.operations.lists import (
    check_list,
    find_version,
    may_send_abroad,
    usual_origin,
)
from townhall.capabilities.notify.operations.reach import (
    MayReach,
    keep_to_channel,
    keep_to_letters,
    whom_a_list_reaches,
)
from townhall.capabilities.notify.records import BatchState, Channel, KeyType, ListRow
from townhall.capabilities.notify.rules.tables import Table
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.operations import operation

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
    if (done := _done_before(program, once)) is not None:
        return done
    version = models.TemplateVersion.newest_of(program.sender_id, template_id)
    if version is None:
        raise Invalid("Template not found")
    if version.template.archived_at:
        raise TemplateArchived("Template has been deleted")
    channel = Channel(version.template.channel)
    keep_to_letters(program) if channel == Channel.LETTER else keep_to_channel(program, channel)
    batch = _begin(actor, version, name)
    batch.key_type, batch.reference, batch.made_by = program.key_type, reference, program.name
    if origin_id is not None:
        batch.origin = _origin(batch, origin_id)
    batch.starts_at = starts_at or batch.made_at
    batch.once_key, batch.once_digest = (once.key, once.digest) if once else ("", "")
    reach = whom_a_list_reaches(program.sender_id, program.standing, channel, program.key_type)
    rows = check_list(version, table, abroad=may_send_abroad(actor), may_reach=reach)
    batch.state = BatchState.SCHEDULED if starts_at else BatchState.RUNNING
    _keep(batch, rows)
    _keep_to_rate(program)  # late, since it makes the sender's other requests wait
    most = program.standing.most_a_day[channel]
    _start(batch, most, f"Exceeded send limits ({channel}: {most}) for today")
    _note_use(program)
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

    Raises DayUsedUp, or Invalid for a time that is past or too far ahead.
    """
    batch = _locked(actor, batch_id)
    if batch.state == BatchState.CHECKED:
        batch.starts_at = check_time(starts_at) or timezone.now()
        most = batch.sender.standing().most_a_day[batch.template.channel]
        _start(batch, most, _("More messages are sent that day than may be. Choose another day"))
        batch.save(update_fields=["starts_at", "state"])
    return batch.record()


@operation(permissions.SEND_MESSAGES)
def pause_batch(actor: Actor, batch_id: UUID) -> records.Batch:
    """Make no more messages of it for now. Up to a thousand that are made already still go."""
    return _pause(_locked(actor, batch_id))


@operation(permissions.SEND_MESSAGES)
def resume_batch(actor: Actor, batch_id: UUID) -> records.Batch:
    """Go on where it was paused."""
    return _resume(_locked(actor, batch_id))


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
    """As staff would."""
    return _resume(_locked(actor, batch_id, program))


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


def _keep_to_rate(program: records.Program) -> None:
    """A whole batch is one request."""
    of = program.sender_id, program.key_type
    if not models.Allowance.take_one(*of, most=MOST_AT_ONCE, per_second=MOST_A_MINUTE / 60):
        raise TooFast(
            f"Exceeded rate limit for key type {program.key_type.upper()} of {MOST_A_MINUTE} "
            "requests per 60 seconds"
        )


def _note_use(program: records.Program) -> None:
    today = timezone.localdate()
    if program.last_used_on != today:
        models.ApiKey.objects.filter(id=program.key_id).update(last_used_on=today)


def _origin(batch: models.Batch, origin_id: UUID) -> str:
    """What its messages say they are from, instead of the sender's usual."""
    channel = batch.template.channel
    ours = models.Origin.objects.filter(sender_id=batch.sender_id, channel=channel)
    found = ours.filter(id=origin_id).first()
    if found is None:
        field = "email_reply_to_id" if channel == Channel.EMAIL else "sms_sender_id"
        raise Invalid(
            f"{field} {origin_id} does not exist in database for service id {batch.sender_id}"
        )
    return found.words


def whom_staff_reach(template: models.Template) -> MayReach:
    """As a live key would. Raises Invalid if the sender may not send in this way."""
    standing, channel = template.sender.standing(), Channel(template.channel)
    if channel not in standing.channels:
        raise Invalid(_("These messages are switched off for this sender"))
    if channel == Channel.LETTER and not standing.is_live:
        raise Invalid(_("A sender in trial cannot send letters. Ask for it to go live first"))
    return whom_a_list_reaches(template.sender_id, standing, channel, KeyType.LIVE)


def _begin(actor: Actor, version: models.TemplateVersion, name: str) -> models.Batch:
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
    )


def _keep(batch: models.Batch, rows: Sequence[ListRow]) -> None:
    """Raises AskedOtherwise if the same request is under way: its first answer is not there yet."""
    if not batch.keep(rows):
        raise AskedOtherwise("A request with this Idempotency-Key is being worked on. Ask again")


def _start(batch: models.Batch, most: int, refusal: str) -> None:
    """Count it towards its day and queue its first task. Raises DayUsedUp, in these words."""
    channel = batch.template.channel
    is_test = batch.key_type == KeyType.TEST
    ask = models.DayCount.has_room_for if is_test else models.DayCount.take_many
    if not ask(batch.sender_id, channel, day=batch.day, count=batch.row_count, most=most):
        raise DayUsedUp(refusal)
    _go_on(batch)


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


def _resume(batch: models.Batch) -> records.Batch:
    _require(batch, *NOT_OVER)
    if batch.state not in GOING_ON:
        _go_on(batch)
        batch.save(update_fields=["state"])
    return batch.record()


def _cancel(batch: models.Batch) -> records.Batch:
    _require(batch, *NOT_OVER, BatchState.CHECKED, BatchState.CANCELLED)
    if batch.state in NOT_OVER and batch.key_type != KeyType.TEST:
        left = batch.row_count - batch.made_count
        channel = batch.template.channel
        models.DayCount.give_back(batch.sender_id, channel, day=batch.day, count=left)
    batch.state = BatchState.CANCELLED
    batch.save(update_fields=["state"])
    batch.forget_rows()
    return batch.record()


def _require(batch: models.Batch, *states: str) -> None:
    if batch.state not in states:
        raise BatchOver(_("The batch has been sent or cancelled already."))


def _locked(actor: Actor, batch_id: UUID, program: records.Program | None = None) -> models.Batch:
    batch = models.Batch.locked(actor, batch_id)
    if batch is None or (program and batch.sender_id != program.sender_id):
        raise NoSuchBatch(_("There is no such batch."))
    return batch


def _done_before(program: records.Program, once: records.Once | None) -> records.Batch | None:
    """The batch of an earlier request with the same Idempotency-Key. Raises AskedOtherwise."""
    if once is None:
        return None
    same = {"sender_id": program.sender_id, "key_type": program.key_type, "once_key": once.key}
    done = models.Batch.objects.select_related("sender", "template").filter(**same).first()
    if done is not None and done.once_digest != once.digest:
        raise AskedOtherwise("This Idempotency-Key was used for a different request")
    return done.record() if done else None
