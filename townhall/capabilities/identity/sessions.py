"""From a request to who asks, and of whom, before any door is reached."""

from collections.abc import Iterable
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.contrib.auth.backends import BaseBackend
from django.core.cache import cache
from django.db.models import Q
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.urls import reverse
from django.utils.translation import gettext as _

from townhall.capabilities.identity import models, operations, permissions, records
from townhall.capabilities.identity.errors import NoSuchOrganisation, NoSuchPerson
from townhall.machinery.actors import Actor, Permission
from townhall.machinery.database.prepared import Prepared
from townhall.machinery.organisations import Organisation
from townhall.machinery.service import offered

BACKEND = "townhall.capabilities.identity.sessions.PersonBackend"
SECOND_FACTOR = "mfa"  # the name that allauth gives it in a session


# Asked for with every page, so their SQL is worked out once.
_active_person = Prepared(
    lambda person_id: models.Person.with_roles().filter(id=person_id, is_active=True)[:1],
    UUID(int=0),
)
_first_two = Prepared(
    lambda host: (
        models.Organisation.with_dials()
        .annotate(answers=Q(hosts__contains=[host]))
        .order_by("-answers", "opened_at")[:2]
    ),
    "host.example",
)


class PersonBackend(BaseBackend):
    """Finds who is signed in, with their roles, in one statement. It proves nobody's identity."""

    def get_user(self, user_id: UUID) -> models.Person | None:
        return next(iter(_active_person(user_id)), None)


def every_organisation() -> list[Organisation]:
    return [each.record() for each in models.Organisation.with_dials().order_by("opened_at")]


def organisation_for(request: HttpRequest) -> Organisation:
    """The organisation with its pages at this host name, or the only one there is."""
    host = split_domain_port(request.get_host())[0]
    found = _first_two(host)
    if found and (host in found[0].hosts or len(found) == 1):
        return found[0].record()
    raise NoSuchOrganisation(_("No organisation has its pages at this address."))


def who_asks(request: HttpRequest) -> Actor:
    """The actor behind a request.

    Someone who works for the organisation acts as staff only once this session has passed a second
    factor. `request.remedy_url` is where somebody who is refused may prove more than they have.
    """
    organisation_id = _organisation(request).id
    may = residents_may()
    person = request.user
    if not isinstance(person, models.Person):
        _remedy(request, "account_login")
        return Actor("resident", may, organisation_id)
    member = person.member(organisation_id)
    if not member.roles:
        return Actor("resident", may, organisation_id, person.id)
    if not (member.has_second_factor and has_passed_second_factor(request)):
        page = "mfa_reauthenticate" if member.has_second_factor else "mfa_activate_totp"
        _remedy(request, page)
        return Actor("resident", may, organisation_id, person.id)
    may |= _permissions(member.roles)
    return Actor(_name(member.roles), may, organisation_id, person.id)


def residents_may() -> frozenset[Permission]:
    """What anybody may do, signed in or not."""
    return frozenset[Permission]().union(*(service.residents_may for service in offered()))


def sign_in(request: HttpRequest, person_id: UUID, *, method: records.Method) -> None:
    """Sign someone in who has shown who they are. Raises NoSuchPerson."""
    person = models.Person.objects.filter(id=person_id, is_active=True).first()
    if person is None:
        raise NoSuchPerson(_("We know of nobody with that number."))
    login(request, person, backend=BACKEND)
    operations.record_sign_in(recorder(request, person_id), person_id, method=method)
    if method is records.Method.LINK_AND_SECOND_FACTOR:
        pass_second_factor(request, person)


def pass_second_factor(request: HttpRequest, person: models.Person) -> None:
    """Let this session act as staff; its key changes, so that one seen before is worth nothing."""
    record_authentication(request, person, SECOND_FACTOR, type="totp", reauthenticated=True)
    request.session.cycle_key()


def has_passed_second_factor(request: HttpRequest) -> bool:
    passed = get_authentication_records(request, request.user)
    return any(each.get("method") == SECOND_FACTOR for each in passed)


def is_first_use(person_id: UUID, code: str) -> bool:
    """Whether a one-time code was not used before, in the time in which it may be valid."""
    digits = "".join(each for each in code if each.isdigit())
    return cache.add(f"identity.totp:{person_id}:{digits}", "used", timeout=120)


def recorder(request: HttpRequest, person_id: UUID | None) -> Actor:
    """The one who notes who signs in and out: the person, as far as they have shown it."""
    may = frozenset({permissions.SIGN_IN})
    return Actor("resident", may, _organisation(request).id, person_id)


def _organisation(request: HttpRequest) -> Organisation:
    known: Organisation | None = getattr(request, "organisation", None)
    return known or organisation_for(request)


def _remedy(request: HttpRequest, page: str) -> None:
    address = f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}"
    request.remedy_url = address  # type: ignore[attr-defined]  # machinery.http.Request has it


def _permissions(roles: Iterable[records.Role]) -> frozenset[Permission]:
    return frozenset[Permission]().union(*(role.permissions for role in roles))


def _name(roles: Iterable[records.Role]) -> str:
    return f"staff:{'+'.join(sorted(role.slug for role in roles))}"[:80]
