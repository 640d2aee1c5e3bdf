"""The queue of cases, and the page of one case, which is the same for every service."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from townhall.capabilities.cases import operations, queries
from townhall.capabilities.cases.forms import CloseForm, NoteForm, QueueForm
from townhall.capabilities.cases.records import Case, View, What
from townhall.machinery.actors import Actor
from townhall.machinery.http import Request
from townhall.machinery.service import offered


@require_safe
def queue(request: Request) -> HttpResponse:
    """/cases/?view=mine&kind=bulky-waste/refund-due&place=..."""
    view = _view(request)
    kinds = queries.list_kinds(request.actor)
    titles = {f"{each.service}/{each.kind}": _title(each.service, each.kind) for each in kinds}
    asked = request.GET.get("kind", "")
    if view == View.CLOSED and "/" in asked:
        service, kind = asked.split("/", 1)
        titles.setdefault(asked, _title(service, kind))
    service, _slash, kind = asked.partition("/") if asked in titles else ("", "", "")
    page = queries.list_cases(
        request.actor, view=view, service=service, kind=kind, place=request.GET.get("place")
    )
    now = timezone.now()
    shown = {
        "page": page,
        "rows": [_row(case, request.actor, overdue=case.due_at < now) for case in page.rows],
        "filter": QueueForm(asked, kinds=titles.items()),
        "view": view.value,
        "views": [(each.value, title, each == view) for each, title in _views().items()],
        "kind": asked if asked in titles else "",
    }
    return render(request, "cases/queue.html", shown)


@require_safe
def case(request: Request, case_id: UUID) -> HttpResponse:
    return _show(request, queries.get_case(request.actor, case_id))


@require_POST
def claim(request: Request, case_id: UUID) -> HttpResponse:
    claimed = operations.claim_case(request.actor, case_id)
    messages.success(request, _("Case %(name)s is yours") % {"name": claimed.reference})
    return redirect("cases:case", case_id)


@require_POST
def release(request: Request, case_id: UUID) -> HttpResponse:
    released = operations.release_case(request.actor, case_id)
    says = _("Anyone can claim case %(name)s now") % {"name": released.reference}
    messages.success(request, says)
    return redirect("cases:case", case_id)


@require_POST
def note(request: Request, case_id: UUID) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _show(request, queries.get_case(request.actor, case_id), note=form)
    noted = operations.note_case(request.actor, case_id, note=form.cleaned_data["note"])
    messages.success(request, _("Note added to case %(name)s") % {"name": noted.reference})
    return redirect("cases:case", case_id)


@require_POST
def close(request: Request, case_id: UUID) -> HttpResponse:
    found = queries.get_case(request.actor, case_id)
    form = CloseForm(found.outcomes, request.POST)
    if not form.is_valid():
        return _show(request, found, close=form)
    closed = operations.close_case(request.actor, case_id, **form.cleaned_data)
    messages.success(request, _("Case %(name)s is closed") % {"name": closed.reference})
    return redirect("cases:case", case_id)


def _show(
    request: Request, found: Case, *, note: NoteForm | None = None, close: CloseForm | None = None
) -> HttpResponse:
    me = request.actor.person_id
    shown = {
        "case": found,
        "kind": _title(found.service, found.kind),
        "is_overdue": found.closed_at is None and found.due_at < timezone.now(),
        "is_mine": found.claimed_by is not None and found.claimed_by == me,
        "is_others": found.claimed_by is not None and found.claimed_by != me,
        "timeline": [
            {
                "moment": each,
                "what": _happened(each.what),
                "who": _who(each.actor, each.person_id, me),
            }
            for each in found.timeline
        ],
        "note_form": note or NoteForm(),
        "close_form": close or CloseForm(found.outcomes),
        "form": note or close,
    }
    return render(request, "cases/case.html", shown, status=422 if note or close else 200)


def _row(found: Case, actor: Actor, *, overdue: bool) -> dict[str, object]:
    return {
        "case": found,
        "kind": _title(found.service, found.kind),
        "is_overdue": overdue and found.closed_at is None,
        "is_mine": found.claimed_by is not None and found.claimed_by == actor.person_id,
    }


def _view(request: Request) -> View:
    asked = request.GET.get("view", "")
    return View(asked) if asked in set(View) else View.ALL


def _views() -> dict[View, str]:
    return {
        View.ALL: _("All open"),
        View.UNCLAIMED: _("Unclaimed"),
        View.MINE: _("Mine"),
        View.CLOSED: _("Closed"),
    }


def _title(service: str, kind: str) -> str:
    """`Bulky waste collection: refund due`, from the codes that the service uses."""
    titles = {each.slug: str(each.title) for each in offered()}
    return f"{titles.get(service, _words(service))}: {_(_words(kind)).lower()}"


def _words(code: str) -> str:
    return code.replace("-", " ").replace("_", " ").capitalize()


def _happened(what: What) -> str:
    return {
        What.OPENED: _("Opened"),
        What.CLAIMED: _("Claimed"),
        What.RELEASED: _("Released"),
        What.NOTED: _("Note added"),
        What.CLOSED: _("Closed"),
    }[what]


def _who(actor: str, person_id: UUID | None, me: UUID | None) -> str:
    """Who did it, from a name such as `staff:caseworker+crew` or `service:bulky-waste`."""
    if person_id is not None and person_id == me:
        return _("You")
    return ", ".join(_(_words(role)) for role in actor.rpartition(":")[2].split("+"))
