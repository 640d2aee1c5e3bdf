"""Who is acting. Every read and write of the platform is done by an actor."""

from dataclasses import dataclass
from typing import NewType
from uuid import UUID

from django.utils.functional import Promise

from townhall.machinery.errors import NotAllowed

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
    person_id: UUID | None = None  # the person acting, or the one a service acts for

    def require(self, permission: Permission) -> None:
        """Raise NotAllowed unless this actor holds `permission`."""
        if permission not in self.may:
            raise NotAllowed(f"{self.name} may not {permission}")
