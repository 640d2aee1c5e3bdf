"""The folders that templates are in, and finding a template in them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.notify import operations, queries, records
from townhall.capabilities.notify.forms.templates import FindForm, FolderForm, MoveForm
from townhall.capabilities.notify.pages.asking import ask, asked_folder, typed
from townhall.capabilities.notify.records import Channel
from townhall.machinery.errors import Conflict, Invalid
from townhall.machinery.http import Request


@require_safe
def index(request: Request) -> HttpResponse:
    """What is in no folder; or what was searched for, wherever it is."""
    form = FindForm(request.GET)
    if form.is_valid() and any(form.cleaned_data.values()):
        return _found(request, form)
    return _browse(request, None, form)


@require_safe
def one(request: Request, folder_id: UUID) -> HttpResponse:
    return _browse(request, queries.get_folder(request.actor, folder_id), None)


def _browse(request: Request, folder: records.Folder | None, form: FindForm | None) -> HttpResponse:
    folder_id = folder.id if folder else None
    inside = [each for each in queries.list_folders(request.actor) if each.parent_id == folder_id]
    place = request.GET.get("place")
    page = queries.list_templates(request.actor, folder_id=folder_id, place=place)
    context = {"folder": folder, "folders": inside, "page": page, "form": form}
    status = 422 if form is not None and form.errors else 200
    return render(request, "notify/templates.html", context, status=status)


def _found(request: Request, form: FindForm) -> HttpResponse:
    wanted = form.cleaned_data["channel"]
    page = queries.list_matching_templates(
        request.actor,
        words=form.cleaned_data["words"],
        channel=Channel(wanted) if wanted else None,
        place=request.GET.get("place"),
    )
    context = {"page": page, "form": form, "is_search": True}
    return render(request, "notify/templates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: Request) -> HttpResponse:
    parent_id, form = asked_folder(request), FolderForm(typed(request))
    if form.is_bound and form.is_valid():
        try:
            made = operations.make_folder(request.actor, parent_id=parent_id, **form.cleaned_data)
        except (Invalid, Conflict) as refusal:
            form.add_error("title", str(refusal))
        else:
            messages.success(request, _("The folder is made."))
            return redirect("notify:folder", made.id)
    context = {"title": _("Make a folder"), "button_text": _("Make the folder")}
    return ask(request, form, "machinery/form.html", back_url=_url(parent_id), **context)


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: Request, folder_id: UUID) -> HttpResponse:
    folder = queries.get_folder(request.actor, folder_id)
    form = FolderForm(typed(request), initial={"title": folder.title})
    if form.is_bound and form.is_valid():
        try:
            operations.rename_folder(request.actor, folder_id, **form.cleaned_data)
        except (Invalid, Conflict) as refusal:
            form.add_error("title", str(refusal))
        else:
            messages.success(request, _("The folder has its new name."))
            return redirect("notify:folder", folder_id)
    context = {"title": _("Rename the folder"), "button_text": _("Save")}
    return ask(request, form, "machinery/form.html", back_url=_url(folder_id), **context)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request, folder_id: UUID) -> HttpResponse:
    folder = queries.get_folder(request.actor, folder_id)
    places = [each for each in queries.list_folders(request.actor) if not _is_in(each, folder_id)]
    form = MoveForm(typed(request), folders=places, now_in=folder.parent_id)
    if form.is_bound and form.is_valid():
        try:
            operations.move_folder(request.actor, folder_id, parent_id=form.cleaned_data["folder"])
        except (Invalid, Conflict) as refusal:
            form.add_error("folder", str(refusal))
        else:
            messages.success(request, _("The folder is moved."))
            return redirect("notify:folder", folder_id)
    return ask_where(request, form, moving=folder.title, back_url=_url(folder_id))


def ask_where(request: Request, form: MoveForm, *, moving: str, back_url: str) -> HttpResponse:
    title = _("Move %(what)s") % {"what": moving}
    context = {"title": title, "button_text": _("Move"), "back_url": back_url}
    return ask(request, form, "machinery/form.html", **context)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Request, folder_id: UUID) -> HttpResponse:
    folder, refusal = queries.get_folder(request.actor, folder_id), ""
    if request.method == "POST":
        try:
            operations.delete_folder(request.actor, folder_id)
        except Conflict as conflict:
            refusal = str(conflict)
        else:
            messages.success(request, _("The folder is deleted."))
            return redirect(_url(folder.parent_id))
    context = {"folder": folder, "refusal": refusal}
    status = 409 if refusal else 200
    return render(request, "notify/delete_folder.html", context, status=status)


def _is_in(folder: records.Folder, folder_id: UUID) -> bool:
    return folder_id in (folder.id, *(each.id for each in folder.above))


def _url(folder_id: UUID | None) -> str:
    return reverse("notify:folder", args=[folder_id]) if folder_id else reverse("notify:templates")
