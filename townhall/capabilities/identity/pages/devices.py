"""Where one is signed in, and signing out there; administrators do it for their staff."""

from uuid import UUID

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from townhall.capabilities.identity import operations, queries, sessions
from townhall.capabilities.identity.rules.browsers import describe_browser
from townhall.machinery.http import Request


@never_cache
@login_required
@require_safe
def devices(request: Request) -> HttpResponse:
    person_id = sessions.person_of(request).id
    found = queries.list_signed_in(sessions.recorder(request, person_id), person_id)
    here = sessions.handle_of(request)
    rows = [
        {"device": each, "is_here": each.handle == here, "browser": describe_browser(each.browser)}
        for each in found
    ]
    return render(request, "identity/devices.html", {"rows": rows})


@login_required
@require_POST
def sign_out(request: Request) -> HttpResponse:
    person_id = sessions.person_of(request).id
    handle = request.POST.get("device", "")
    operations.sign_out_device(sessions.recorder(request, person_id), person_id, handle=handle)
    return redirect("account_devices")


@login_required
@require_POST
def sign_out_everywhere(request: Request) -> HttpResponse:
    """Here as well."""
    person_id = sessions.person_of(request).id
    operations.sign_out_everywhere(sessions.recorder(request, person_id), person_id)
    logout(request)
    return redirect("account_login")


@require_http_methods(["GET", "HEAD", "POST"])
def sign_out_member(request: Request, person_id: UUID) -> HttpResponse:
    """/identity/people/.../sign-out/"""
    member = queries.get_member(request.actor, person_id)
    if request.method == "POST":
        operations.sign_out_member(request.actor, person_id)
        return redirect("identity:change_person", person_id)
    return render(request, "identity/sign_out_member.html", {"member": member})
