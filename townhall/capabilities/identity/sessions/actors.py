"""From a request to who asks, before any door is reached."""

from collections.abc import Iterable
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest
from django.urls import reverse

from townhall.capabilities.identity import models, records
from townhall.capabilities.identity.rules.rights import add_up
from townhall.capabilities.identity.sessions.delegations import acting, is_acting
from townhall.capabilities.identity.sessions.organisations import organisation_of
from townhall.capabilities.identity.sessions.signing_in import (
    has_passed_second_factor,
    has_passed_staff_sign_in,
    note_seen,
    second_factor_page,
)
from townhall.machinery.actors import Actor, Permission
from townhall.machinery.database.prepared import Prepared
from townhall.machinery.service import offered, reaching_beyond

# Asked for with every page, so its SQL is worked out once.
_active_person = Prepared(
    lambda person_id: models.Person.with_roles().filter(id=person_id, is_active=True)[:1],
    UUID(int=0),
)


class PersonBackend(BaseBackend):
    """Finds who is signed in, with their roles, in one statement. It proves nobody's identity."""

    def get_user(self, user_id: UUID) -> models.Person | None:
        return next(iter(_active_person(user_id)), None)


def who_asks(request: HttpRequest) -> Actor:
    """The actor behind a request.

    Someone who works for the organisation acts as staff only once this session has passed a second
    factor; someone who acts for another is nobody else meanwhile. `request.remedy_url` is where
    somebody who is refused may prove more than they have.
    """
    organisation_id = organisation_of(request).id
    may = residents_may()
    person = request.user
    if not isinstance(person, models.Person):
        _remedy(request, "account_login")
        return Actor("resident", may, organisation_id)
    note_seen(request)
    if is_acting(request):
        return acting(request, person, organisation_id)
    member = person.member(organisation_id)
    if not member.every_role:
        return Actor("resident", may, organisation_id, person.id)
    passkey = _needs_passkey(request, member)
    has_two = member.has_second_factor and has_passed_second_factor(request, passkey=passkey)
    if not (has_two or (has_passed_staff_sign_in(request, person) and not passkey)):
        _remedy(request, second_factor_page(person, passkey=passkey))
        return Actor("resident", may, organisation_id, person.id)
    narrow = [(each.role.permissions, each.services) for each in member.narrow_roles]
    everywhere, within = add_up(narrow, may | _permissions(member.roles), beyond=reaching_beyond())
    return Actor(
        _name(member.every_role), everywhere, organisation_id, person.id, may_within=within
    )


def residents_may() -> frozenset[Permission]:
    """What anybody may do, signed in or not."""
    return frozenset[Permission]().union(*(service.residents_may for service in offered()))


def _needs_passkey(request: HttpRequest, member: records.Member) -> bool:
    titles = {title.strip().casefold() for title in organisation_of(request).passkey_roles}
    return any(role.title.casefold() in titles for role in member.every_role)


def _remedy(request: HttpRequest, page: str) -> None:
    address = f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}"
    request.remedy_url = address  # type: ignore[attr-defined]  # machinery.http.Request has it


def _permissions(roles: Iterable[records.Role]) -> frozenset[Permission]:
    return frozenset[Permission]().union(*(role.permissions for role in roles))


def _name(roles: Iterable[records.Role]) -> str:
    return f"staff:{'+'.join(sorted(role.slug for role in roles))}"[:80]
