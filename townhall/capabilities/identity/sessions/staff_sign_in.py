"""Signing in someone whom their organisation's own sign-in let in."""

from uuid import UUID

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse

from townhall.capabilities.identity import models
from townhall.capabilities.identity.sessions.openid import sign_out_and_come_back
from townhall.capabilities.identity.sessions.organisations import organisation_of
from townhall.capabilities.identity.sessions.signing_in import THROUGH_STAFF_SIGN_IN


def sign_in_through_staff(
    request: HttpRequest, person_id: UUID, *, has_second_factor: bool, go_on: str
) -> HttpResponse:
    """Let them in, or ask for their second factor first if they have one and were asked for none.

    If the organisation's own sign-in has asked for two factors, that counts for this organisation
    only.
    """
    if request.user.is_authenticated:
        sign_out_and_come_back(request)
    person = models.Person.objects.get(id=person_id)
    whose = str(organisation_of(request).id) if has_second_factor else ""
    record_authentication(request, person, THROUGH_STAFF_SIGN_IN, two_factors_for=whose)
    answer: HttpResponse = perform_login(request, Login(user=person, redirect_url=go_on or "/"))
    return answer
