"""Dials: typed values with safe bounds that each organisation sets for itself, without code."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, NewType, TypeVar, cast, get_type_hints
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import TypeAdapter, ValidationError

from townhall.machinery.actors import Actor, permission
from townhall.machinery.errors import Invalid, NotFound
from townhall.machinery.events import Event, emit
from townhall.machinery.models import DialValue
from townhall.machinery.money import Money
from townhall.machinery.operations import Told, operation, query
from townhall.machinery.wording import Wording

SET_DIALS = permission("dials.set", gettext_lazy("See and change the settings of services"))

D = TypeVar("D")
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
class Dial:
    """One dial of an owner, with what it is set to."""

    owner: str
    name: str
    kind: object  # the dial's type: int, Money, Wording, tuple[PricedItem, ...] and so on
    label: str
    hint: str
    lowest: Any  # Any: of the dial's kind
    highest: Any
    value: Any
    is_default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A service or capability that has dials."""

    slug: str
    title: Told
    dials: type[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DialTurned(Event):
    """An organisation set one of its dials."""

    name: ClassVar[str] = "dials.dial_turned"

    owner: str
    dial: str


_owners: dict[str, Owner] = {}


def dial(
    default: Any, *, label: Told, hint: Told = "", lowest: Any = None, highest: Any = None
) -> Any:
    """A value staff may set, with the bounds within which any setting is safe."""
    about = {"label": label, "hint": hint, "lowest": lowest, "highest": highest}
    return field(default=default, metadata=about)


def register_dials(slug: str, title: Told, dials: type[Any]) -> None:
    """Give the dials of a service or capability their page; its app calls this when ready."""
    _owners[slug] = Owner(slug=slug, title=title, dials=dials)


def owners() -> list[Owner]:
    return sorted(_owners.values(), key=lambda owner: str(owner.title))


def dials_of(organisation_id: UUID, slug: str, kind: type[D]) -> D:
    """What an organisation has set, as the owner's own frozen dataclass."""
    stored = DialValue.objects.filter(organisation_id=organisation_id, owner=slug)
    return _read(kind, dict(stored.values_list("name", "value")))


def _read(kind: type[D], stored: dict[str, Any]) -> D:
    adapters = adapters_of(kind)
    known = {name: value for name, value in stored.items() if name in adapters}
    return kind(**{name: adapters[name].validate_python(value) for name, value in known.items()})


@cache
def adapters_of(kind: type[Any]) -> dict[str, TypeAdapter[Any]]:
    """Readers and writers of each dial's JSON, by name."""
    return {name: TypeAdapter(hint) for name, hint in get_type_hints(kind).items()}


@query(SET_DIALS)
def list_dials(actor: Actor, owner: str) -> list[Dial]:
    """Every dial of a service or capability, with what it is set to. Raises NotFound."""
    if owner not in _owners:
        raise NotFound(_("There are no settings of that name."))
    stored = dict(
        DialValue.visible_to(actor).filter(owner=owner).values_list("name", "value")
    )
    kind = _owners[owner].dials
    values = _read(kind, stored)
    hints = get_type_hints(kind)
    return [
        Dial(
            owner=owner,
            name=each.name,
            kind=hints[each.name],
            label=str(each.metadata["label"]),
            hint=str(each.metadata["hint"]),
            lowest=each.metadata["lowest"],
            highest=each.metadata["highest"],
            value=getattr(values, each.name),
            is_default=each.name not in stored,
        )
        for each in fields(kind)
    ]


@query(SET_DIALS)
def get_dial(actor: Actor, owner: str, name: str) -> Dial:
    for each in list_dials(actor, owner):
        if each.name == name:
            return each
    raise NotFound(_("There is no setting of that name."))


@operation(SET_DIALS)
def set_dial(actor: Actor, owner: str, name: str, *, value: Any) -> Dial:
    """Set one dial; `value` is of its kind or that kind's JSON. Raises Invalid out of bounds."""
    found = get_dial(actor, owner, name)
    adapter = adapters_of(_owners[owner].dials)[name]
    try:
        typed = adapter.validate_python(value)
    except ValidationError as error:
        raise Invalid(_("Enter a value of the right kind."), fields={name: str(error)}) from error
    _keep_to_bounds(found, typed)
    DialValue.objects.update_or_create(
        organisation_id=actor.organisation_id,
        owner=owner,
        name=name,
        defaults={"value": adapter.dump_python(typed, mode="json")},
    )
    emit(DialTurned(organisation_id=actor.organisation_id, owner=owner, dial=name))
    return get_dial(actor, owner, name)


def _keep_to_bounds(found: Dial, value: Any) -> None:
    measure: Callable[[Any], Any] = _minor if isinstance(value, Money) else _length_or_self
    if found.lowest is not None and measure(value) < measure(found.lowest):
        raise Invalid(_("Enter %(lowest)s or more.") % {"lowest": _shown(found.lowest)})
    if found.highest is not None and measure(value) > measure(found.highest):
        raise Invalid(_("Enter %(highest)s or less.") % {"highest": _shown(found.highest)})


def _minor(value: Any) -> int:
    return cast(Money, value).minor


def _length_or_self(value: Any) -> Any:
    return len(value) if isinstance(value, str | tuple) else value


def _shown(bound: Any) -> str:
    if isinstance(bound, Money):
        return f"£{bound.minor / 100:.2f}"
    return str(bound)
