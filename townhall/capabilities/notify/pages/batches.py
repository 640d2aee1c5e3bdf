"""Sending to a list: upload it, see what is wrong with it, check it, send it, watch it."""

import csv
from collections.abc import Iterator
from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from townhall.capabilities.notify import operations, queries, records
from townhall.capabilities.notify.errors import TemplateArchived, UnfitList
from townhall.capabilities.notify.forms.sending import ListForm, WhenForm
from townhall.capabilities.notify.pages.asking import ask, typed
from townhall.capabilities.notify.pages.sending import fill, name_of
from townhall.capabilities.notify.records import BatchState
from townhall.capabilities.notify.rendering.columns import recipient_columns, value_columns
from townhall.capabilities.notify.rules.tables import MOST_BYTES, Table, read_file
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid, TooMany
from townhall.machinery.http import Request
from townhall.machinery.sheets import harmless

A = TypeVar("A", HttpResponse, StreamingHttpResponse)

LONGEST_NAME = 255
EXAMPLES = {
    "email address": "name@example.com",
    "phone number": "07700 900123",
    "address line 1": "A. Name",
    "address line 2": "1 Example Street",
    "address line 3": "SW1A 1AA",
    **{f"address line {line}": "" for line in range(4, 8)},
    "postcode": "",
}


@require_safe
def index(request: Request) -> HttpResponse:
    page = queries.list_batches(request.actor, place=request.GET.get("place"))
    return render(request, "notify/batches.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: Request, template_id: UUID) -> HttpResponse:
    """A list with faults is answered with them, and nothing of it is kept."""
    template = queries.get_template_to_send(request.actor, template_id)
    form = ListForm(typed(request), request.FILES or None)
    context: dict[str, object] = {"template": template, "columns": _columns(template)}
    if form.is_bound and form.is_valid():
        try:
            batch = operations.keep_list(
                request.actor,
                template_id,
                name=form.cleaned_data["file"].name[-LONGEST_NAME:],
                table=_read(form),
                made_by=name_of(request),
            )
        except UnfitList as unfit:
            form.add_error("file", str(unfit))
            context |= {"faults": unfit.faults, "more": unfit.count - len(unfit.faults)}
        except Invalid as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("notify:check_list", batch.id)
    return ask(request, form, "notify/upload.html", **context)


def _read(form: ListForm) -> Table:
    file = form.cleaned_data["file"]
    return read_file(file.read(MOST_BYTES + 1))


@require_safe
def example(request: Request, template_id: UUID) -> HttpResponse:
    """A CSV file with the headings that the template wants, and one row."""
    template = queries.get_template_to_send(request.actor, template_id)
    columns = _columns(template)
    answer = _csv(f"{template.name}.csv", HttpResponse())
    writer = csv.writer(answer)
    writer.writerow(map(harmless, columns))
    writer.writerow([EXAMPLES.get(column, harmless(column)) for column in columns])
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request, batch_id: UUID) -> HttpResponse:
    """The first rows as they will arrive, and when to send; nothing is sent before."""
    batch = queries.get_batch(request.actor, batch_id).batch
    if batch.state != BatchState.CHECKED:
        return redirect("notify:batch", batch_id)
    form = WhenForm(typed(request))
    if form.is_bound and form.is_valid():
        try:
            operations.start_list(request.actor, batch_id, starts_at=form.cleaned_data["starts_at"])
        except (Invalid, TemplateArchived, TooMany) as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("notify:batch", batch_id)
    template = _template(request.actor, batch)
    rows = queries.list_first_rows(request.actor, batch_id)
    names = value_columns(template.channel, template.subject.en, template.body.en)
    context = {
        "batch": batch,
        "template": template,
        "names": names,
        "rows": [(row, [row.values.get(name, "") for name in names]) for row in rows],
        "previews": [fill(template, row.values) for row in rows[:1]],
        "back_url": reverse("notify:upload_list", args=[batch.template_id]),
    }
    return ask(request, form, "notify/check_list.html", **context)


@require_safe
def one(request: Request, batch_id: UUID) -> HttpResponse:
    progress = queries.get_batch(request.actor, batch_id)
    if progress.batch.state == BatchState.CHECKED:
        return redirect("notify:check_list", batch_id)
    return render(request, "notify/batch.html", {"progress": progress, "batch": progress.batch})


@require_safe
def report(request: Request, batch_id: UUID) -> StreamingHttpResponse:
    """What became of each row, as CSV."""
    batch = queries.get_batch(request.actor, batch_id).batch
    template = _template(request.actor, batch)
    names = value_columns(template.channel, template.subject.en, template.body.en)
    lines = _lines(request.actor, batch_id, names)
    return _csv(f"{batch.name}-report.csv", StreamingHttpResponse(lines))


def _lines(actor: Actor, batch_id: UUID, names: list[str]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    columns = map(harmless, names)
    heading = [_("Row"), _("To"), *columns, _("Status"), _("Made"), _("Sent"), _("Completed")]
    yield writer.writerow(heading)
    after = 0
    while lines := queries.list_report_lines(actor, batch_id, after_row=after):
        after = lines[-1].number
        for line in lines:
            times = (line.created_at, line.sent_at, line.completed_at)
            cells = [line.to, *(line.values.get(name, "") for name in names), line.status]
            written = [
                timezone.localtime(at).isoformat(" ", "seconds") if at else "" for at in times
            ]
            yield writer.writerow([line.number, *map(_harmless, cells), *written])


class _Echo:
    """What a csv.writer writes to, to be given back what it would write."""

    def write(self, line: str) -> str:
        return line


def _harmless(cell: object) -> str:
    return harmless(", ".join(map(str, cell)) if isinstance(cell, list) else str(cell))


@require_POST
def pause(request: Request, batch_id: UUID) -> HttpResponse:
    operations.pause_batch(request.actor, batch_id)
    messages.success(request, _("It is paused. What was made before is still sent."))
    return redirect("notify:batch", batch_id)


@require_POST
def resume(request: Request, batch_id: UUID) -> HttpResponse:
    operations.resume_batch(request.actor, batch_id)
    messages.success(request, _("It goes on."))
    return redirect("notify:batch", batch_id)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: Request, batch_id: UUID) -> HttpResponse:
    if request.method == "POST":
        operations.cancel_batch(request.actor, batch_id)
        messages.success(request, _("It is cancelled."))
        return redirect("notify:batches")
    progress = queries.get_batch(request.actor, batch_id)
    return render(request, "notify/cancel_batch.html", {"progress": progress})


def _template(actor: Actor, batch: records.Batch) -> records.Template:
    return queries.get_template_to_send(actor, batch.template_id, version=batch.template_version)


def _columns(template: records.Template) -> list[str]:
    of_values = value_columns(template.channel, template.subject.en, template.body.en)
    return [*recipient_columns(template.channel), *of_values]


def _csv(name: str, answer: A) -> A:
    answer["Content-Type"] = "text/csv; charset=utf-8"
    answer["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    return answer
