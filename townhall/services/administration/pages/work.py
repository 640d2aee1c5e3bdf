"""Failed work of the whole installation, for whoever runs it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from townhall.machinery import work
from townhall.machinery.http import Request


@require_safe
def tasks(request: Request) -> HttpResponse:
    """/administration/work/?place=..."""
    queue = work.get_queue(request.actor)
    page = {
        "queue": queue,
        "figures": _figures(queue),
        "page": work.list_failed_tasks(request.actor, place=request.GET.get("place")),
    }
    return render(request, "administration/work.html", page)


@require_safe
def deliveries(request: Request) -> HttpResponse:
    """/administration/work/deliveries/?place=..."""
    page = work.list_failing_deliveries(request.actor, place=request.GET.get("place"))
    return render(request, "administration/deliveries.html", {"page": page})


@require_POST
def retry_one(request: Request, task_id: int) -> HttpResponse:
    work.retry_task(request.actor, task_id)
    messages.success(request, _("Task %(task)s is in the queue again") % {"task": task_id})
    return redirect("administration:work")


@require_POST
def retry_all(request: Request) -> HttpResponse:
    count = work.retry_all_tasks(request.actor)
    says = ngettext(
        "%(count)s task is in the queue again", "%(count)s tasks are in the queue again", count
    )
    messages.success(request, says % {"count": count})
    return redirect("administration:work")


@require_POST
def redeliver(request: Request, delivery_id: int) -> HttpResponse:
    work.retry_delivery(request.actor, delivery_id)
    messages.success(request, _("The event is in the queue again"))
    return redirect("administration:deliveries")


def _figures(queue: work.Queue) -> list[tuple[str, str]]:
    return [
        (_("Waiting"), _capped(queue.waiting)),
        (_("Running"), _capped(queue.running)),
        (_("For later"), _capped(queue.later)),
        (_("Failed"), _capped(queue.failed)),
        (_("Events not taken"), _capped(queue.failing_deliveries)),
    ]


def _capped(count: int) -> str:
    return _("%(most)d or more") % {"most": count} if count >= work.MOST else str(count)
