"""The letters that staff print and post themselves."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from townhall.capabilities.notify import operations, queries
from townhall.capabilities.notify.rendering.batches import join_letters
from townhall.machinery.http import Request


@require_safe
def index(request: Request) -> HttpResponse:
    page = queries.list_letters_to_print(request.actor, place=request.GET.get("place"))
    return render(request, "notify/printing.html", {"page": page})


@require_safe
def letter(request: Request, message_id: UUID) -> HttpResponse:
    """One letter's PDF."""
    (paper,) = queries.list_papers_to_print(request.actor, message_ids=[message_id])
    return HttpResponse(paper.pdf, content_type="application/pdf")


@require_safe
def batch(request: Request) -> HttpResponse:
    """Those that the page names, as one PDF."""
    asked = _ids(request.GET.getlist("id"))
    papers = queries.list_papers_to_print(request.actor, message_ids=asked)
    pdf = join_letters(paper.pdf for paper in papers)
    answer = HttpResponse(pdf, content_type="application/pdf")
    named = content_disposition_header(as_attachment=True, filename="letters.pdf")
    answer["Content-Disposition"] = named or "attachment"
    return answer


@require_POST
def post(request: Request) -> HttpResponse:
    """Those that the page names, and no letter that came since, are in the post."""
    posted = operations.mark_posted(request.actor, message_ids=_ids(request.POST.getlist("id")))
    says = ngettext(
        "%(count)d letter is marked as posted.",
        "%(count)d letters are marked as posted.",
        len(posted),
    )
    messages.success(request, says % {"count": len(posted)})
    return redirect("notify:printing")


def _ids(given: Sequence[str]) -> list[UUID]:
    """None, if they are not what the page sends."""
    try:
        return [UUID(each) for each in given]
    except ValueError:
        return []
