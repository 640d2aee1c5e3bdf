"""The wording of messages."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.notify import operations, permissions, queries
from townhall.capabilities.notify.forms import EditForm, NewTemplateForm, WordingForm
from townhall.capabilities.notify.rendering.preview import preview
from townhall.machinery.errors import Conflict, Invalid
from townhall.machinery.http import Request

PREVIEW = "preview"  # the name of the button that shows and does not save


@require_safe
def index(request: Request) -> HttpResponse:
    page = queries.list_templates(request.actor, place=request.GET.get("place"))
    return render(request, "notify/templates.html", {"page": page})


@require_safe
def one(request: Request, template_id: UUID) -> HttpResponse:
    found = queries.get_template(request.actor, template_id)
    context = {"template": found, "previews": preview(found.subject, found.body), "newest": True}
    return render(request, "notify/template.html", context)


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
    context = {"template": found, "previews": preview(found.subject, found.body)}
    return render(request, "notify/template.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, template_id: UUID) -> HttpResponse:
    found = queries.get_template(request.actor, template_id)
    if request.method == "GET":
        now = {"subject": found.subject, "body": found.body, "seen_version": found.version}
        return _show_edit(request, EditForm(initial=now), {"template": found})
    form = EditForm(request.POST)
    if form.is_valid() and PREVIEW not in request.POST:
        try:
            operations.edit_template(request.actor, template_id, **form.cleaned_data)
        except (Invalid, Conflict) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The template is saved."))
            return redirect("notify:template", template_id)
    return _show_edit(request, form, {"template": found})


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: Request) -> HttpResponse:
    request.actor.require(permissions.EDIT_TEMPLATES)
    form = NewTemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and PREVIEW not in request.POST:
        try:
            made = operations.make_template(request.actor, **form.cleaned_data)
        except (Invalid, Conflict) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The template is made."))
            return redirect("notify:template", made.id)
    return _show_edit(request, form, {})


def _show_edit(request: Request, form: WordingForm, context: dict[str, object]) -> HttpResponse:
    """The form, with a preview of what was typed if that was asked for."""
    valid = form.is_bound and form.is_valid()
    if valid:
        words = form.cleaned_data
        context["previews"] = preview(words["subject"], words["body"])
    status = 422 if form.is_bound and not valid else 200
    return render(request, "notify/edit.html", {"form": form, **context}, status=status)
