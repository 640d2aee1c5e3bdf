"""Makers of organisations, staff and signed-in browsers, for identity's tests."""

from itertools import count
from uuid import UUID

from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client, RequestFactory

from townhall.capabilities.identity import operations, permissions, records, sessions
from townhall.capabilities.identity.sessions.store import SessionStore
from townhall.machinery import organisations
from townhall.machinery.actors import Actor
from townhall.machinery.organisations import Organisation
from townhall.machinery.wording import Wording

SECRET = "JBSWY3DPEHPK3PXP"
EVERYTHING = frozenset(
    {
        permissions.KNOW_PEOPLE,
        permissions.MANAGE_PEOPLE,
        permissions.READ_MEMBERS,
        permissions.RUN_INSTALLATION,
        permissions.SIGN_IN,
    }
)
_numbers = count(1)


def make_organisation(*, slug: str = "newtown", hosts: tuple[str, ...] = ()) -> Organisation:
    operator = Actor("test", EVERYTHING, UUID(int=0))
    opened = operations.add_organisation(operator, slug=slug, name=Wording(slug), hosts=hosts)
    organisations.prepare(opened)
    return opened


def make_actor(organisation: Organisation, **changes: object) -> Actor:
    """Someone who may do anything that identity offers."""
    may = changes.get("may", EVERYTHING)
    assert isinstance(may, frozenset)
    return Actor("test", may, organisation.id)


def make_member(
    organisation: Organisation,
    *roles: str,
    email: str = "",
    name: str = "Ann Archer",
    second_factor: bool = False,
) -> records.Member:
    actor = make_actor(organisation)
    email = email or f"ann{next(_numbers)}@newtown.example"
    member = operations.add_member(actor, email=email, name=name, roles=roles)
    if second_factor:
        operations.enrol_totp(actor, member.id, secret=SECRET)
    return member


def make_request(organisation: Organisation, path: str = "/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.session = SessionStore()
    request.user = AnonymousUser()
    request.organisation = organisation  # type: ignore[attr-defined]  # as the middleware does
    return request


def sign_in(
    client: Client,
    organisation: Organisation,
    person_id: UUID,
    *,
    method: records.Method = records.Method.LINK_AND_SECOND_FACTOR,
) -> None:
    """Have the client's next requests come from this person."""
    request = make_request(organisation)
    sessions.sign_in(request, person_id, method=method)
    request.session.save()
    client.cookies["session"] = str(request.session.session_key)


def make_code(secret: str = SECRET, *, step: int = 0) -> str:
    """What the app on a phone shows now, or a step of half a minute later."""
    counters = sorted(yield_hotp_counters_from_time())
    return str(format_hotp_value(hotp_value(secret, counters[len(counters) // 2 + step])))
