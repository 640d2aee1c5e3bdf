"""Deleting one's account: what that means, asking for it, and changing one's mind."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from townhall.machinery.holdings import holdings
from townhall.machinery.http import Request
from townhall.services.account import operations, queries
from townhall.services.account.pages.changing import proved_lately


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Request) -> HttpResponse:
    """What goes, what has to stay, and what has to end first; who has just signed in may ask."""
    if request.method == "POST":
        return _ask(request)
    context = {
        "parts": holdings(),
        "deletion": queries.find_deletion(request.actor),
        "delays": queries.list_delays(request.actor),
        "may_delete": queries.may_delete(request.actor),
        "days": queries.get_dials(request.actor).days_to_cancel,
    }
    return render(request, "account/delete.html", context)


@proved_lately
def _ask(request: Request) -> HttpResponse:
    operations.ask_to_delete(request.actor)
    return redirect("account:delete")


@never_cache
@require_POST
def keep(request: Request) -> HttpResponse:
    operations.keep_account(request.actor)
    messages.success(request, _("You have kept your account."))
    return redirect("account:overview")
