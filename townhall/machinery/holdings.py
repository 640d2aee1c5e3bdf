"""What each part holds of a person: how they read it, and what becomes of it when they go."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from townhall.machinery.actors import Actor, inner_permission
from townhall.machinery.errors import NotFound
from townhall.machinery.paging import Page
from townhall.machinery.personal import Personal

Words = str | Promise

SEE_HELD = inner_permission("holdings.see", _("See what is held about oneself"))
ERASE = inner_permission("holdings.erase", _("Erase what is held about someone"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Personal):
    """One thing that is held of someone, in words for them."""

    person_id: UUID
    title: str
    noted_at: datetime | None
    facts: tuple[tuple[str, str], ...]  # labels and values, without those that are empty


class ListHeld(Protocol):
    """A query, permitted by SEE_HELD: a page of what is held of the acting person."""

    def __call__(self, actor: Actor, /, *, place: str | None = None) -> Page[Held]: ...


class ListDelays(Protocol):
    """A query, permitted by SEE_HELD: why nothing can be erased yet; none if nothing is open."""

    def __call__(self, actor: Actor, /) -> list[str]: ...


class ListAddresses(Protocol):
    """A query, permitted by SEE_HELD: the addresses that the acting person has proved."""

    def __call__(self, actor: Actor, /) -> tuple[str, ...]: ...


class FindNames(Protocol):
    """A query, permitted by SEE_HELD: what the acting person's things of these ids are called."""

    def __call__(self, actor: Actor, /, *, ids: Collection[UUID]) -> dict[UUID, str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Something that a part holds of people, and listens to PersonErased for."""

    slug: str
    title: Words
    goes: Words  # what is deleted when somebody is erased
    stays: Words  # what is kept, by which law and how long; "" for nothing
    list_held: ListHeld
    list_delays: ListDelays | None
    find_names: FindNames | None


_holdings: dict[str, Holding] = {}
_addresses: list[ListAddresses] = []


def holds(
    slug: str,
    title: Words,
    *,
    goes: Words,
    stays: Words = "",
    list_held: ListHeld,
    list_delays: ListDelays | None = None,
    find_names: FindNames | None = None,
) -> None:
    """Say what a part holds of people; its app calls this when it is ready."""
    _holdings[slug] = Holding(
        slug=slug,
        title=title,
        goes=goes,
        stays=stays,
        list_held=list_held,
        list_delays=list_delays,
        find_names=find_names,
    )


def holdings() -> list[Holding]:
    return sorted(_holdings.values(), key=lambda holding: str(holding.title))


def get_holding(slug: str) -> Holding:
    if slug not in _holdings:
        raise NotFound(slug)
    return _holdings[slug]


def knows_addresses(list_addresses: ListAddresses) -> None:
    """Say which addresses are whose; the app that knows people calls this when it is ready."""
    _addresses[:] = [list_addresses]


def addresses_of(actor: Actor) -> tuple[str, ...]:
    """In lower case; by them is theirs what names nobody, as PersonErased has it too."""
    return tuple(sorted({each for known in _addresses for each in known(actor)}))


def all_held(holding: Holding, actor: Actor) -> Iterator[Held]:
    """Every page of it, one after the other."""
    place = None
    while True:
        page = holding.list_held(actor, place=place)
        yield from page.rows
        place = page.next_place
        if place is None:
            return


def names_of_things(actor: Actor, ids: Collection[UUID]) -> dict[UUID, str]:
    """What the acting person's own things are called, by whichever part has them."""
    asked = [each.find_names for each in holdings() if each.find_names is not None and ids]
    return {id_: name for find in asked for id_, name in find(actor, ids=ids).items()}


def delays_of(actor: Actor) -> list[str]:
    """Why the acting person cannot be erased yet, by anything that is open."""
    asked = [holding.list_delays for holding in holdings() if holding.list_delays is not None]
    return [delay for list_delays in asked for delay in list_delays(actor)]


def facts(*pairs: tuple[Words, object]) -> tuple[tuple[str, str], ...]:
    """Labels and values as `Held` has them."""
    return tuple((str(label), str(value)) for label, value in pairs if value not in (None, ""))
