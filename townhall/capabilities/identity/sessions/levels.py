"""How surely someone must have signed in for what they ask."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from townhall.capabilities.identity import models
from townhall.capabilities.identity.sessions.delegations import is_acting
from townhall.capabilities.identity.sessions.signing_in import (
    has_passed_second_factor,
    second_factor_page,
)
from townhall.machinery.errors import NotAllowed


def require_second_factor(request: HttpRequest) -> None:
    """Raise NotAllowed unless this session has passed one; the remedy is to pass it, and return."""
    person = request.user
    if not isinstance(person, models.Person):
        raise NotAllowed(_("Sign in to go on."))
    if is_acting(request):
        raise NotAllowed(_("Nobody can prove for someone else who they are."))
    if not has_passed_second_factor(request):
        query = urlencode({"next": request.get_full_path()})
        remedy = f"{reverse(second_factor_page(person))}?{query}"
        request.remedy_url = remedy  # type: ignore[attr-defined]  # machinery.http.Request has it
        raise NotAllowed(_("Prove first that it is you."))
