"""What an organisation has set its dials to."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, ClassVar, TypeVar, cast, get_type_hints
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import ValidationError

from townhall.machinery.actors import Actor
from townhall.machinery.dials import SET_DIALS, Owner, adapters_of, find_owner
from townhall.machinery.errors import Invalid, NotFound
from townhall.machinery.events import Event, emit
from townhall.machinery.models import DialValue
from townhall.machinery.money import Money
from townhall.machinery.operations import operation, query
from townhall.machinery.pages.writing import write_money
from townhall.machinery.wording import Wording

D = TypeVar("D")


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
class DialTurned(Event):
    """An organisation set one of its dials."""

    name: ClassVar[str] = "dials.dial_turned"

    owner: str
    dial: str


def dials_of(organisation_id: UUID, slug: str, kind: type[D]) -> D:
    """What an organisation has set, as the owner's own frozen dataclass."""
    stored = DialValue.objects.filter(organisation_id=organisation_id, owner=slug)
    return _read(kind, dict(stored.values_list("name", "value")))


def _read(kind: type[D], stored: dict[str, Any]) -> D:
    adapters = adapters_of(kind)
    known = {name: value for name, value in stored.items() if name in adapters}
    return kind(**{name: adapters[name].validate_python(value) for name, value in known.items()})


@query(SET_DIALS)
def list_dials(actor: Actor, owner: str) -> list[Dial]:
    """Every dial of a service or capability, with what it is set to. Raises NotFound."""
    kind = _owner(owner).dials
    stored = dict(DialValue.visible_to(actor).filter(owner=owner).values_list("name", "value"))
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
    adapter = adapters_of(_owner(owner).dials)[name]
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


def _owner(slug: str) -> Owner:
    found = find_owner(slug)
    if found is None:
        raise NotFound(_("There are no settings of that name."))
    return found


def _keep_to_bounds(found: Dial, value: Any) -> None:
    measure: Callable[[Any], Any] = _minor if isinstance(value, Money) else _length_or_self
    if found.lowest is not None and measure(value) < measure(found.lowest):
        raise Invalid(_("Enter %(lowest)s or more.") % {"lowest": _shown(found.lowest)})
    if found.highest is not None and measure(value) > measure(found.highest):
        raise Invalid(_("Enter %(highest)s or less.") % {"highest": _shown(found.highest)})


def _minor(value: Any) -> int:
    return cast(Money, value).minor


def _length_or_self(value: Any) -> Any:
    if isinstance(value, Wording):
        return max(len(value.en), len(value.cy))
    return len(value) if isinstance(value, str | tuple) else value


def _shown(bound: Any) -> str:
    if isinstance(bound, Money):
        return write_money(bound)
    return str(bound)
