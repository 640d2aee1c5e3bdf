"""People, and what they do for an organisation."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from townhall.machinery.actors import Permission
from townhall.machinery.personal import Personal


class Method(StrEnum):
    """How someone who signs in has shown who they are."""

    CODE = "code"  # sent to their email address
    PASSKEY = "passkey"  # with which their device has checked that it is they
    PASSWORD = "password"  # noqa: S105  # the word, not one of them
    LINK = "link"  # given to them by whoever runs the installation
    STAFF_SIGN_IN = "staff sign-in"  # through their organisation's own
    LINK_AND_SECOND_FACTOR = "link and second factor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Personal):
    """Someone we know of, signed in or not."""

    id: UUID
    email: str | None
    name: str
    phone: str
    language: str  # "en" or "cy"

    @property
    def persons(self) -> frozenset[UUID]:
        return frozenset({self.id})


class Names(dict[UUID, str], Personal):
    """People's names, by their id."""

    @property
    def persons(self) -> frozenset[UUID]:
        return frozenset(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What somebody does for an organisation, and so may do here."""

    id: UUID
    slug: str
    title: str
    permissions: frozenset[Permission]


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    id: UUID
    name: str
    services: frozenset[str] = frozenset()  # that it answers for; slugs


@dataclass(frozen=True, slots=True, kw_only=True)
class NarrowRole:
    """A role that somebody has in some services only."""

    role: Role
    services: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Personal):
    """Someone who works for the organisation."""

    id: UUID  # the person's
    email: str | None
    name: str
    roles: tuple[Role, ...]  # in the whole organisation
    team: Team | None
    has_second_factor: bool  # a passkey, or an app that shows one-time codes
    has_passkey: bool
    narrow_roles: tuple[NarrowRole, ...] = ()

    @property
    def every_role(self) -> tuple[Role, ...]:
        """However far each reaches."""
        narrow = (each.role for each in self.narrow_roles)
        return tuple({role.id: role for role in (*self.roles, *narrow)}.values())

    @property
    def persons(self) -> frozenset[UUID]:
        return frozenset({self.id})


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof(Personal):
    """Someone showed who they are, failed to, or stopped; None is an address that nobody has."""

    person_id: UUID | None
