"""Signing someone in, and what this session of theirs has proved."""

from uuid import UUID

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.contrib.auth import login
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from townhall.capabilities.identity import models, operations, permissions, records
from townhall.capabilities.identity.errors import NoSuchPerson
from townhall.capabilities.identity.sessions.organisations import organisation_of
from townhall.machinery.actors import Actor

BACKEND = "townhall.capabilities.identity.sessions.PersonBackend"
SECOND_FACTOR = "mfa"  # the name that allauth gives it in a session
STAFF_SIGN_IN = "staff_sign_in"


def sign_in(request: HttpRequest, person_id: UUID, *, method: records.Method) -> None:
    """Sign someone in who has shown who they are. Raises NoSuchPerson."""
    person = models.Person.objects.filter(id=person_id, is_active=True).first()
    if person is None:
        raise NoSuchPerson(_("We know of nobody with that number."))
    login(request, person, backend=BACKEND)
    operations.record_sign_in(recorder(request, person_id), person_id, method=method)
    if method in {records.Method.LINK, records.Method.LINK_AND_SECOND_FACTOR}:
        record_authentication(request, person, "link")
    if method is records.Method.LINK_AND_SECOND_FACTOR:
        pass_second_factor(request, person, kind=Authenticator.Type.TOTP)


def sign_in_through_staff(
    request: HttpRequest, person_id: UUID, *, has_second_factor: bool
) -> None:
    """Sign in someone whom their organisation's own sign-in let in. Raises NoSuchPerson."""
    sign_in(request, person_id, method=records.Method.STAFF_SIGN_IN)
    if has_second_factor:
        _pass_through_staff_sign_in(request)


def pass_second_factor(request: HttpRequest, person: models.Person, *, kind: str) -> None:
    """Let this session act as staff; its key changes, so that one seen before is worth nothing."""
    record_authentication(request, person, SECOND_FACTOR, type=kind, reauthenticated=True)
    request.session.cycle_key()


def _pass_through_staff_sign_in(request: HttpRequest) -> None:
    """The organisation's own sign-in has asked for two factors, which counts for that one only."""
    whose = str(organisation_of(request).id)
    record_authentication(
        request, request.user, SECOND_FACTOR, type=STAFF_SIGN_IN, organisation=whose
    )
    request.session.cycle_key()


def has_passed_second_factor(request: HttpRequest) -> bool:
    """Whether one of their own was asked for; `has_passed_staff_sign_in` is of other's."""
    return any(each.get("type") != STAFF_SIGN_IN for each in _second_factors(request))


def has_passed_staff_sign_in(request: HttpRequest) -> bool:
    """Whether the own sign-in of this very organisation has asked for two factors."""
    whose = str(organisation_of(request).id)
    return any(
        each.get("type") == STAFF_SIGN_IN and each.get("organisation") == whose
        for each in _second_factors(request)
    )


def _second_factors(request: HttpRequest) -> list[dict[str, object]]:
    passed = get_authentication_records(request, request.user)
    return [each for each in passed if each.get("method") == SECOND_FACTOR]


def has_passed_with_passkey(request: HttpRequest) -> bool:
    passed = get_authentication_records(request, request.user)
    return any(each.get("type") == Authenticator.Type.WEBAUTHN for each in passed)


def second_factor_page(person: models.Person) -> str:
    """The name of the page where someone passes a second factor now, or sets up their first.

    Send them there with `?next=`. Needs a person of `Person.with_roles`, as `request.user` is.
    """
    return "mfa_reauthenticate" if person.has_second_factor else "mfa_add_webauthn"


def is_first_use(person_id: UUID, code: str) -> bool:
    """Whether a one-time code was not used before, in the time in which it may be valid."""
    digits = "".join(each for each in code if each.isdigit())
    return cache.add(f"identity.totp:{person_id}:{digits}", "used", timeout=120)


def recorder(request: HttpRequest, person_id: UUID | None) -> Actor:
    """The one who notes who signs in and out: the person, as far as they have shown it."""
    may = frozenset({permissions.SIGN_IN})
    return Actor("resident", may, organisation_of(request).id, person_id)
