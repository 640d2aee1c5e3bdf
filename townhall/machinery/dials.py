"""Dials: typed values with safe bounds that each organisation sets for itself, without code."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NewType, get_type_hints

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from pydantic import TypeAdapter

from townhall.machinery.actors import permission
from townhall.machinery.money import Money
from townhall.machinery.wording import Wording

SET_DIALS = permission("dials.set", gettext_lazy("See and change the settings of services"))

Words = str | Promise
Colour = NewType("Colour", str)  # "#1d70b8"
Picture = NewType("Picture", str)  # the id of a stored file, or "" for none


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


@dataclass(frozen=True, slots=True)
class PricedItem:
    """Something on a price list. `code` never changes, so that old requests keep their meaning."""

    code: str
    name: Wording
    price: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A service or capability that has dials."""

    slug: str
    title: Words
    dials: type[Any]


_owners: dict[str, Owner] = {}
_adapters: dict[type[Any], dict[str, TypeAdapter[Any]]] = {}


def dial(
    default: Any, *, label: Words, hint: Words = "", lowest: Any = None, highest: Any = None
) -> Any:
    """A value staff may set, with the bounds within which any setting is safe."""
    about = {"label": label, "hint": hint, "lowest": lowest, "highest": highest}
    return field(default=default, metadata=about)


def register_dials(slug: str, title: Words, dials: type[Any]) -> None:
    """Give the dials of a service or capability their page; its app calls this when ready."""
    _owners[slug] = Owner(slug=slug, title=title, dials=dials)


def owners() -> list[Owner]:
    return sorted(_owners.values(), key=lambda owner: str(owner.title))


def find_owner(slug: str) -> Owner | None:
    return _owners.get(slug)


def adapters_of(kind: type[Any]) -> dict[str, TypeAdapter[Any]]:
    """Readers and writers of each dial's JSON, by name."""
    if kind not in _adapters:
        _adapters[kind] = {name: TypeAdapter(hint) for name, hint in get_type_hints(kind).items()}
    return _adapters[kind]
