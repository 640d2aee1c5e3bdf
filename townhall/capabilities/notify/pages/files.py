"""The pages behind the link to a file. No cookie is needed, nor an account: see decision 16.

What someone may do stands in the address: `key` is in the link itself, `proof` of their email
address is added for a quarter of an hour.
"""

from collections.abc import Callable
from functools import wraps
from typing import cast
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.notify import operations, permissions, queries
from townhall.capabilities.notify.errors import NoSuchFile, NotConfirmed, TooManyGuesses
from townhall.capabilities.notify.forms.origins import ConfirmForm
from townhall.capabilities.notify.pages.asking import ask, typed
from townhall.capabilities.notify.rules.contacts import kind_of
from townhall.capabilities.notify.rules.files import ENDINGS
from townhall.machinery.actors import Actor
from townhall.machinery.http import Request

View = Callable[[Request, UUID], HttpResponse]
KINDS = {
    "csv": gettext_lazy("CSV file"),
    "doc": gettext_lazy("Word document"),
    "docx": gettext_lazy("Word document"),
    "jpg": gettext_lazy("Picture"),
    "json": gettext_lazy("JSON file"),
    "odt": gettext_lazy("OpenDocument text"),
    "pdf": gettext_lazy("PDF"),
    "png": gettext_lazy("Picture"),
    "rtf": gettext_lazy("RTF document"),
    "txt": gettext_lazy("Text file"),
    "xlsx": gettext_lazy("Excel spreadsheet"),
}


def behind_link(view: View) -> View:
    """Say whom to contact where there is no file, and let no search engine in."""

    @wraps(view)
    def answer(request: Request, file_id: UUID) -> HttpResponse:
        try:
            response = view(request, file_id)
        except NoSuchFile as refusal:
            response = _show(request, "notify/no_file.html", refusal.contact, refusal.status)
        except NotConfirmed:
            response = redirect(_url("confirm", request, file_id))
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return cast(View, answer)


@require_safe
@behind_link
def landing(request: Request, file_id: UUID) -> HttpResponse:
    """Where the link in the email leads. Programs that look at links before people do stop here."""
    file = queries.get_linked_file(_holder(request), file_id, key=_key(request))
    then = "confirm" if file.must_confirm else "download"
    next_url = _url(then, request, file_id)
    return _show(request, "notify/file.html", file.contact, file=file, next_url=next_url)


@csrf_exempt  # whoever could forge this has the key, and needs nobody's browser for it
@require_http_methods(["GET", "HEAD", "POST"])
@behind_link
def confirm(request: Request, file_id: UUID) -> HttpResponse:
    actor, key = _holder(request), _key(request)
    file = queries.get_linked_file(actor, file_id, key=key)
    if not file.must_confirm:
        return redirect(_url("download", request, file_id))
    form = ConfirmForm(typed(request))
    if form.is_bound and form.is_valid():
        try:
            guess = operations.guess_recipient(
                actor, file_id, key=key, address=form.cleaned_data["address"]
            )
        except TooManyGuesses as refusal:
            form.add_error("address", str(refusal))
        else:
            if guess.proof:
                return redirect(_url("download", request, file_id, proof=guess.proof))
            form.add_error("address", _("The file was sent to another email address"))
    context = {"back_url": _url("landing", request, file_id), **_contact(file.contact)}
    return ask(request, form, "notify/confirm.html", **context)


@require_safe
@behind_link
def download(request: Request, file_id: UUID) -> HttpResponse:
    proof = request.GET.get("proof", "")
    file = queries.get_confirmed_file(_holder(request), file_id, key=_key(request), proof=proof)
    return _show(
        request,
        "notify/download.html",
        file.contact,
        file=file,
        kind=KINDS[ENDINGS[file.content_type]],
        content_url=_url("content", request, file_id, proof=proof),
        back_url=_url("landing", request, file_id),
    )


@require_safe
@behind_link
def content(request: Request, file_id: UUID) -> HttpResponse:
    """The file itself; a browser keeps it and does not show it."""
    opened = queries.open_file(
        _holder(request), file_id, key=_key(request), proof=request.GET.get("proof", "")
    )
    response = HttpResponse(opened.file.content, content_type=opened.file.content_type)
    name = content_disposition_header(as_attachment=True, filename=opened.file.filename)
    response["Content-Disposition"] = name or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def test_document(request: Request) -> HttpResponse:
    """Where the link leads in what is sent to a smoke address, for which no file is kept."""
    return HttpResponse("Test document", content_type="text/plain")


def _holder(request: Request) -> Actor:
    """Whoever has a link, signed in or not."""
    may = frozenset({permissions.OPEN_FILES})
    return Actor("link:file", may, request.organisation.id, request.actor.person_id)


def _key(request: Request) -> str:
    """Without the comma or full stop that some mail programs take for the end of a link."""
    return request.GET.get("key", "").rstrip(".,;:)>")


def _url(page: str, request: Request, file_id: UUID, **more: str) -> str:
    asked = urlencode({"key": _key(request), **more})
    return f"{reverse(f'notify_files:{page}', args=[file_id])}?{asked}"


def _contact(contact: str) -> dict[str, object]:
    return {"contact": contact, "contact_kind": kind_of(contact) if contact else ""}


def _show(
    request: Request, page: str, contact: str, status: int = 200, **context: object
) -> HttpResponse:
    return render(request, page, {**_contact(contact), **context}, status=status)
