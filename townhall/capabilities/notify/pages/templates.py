"""The wording of messages."""

from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.notify import operations, queries, records
from townhall.capabilities.notify.errors import NoSuchTemplate
from townhall.capabilities.notify.forms.templates import WORDING_FORMS, WordingForm
from townhall.capabilities.notify.pages.asking import (
    ask,
    ask_kind,
    asked_folder,
    asked_sender,
    typed,
)
from townhall.capabilities.notify.records import Channel
from townhall.capabilities.notify.rendering.changes import Change, changes
from townhall.capabilities.notify.rendering.preview import preview, preview_letter
from townhall.machinery.errors import Conflict, Invalid
from townhall.machinery.http import Request
from townhall.machinery.wording import Wording

PREVIEW = "preview"  # the name of the button that shows and does not save
LIVE = "live"  # its value for our script, which wants the preview alone
NOTHING = Wording("")


@require_safe
def one(request: Request, template_id: UUID) -> HttpResponse:
    found = queries.get_template(request.actor, template_id)
    context: dict[str, object] = {"newest": True}
    if found.folder_id:
        context["folder"] = queries.get_folder(request.actor, found.folder_id)
    return _show(request, found, letter_url=reverse("notify:letter", args=[found.id]), **context)


@require_safe
def versions(request: Request, template_id: UUID) -> HttpResponse:
    found = queries.get_template(request.actor, template_id)
    page = queries.list_template_versions(
        request.actor, template_id, place=request.GET.get("place")
    )
    return render(request, "notify/versions.html", {"template": found, "page": page})


@require_safe
def version(request: Request, template_id: UUID, number: int) -> HttpResponse:
    """What it said, what had changed by then, and a way to say it again."""
    found = queries.get_template_version(request.actor, template_id, version=number)
    return _show(
        request,
        found,
        letter_url=reverse("notify:version_letter", args=[found.id, number]),
        changes=list(_changes_to(request, found)),
        newest_version=queries.get_template(request.actor, template_id).version,
    )


def _changes_to(request: Request, found: records.Template) -> Iterator[Change]:
    if found.version > 1:
        before = queries.get_template_version(request.actor, found.id, version=found.version - 1)
        yield from changes(before, found)


def _show(request: Request, found: records.Template, **context: object) -> HttpResponse:
    shown = _previews(
        request,
        channel=found.channel,
        sender=found.sender,
        subject=found.subject,
        body=found.body,
        contact_block=found.contact_block,
    )
    return render(request, "notify/template.html", {"template": found} | shown | context)


def _previews(
    request: Request,
    *,
    channel: Channel,
    sender: str,
    subject: Wording,
    body: Wording,
    contact_block: str | None = None,
) -> dict[str, object]:
    """What `previews.html` shows. A letter that is not saved has its sender's usual address."""
    if channel == Channel.LETTER and contact_block is not None:
        origin = contact_block
    else:
        origin = queries.get_usual_origin(request.actor, sender=sender, channel=channel)
    shown = preview(
        channel,
        subject,
        body,
        contact_block=origin,
        written_on=timezone.localdate(),
        prefix=queries.get_prefix(request.actor, sender=sender),
    )
    return {"channel": channel, "origin": origin, "previews": shown}


@require_safe
def letter(request: Request, template_id: UUID) -> HttpResponse:
    return _as_letter(request, queries.get_template(request.actor, template_id))


@require_safe
def version_letter(request: Request, template_id: UUID, number: int) -> HttpResponse:
    found = queries.get_template_version(request.actor, template_id, version=number)
    return _as_letter(request, found)


def _as_letter(request: Request, found: records.Template) -> HttpResponse:
    if found.channel != Channel.LETTER:
        raise NoSuchTemplate(_("This is no letter."))
    pdf = preview_letter(
        found.subject,
        found.body,
        contact_block=found.contact_block,
        language="cy" if request.GET.get("language") == "cy" and found.body.cy else "en",
        written_on=timezone.localdate(),
    )
    return HttpResponse(pdf, content_type="application/pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, template_id: UUID) -> HttpResponse:
    found = queries.get_template(request.actor, template_id)
    form = WORDING_FORMS[found.channel](typed(request), initial=_as_typed(found))
    if found.service:
        form.leave_out("title")
    if form.is_bound and form.is_valid() and PREVIEW not in request.POST:
        try:
            operations.edit_template(request.actor, template_id, **form.cleaned_data)
        except (Invalid, Conflict) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The template is saved."))
            return redirect("notify:template", template_id)
    return _show_form(request, form, found.channel, found.sender, {"template": found})


def _as_typed(found: records.Template) -> dict[str, object]:
    return {
        "title": found.title,
        "subject": found.subject,
        "body": found.body,
        "postage": found.postage,
        "seen_version": found.version,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Request) -> HttpResponse:
    """The first page of making a template: which form to go on to."""
    then, title = "notify:make_{channel}_template", _("Make a template")
    return ask_kind(request, then, title=title, back="notify:templates")


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: Request, channel: Channel) -> HttpResponse:
    sender, folder_id = asked_sender(request), asked_folder(request)
    form = WORDING_FORMS[channel](typed(request))
    form.leave_out("seen_version")
    if form.is_bound and form.is_valid() and PREVIEW not in request.POST:
        try:
            made = operations.make_template(
                request.actor,
                channel=channel,
                sender=sender,
                folder_id=folder_id,
                **form.cleaned_data,
            )
        except (Invalid, Conflict) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The template is made."))
            return redirect("notify:template", made.id)
    return _show_form(request, form, channel, sender, {})


def _show_form(
    request: Request, form: WordingForm, channel: Channel, sender: str, context: dict[str, object]
) -> HttpResponse:
    """The form beside how the message looks; only that for our script, which shows it meanwhile."""
    words = form.cleaned_data if form.is_bound else form.initial
    context |= {"channel": channel, "sender": sender}
    if body := words.get("body"):
        subject = words.get("subject") or NOTHING
        context |= _previews(request, channel=channel, sender=sender, subject=subject, body=body)
    if request.POST.get(PREVIEW) == LIVE:
        return render(request, "notify/previews.html", context)
    return ask(request, form, "notify/edit.html", **context)
