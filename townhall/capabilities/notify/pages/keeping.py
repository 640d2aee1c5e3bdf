"""What is done with a template as a whole: copy it, move it, archive it, restore a version."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from townhall.capabilities.notify import operations, queries
from townhall.capabilities.notify.forms.templates import CopyForm, MoveForm, RestoreForm
from townhall.capabilities.notify.pages.asking import ask, typed
from townhall.capabilities.notify.pages.folders import ask_where
from townhall.machinery.errors import Conflict, Invalid
from townhall.machinery.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: Request, template_id: UUID) -> HttpResponse:
    template = queries.get_template(request.actor, template_id)
    usual = _("Copy of %(title)s") % {"title": template.title}
    form = CopyForm(typed(request), initial={"title": usual[:80]})
    if form.is_bound and form.is_valid():
        try:
            made = operations.copy_template(request.actor, template_id, **form.cleaned_data)
        except (Invalid, Conflict) as refusal:
            form.add_error("title", str(refusal))
        else:
            messages.success(request, _("The copy is made."))
            return redirect("notify:template", made.id)
    context = {"title": _("Copy a template"), "button_text": _("Make the copy")}
    return ask(request, form, "machinery/form.html", back_url=_url(template_id), **context)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request, template_id: UUID) -> HttpResponse:
    template = queries.get_template(request.actor, template_id)
    places = queries.list_folders(request.actor)
    form = MoveForm(typed(request), folders=places, now_in=template.folder_id)
    if form.is_bound and form.is_valid():
        operations.move_template(request.actor, template_id, folder_id=form.cleaned_data["folder"])
        messages.success(request, _("The template is moved."))
        return redirect("notify:template", template_id)
    return ask_where(request, form, moving=template.title, back_url=_url(template_id))


@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: Request, template_id: UUID) -> HttpResponse:
    template = queries.get_template(request.actor, template_id)
    if request.method == "POST":
        operations.archive_template(request.actor, template_id)
        messages.success(request, _("The template is archived."))
        return redirect("notify:templates")
    return render(request, "notify/archive_template.html", {"template": template})


@require_POST
def restore(request: Request, template_id: UUID, number: int) -> HttpResponse:
    form = RestoreForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Go back to the version and try again."))
    operations.restore_version(request.actor, template_id, version=number, **form.cleaned_data)
    messages.success(request, _("Version %(number)d is the newest again.") % {"number": number})
    return redirect("notify:template", template_id)


def _url(template_id: UUID) -> str:
    return reverse("notify:template", args=[template_id])
