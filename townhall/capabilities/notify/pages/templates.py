"""The wording of messages."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.notify import operations, queries, records
from townhall.capabilities.notify.errors import NoSuchTemplate, NotALetter
from townhall.capabilities.notify.forms import WORDING_FORMS, WordingForm
from townhall.capabilities.notify.pages.asking import ask, ask_kind, asked_sender, typed
from townhall.capabilities.notify.records import Channel
from townhall.capabilities.notify.rendering.preview import preview, preview_letter
from townhall.machinery.errors import Conflict, Invalid
from townhall.machinery.http import Request
from townhall.machinery.wording import Wording

PREVIEW = "preview"  # the name of the buttons that show and do not save
AS_PDF = "pdf"  # the value of one of them
NOTHING = Wording("")


@require_safe
def index(request: Request) -> HttpResponse:
    page = queries.list_templates(request.actor, place=request.GET.get("place"))
    return render(request, "notify/templates.html", {"page": page})


@require_safe
def one(request: Request, template_id: UUID) -> HttpResponse:
    found = queries.get_template(request.actor, template_id)
    return _show(request, found, letter_url=reverse("notify:letter", args=[found.id]), newest=True)


@require_safe
def versions(request: Request, template_id: UUID) -> HttpResponse:
    found = queries.get_template(request.actor, template_id)
    page = queries.list_template_versions(
        request.actor, template_id, place=request.GET.get("place")
    )
    return render(request, "notify/versions.html", {"template": found, "page": page})


@require_safe
def version(request: Request, template_id: UUID, number: int) -> HttpResponse:
    found = queries.get_template_version(request.actor, template_id, version=number)
    return _show(
        request, found, letter_url=reverse("notify:version_letter", args=[found.id, number])
    )


def _show(request: Request, found: records.Template, **context: object) -> HttpResponse:
    previews = preview(found.channel, found.subject, found.body)
    context |= {"template": found, "previews": previews}
    return render(request, "notify/template.html", context)


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
    language = "cy" if request.GET.get("language") == "cy" and found.body.cy else "en"
    return _pdf(found.subject, found.body, contact_block=found.contact_block, language=language)


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
    sender = asked_sender(request)
    form = WORDING_FORMS[channel](typed(request))
    form.leave_out("seen_version")
    if form.is_bound and form.is_valid() and PREVIEW not in request.POST:
        try:
            made = operations.make_template(
                request.actor, channel=channel, sender=sender, **form.cleaned_data
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
    """The form, with a preview of what was typed if that was asked for; or that as a PDF."""
    if form.is_bound and form.is_valid():
        words = form.cleaned_data
        subject, body = words.get("subject", NOTHING), words["body"]
        if channel == Channel.LETTER and request.POST.get(PREVIEW) == AS_PDF:
            block = queries.get_contact_block(request.actor, sender=sender)
            try:
                return _pdf(subject, body, contact_block=block, language="en")
            except NotALetter as fault:
                form.add_error("body", str(fault))
        context["previews"] = preview(channel, subject, body)
    context |= {"channel": channel, "sender": sender}
    return ask(request, form, "notify/edit.html", **context)


def _pdf(subject: Wording, body: Wording, *, contact_block: str, language: str) -> HttpResponse:
    pdf = preview_letter(
        subject,
        body,
        contact_block=contact_block,
        language=language,
        written_on=timezone.localdate(),
    )
    return HttpResponse(pdf, content_type="application/pdf")
