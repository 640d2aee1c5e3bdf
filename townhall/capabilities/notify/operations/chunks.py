"""Making messages of a batch's rows, a chunk at a time."""

from typing import Any
from uuid import UUID

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.models.batches import GOING_ON
from townhall.capabilities.notify.operations.groups import GROUP, deliver_group
from townhall.capabilities.notify.operations.lists import write_message
from townhall.capabilities.notify.records import BatchState, ListRow, Status
from townhall.capabilities.notify.rules.addresses import SMOKE
from townhall.capabilities.notify.rules.phones import SMOKE_PHONES
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation
from townhall.machinery.tasks import task

SMOKES = SMOKE | SMOKE_PHONES


@task
def make_chunk(batch_id: UUID, organisation_id: UUID, number: int) -> None:
    """Make messages of one chunk of a batch. May run twice: a chunk's turn comes once."""
    may = frozenset({permissions.DELIVER})
    make_messages(Actor("capability:notify", may, organisation_id), batch_id, number=number)


@operation(permissions.DELIVER)
def make_messages(actor: Actor, batch_id: UUID, *, number: int) -> records.Batch | None:
    """Make messages of a chunk, with the tasks that hand them over and the next chunk's own.

    None, and nothing happens, unless it is that chunk's turn and the batch is going on. The next
    chunk's task stands in the middle of the queue that this one makes: so there is always something
    to hand over, and yet a batch that is paused or cancelled soon stops. One whose program's key
    was revoked is paused instead.
    """
    batch = models.Batch.locked(actor, batch_id)
    if batch is None or batch.state not in GOING_ON or batch.chunk != number:
        return None
    if batch.is_key_revoked:
        batch.state = BatchState.PAUSED
        batch.save(update_fields=["state"])
        return batch.record()
    chunk = models.BatchChunk.objects.filter(batch=batch, number=number).first()
    if chunk is None:
        return None
    rows = chunk.list_rows()
    messages = _write(batch, rows)
    models.Message.objects.bulk_create(messages)
    chunk.delete()
    batch.made_count += len(messages)
    batch.abroad_left = max(0, batch.abroad_left - batch.count_abroad(rows))
    is_last = batch.made_count >= batch.row_count
    batch.state = BatchState.FINISHED if is_last else BatchState.RUNNING
    batch.save(update_fields=["made_count", "abroad_left", "state"])
    _queue(batch, [each.id for each in messages if each.status == Status.CREATED], is_last)
    return batch.record()


def _queue(batch: models.Batch, message_ids: list[UUID], is_last: bool) -> None:
    of = {"organisation_id": batch.organisation_id}
    tasks = [
        {"message_ids": message_ids[first : first + GROUP], **of}
        for first in range(0, len(message_ids), GROUP)
    ]
    half = len(tasks) // 2
    deliver_group.each_behind(tasks[:half])
    if not is_last:
        make_chunk.each_behind([{"batch_id": batch.id, "number": batch.chunk, **of}])
    deliver_group.each_behind(tasks[half:])


def _write(batch: models.Batch, rows: list[ListRow]) -> list[models.Message]:
    version = models.TemplateVersion.objects.select_related("template__sender").get(
        template_id=batch.template_id, version=batch.template_version
    )
    about = {
        "organisation_id": batch.organisation_id,
        "sender_id": batch.sender_id,
        "key_type": batch.key_type,
        "batch": batch,
        "origin": batch.origin,
        "reference": batch.reference,
        "made_by": batch.made_by if batch.is_by_staff else "",
    }
    return [write_row(version, row, batch_row=row.number, **about) for row in rows]


def write_row(
    version: models.TemplateVersion, row: ListRow, **about: Any
) -> models.Message:  # Any: of the message's fields
    """The message of one row, not stored yet. At a smoke address it has arrived already."""
    message = models.Message(
        template=version.template,
        template_version=version.version,
        channel=version.template.channel,
        to=row.to,
        postage=row.postage,
        personalisation=row.values,
        **write_message(version, row.values),
        **about,
    )
    if row.to.lower() in SMOKES:
        message.status = Status.DELIVERED
        message.sent_at = message.completed_at = message.created_at
    return message
