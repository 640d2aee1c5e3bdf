"""Who is acting. Every read and write of the platform is done by an actor."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NewType, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from townhall.machinery.errors import NotAllowed

M = TypeVar("M", bound=Model)
Permission = NewType("Permission", str)

_labels: dict[Permission, str | Promise] = {}
_inner_labels: dict[Permission, str | Promise] = {}


def permission(code: str, label: str | Promise) -> Permission:
    """Name a permission; its label is what whoever hands out roles reads."""
    named = Permission(code)
    _labels[named] = label
    return named


def inner_permission(code: str, label: str | Promise) -> Permission:
    """Name a permission that no role of people has: of services, capabilities or every resident."""
    named = Permission(code)
    _inner_labels[named] = label
    return named


def inner_permission_labels() -> dict[Permission, str]:
    return {code: str(label) for code, label in sorted(_inner_labels.items())}


def permission_labels() -> dict[Permission, str]:
    """Every permission that a role may have, with its label in the current language."""
    return {code: str(label) for code, label in sorted(_labels.items())}


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in a role, a service or a program, with what it may do, in one organisation."""

    name: str  # "resident", "staff:caseworker", "service:bulky-waste"; kept in the audit trail
    may: frozenset[Permission]
    organisation_id: UUID
    person_id: UUID | None = None  # the person acting, or the one acted for
    delegate_id: UUID | None = None  # the person acting, where it is another than `person_id`
    # What it may do in some services only (their slugs); `may` is what it may do everywhere.
    may_within: Mapping[Permission, frozenset[str]] = field(default_factory=dict, hash=False)
    within: frozenset[str] | None = None  # the services whose rows it sees; None is all

    def require(self, permission: Permission) -> None:
        """Raise NotAllowed unless this actor holds `permission` everywhere."""
        if permission not in self.may:
            raise NotAllowed(f"{self.name} may not {permission}")

    def narrowed(self, permission: Permission) -> "Actor":
        """This actor, seeing rows only where it holds `permission`. Raises NotAllowed."""
        if permission in self.may:
            return self
        services = self.may_within.get(permission)
        if not services:
            raise NotAllowed(f"{self.name} may not {permission}")
        seen = services if self.within is None else self.within & services
        return replace(self, within=seen)

    def may_in(self, service: str, permission: Permission) -> bool:
        """Whether this actor holds `permission` for what is of that service (a slug)."""
        return permission in self.may or service in self.may_within.get(permission, ())

    def may_somewhere(self, permission: Permission) -> bool:
        """Whether this actor holds `permission`, be it in one service only."""
        return permission in self.may or bool(self.may_within.get(permission))


def rows_within(actor: Actor, rows: QuerySet[M], *, service: str = "service") -> QuerySet[M]:
    """Leave out the rows of services that the actor does not see; `service` says whose a row is."""
    if actor.within is None:
        return rows
    return rows.filter(**{f"{service}__in": sorted(actor.within)})
