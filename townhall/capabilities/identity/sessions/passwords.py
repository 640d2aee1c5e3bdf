"""Whose password it is."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse

from townhall.capabilities.identity import models, operations
from townhall.capabilities.identity.sessions.limits import count_password
from townhall.capabilities.identity.sessions.signing_in import recorder


def enter_with_password(
    request: HttpRequest, *, email: str, password: str, go_on: str | None
) -> HttpResponse | None:
    """Sign somebody in, or lead them to their second factor; None if the password is wrong.

    For an address that nobody has, and for somebody without a password, the work is the same.
    Raises TooManyTries.
    """
    person = models.Person.objects.filter(email=email).first()
    count_password(request, email, person.id if person else None)
    if person is None:
        make_password(password)
    if person is None or not person.check_password(password):
        person_id = person.id if person else None
        operations.record_failed_code(recorder(request, None), person_id)
        return None
    record_authentication(request, person, "password")
    login = Login(user=person, email=email, redirect_url=go_on)
    answer: HttpResponse = perform_login(request, login)
    return answer
