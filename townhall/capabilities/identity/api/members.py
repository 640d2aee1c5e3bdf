"""/api/v1/identity/: who a program is, and who works here, for programs with a key."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from townhall.capabilities.identity import queries, records
from townhall.capabilities.identity.sessions import program_asks
from townhall.machinery.actors import Actor, permission_labels
from townhall.machinery.http import Request

MOST = 100


class Me(Schema):
    """The program that asks, and what its key allows."""

    program: str
    organisation: str
    permissions: list[str]


class HeldRole(Schema):
    """`services` is null for a role in everything; else it works in these services only."""

    role: str
    title: str
    services: list[str] | None


class Member(Schema):
    id: UUID
    name: str
    email: str | None
    team: str | None
    roles: list[HeldRole]


class Members(Schema):
    """`next` is the `after` of the page that follows; null on the last one."""

    members: list[Member]
    next: str | None


def by_key(request: HttpRequest) -> Actor:
    """Ninja's way to ask who is there. Raises WrongKey."""
    return program_asks(request)


router = Router(tags=["identity"], auth=by_key)


@router.get("/me", response=Me)
def me(request: Request) -> dict[str, Any]:  # Any: JSON
    program = _program(request)
    may = sorted(each for each in program.may if each in permission_labels())
    return {
        "program": program.name.removeprefix("program:"),
        "organisation": request.organisation.slug,
        "permissions": may,
    }


@router.get("/members", response=Members)
def members(request: Request, after: str = "") -> dict[str, Any]:  # Any: JSON
    """Who works here now. Compare it with the last time to see who came, moved and left."""
    page = queries.read_members(_program(request), place=after or None, size=MOST)
    return {"members": [_write(each) for each in page.rows], "next": page.next_place}


def _program(request: Request) -> Actor:
    found: Actor = getattr(request, "auth")  # noqa: B009  # Ninja puts there what `by_key` found
    return found


def _write(member: records.Member) -> dict[str, Any]:  # Any: JSON
    narrow = [(each.role, sorted(each.services)) for each in member.narrow_roles]
    everywhere = [(role, None) for role in member.roles]
    return {
        "id": member.id,
        "name": member.name,
        "email": member.email,
        "team": member.team.name if member.team else None,
        "roles": [
            {"role": role.slug, "title": role.title, "services": services}
            for role, services in (*everywhere, *narrow)
        ],
    }
