"""Batches and what became of them, what can be sent, and what is to be sent later."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import NoSuchBatch, NoSuchTemplate
from townhall.capabilities.notify.records import BatchState
from townhall.machinery.actors import Actor
from townhall.machinery.operations import query
from townhall.machinery.paging import Page, page_of

SAW = gettext_lazy("Saw a message that was sent to you")
OF_REPORT = 2_000  # lines that are read at once


@query(permissions.SEND_MESSAGES)
def list_batches(actor: Actor, *, place: str | None = None) -> Page[records.Batch]:
    """The organisation's batches, newest first; not the lists that nobody has said to send."""
    found = models.Message.batches(actor).exclude(state=BatchState.CHECKED)
    return page_of(
        found,
        models.Batch.record,
        order=("-made_at", "-id"),
        place=place,
    )


@query(permissions.SEND_MESSAGES)
def get_batch(actor: Actor, batch_id: UUID) -> records.BatchProgress:
    """A batch and how far it is. Raises NoSuchBatch."""
    return _progress(_batch(actor, batch_id))


@query(permissions.READ)
def get_batch_of_program(
    actor: Actor, batch_id: UUID, *, program: records.Program
) -> records.BatchProgress:
    """A batch sent with any key of the program's sender. Raises NoSuchBatch."""
    batch = _batch(actor, batch_id)
    if batch.sender_id != program.sender_id:
        raise NoSuchBatch(_("There is no such batch."))
    return _progress(batch)


@query(permissions.SEND_MESSAGES, told=gettext_lazy("Saw a list of people to send messages to"))
def list_first_rows(actor: Actor, batch_id: UUID) -> list[records.ListRow]:
    """The first few rows of a list that was kept."""
    chunk = models.BatchChunk.visible_to(actor).filter(batch_id=batch_id, number=0).first()
    return chunk.list_rows()[:10] if chunk else []


@query(permissions.SEND_MESSAGES, told=SAW)
def list_report_lines(
    actor: Actor, batch_id: UUID, *, after_row: int = 0
) -> list[records.ReportLine]:
    """What became of the next rows of a batch, in the order of its file, until none is left."""
    mine = models.Message.visible_to(actor).filter(batch_id=batch_id, batch_row__gt=after_row)
    return [message.report_line() for message in mine.order_by("batch_row")[:OF_REPORT]]


@query(permissions.SEND_MESSAGES, told=SAW)
def list_scheduled_messages(actor: Actor, *, place: str | None = None) -> Page[records.Message]:
    """Messages that are to be sent later, the next one first."""
    found = models.Message.scheduled(actor)
    return page_of(found, models.Message.record, order=("scheduled_for", "id"), place=place)


@query(permissions.SEND_MESSAGES)
def list_templates_to_send(actor: Actor, *, place: str | None = None) -> Page[records.TemplateLine]:
    """The organisation's templates by title, but for archived ones."""
    mine = models.Template.visible_to(actor).filter(archived_at=None)
    found = mine.select_related("sender")
    return page_of(found, models.Template.line, order=("title", "id"), place=place)


@query(permissions.SEND_MESSAGES)
def get_template_to_send(
    actor: Actor, template_id: UUID, *, version: int | None = None
) -> records.Template:
    """A template with its newest wording, or with that of one version. Raises NoSuchTemplate."""
    found = models.TemplateVersion.newest(actor)
    if version is not None:
        mine = models.TemplateVersion.visible_to(actor).filter(version=version)
        found = mine.select_related("template__sender")
    of_it = found.filter(template_id=template_id).first()
    if of_it is None:
        raise NoSuchTemplate(_("There is no such template."))
    return of_it.record()


def _batch(actor: Actor, batch_id: UUID) -> models.Batch:
    batch = models.Message.batches(actor).filter(id=batch_id).first()
    if batch is None:
        raise NoSuchBatch(_("There is no such batch."))
    return batch


def _progress(batch: models.Batch) -> records.BatchProgress:
    counts = models.Message.count_by_status(batch)
    return records.BatchProgress(id=batch.id, batch=batch.record(), counts=counts)
