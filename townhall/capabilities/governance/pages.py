"""The audit, for staff who may read it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from townhall.capabilities.governance.forms import AuditForm
from townhall.capabilities.governance.queries import list_audit
from townhall.machinery.http import Request


@require_safe
def audit(request: Request) -> HttpResponse:
    """/governance/audit/?subject=...&person=...&place=..."""
    form = AuditForm.of(request.GET)
    if not form.is_valid():
        list_audit(request.actor)  # which refuses whoever may not read it
        return render(request, "governance/audit.html", {"form": form}, status=422)
    page = list_audit(
        request.actor,
        subject_id=form.cleaned_data["subject"],
        person_id=form.cleaned_data["person"],
        place=request.GET.get("place"),
    )
    return render(request, "governance/audit.html", {"form": form, "page": page})
