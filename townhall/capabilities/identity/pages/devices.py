"""/accounts/devices/: where one is signed in, and signing out there."""

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from townhall.capabilities.identity import operations, queries, sessions
from townhall.capabilities.identity.rules.browsers import describe_browser
from townhall.machinery.http import Request


@never_cache
@login_required
@require_safe
def devices(request: Request) -> HttpResponse:
    found = queries.list_signed_in(sessions.recorder(request, request.user.pk), request.user.pk)
    here = sessions.handle_of(request)
    rows = [
        {"device": each, "is_here": each.handle == here, "browser": describe_browser(each.browser)}
        for each in found
    ]
    return render(request, "identity/devices.html", {"rows": rows})


@login_required
@require_POST
def sign_out(request: Request) -> HttpResponse:
    actor = sessions.recorder(request, request.user.pk)
    handle = request.POST.get("device", "")
    operations.sign_out_device(actor, request.user.pk, handle=handle)
    return redirect("account_devices")


@login_required
@require_POST
def sign_out_everywhere(request: Request) -> HttpResponse:
    """Here as well."""
    actor = sessions.recorder(request, request.user.pk)
    operations.sign_out_everywhere(actor, request.user.pk)
    logout(request)
    return redirect("account_login")
