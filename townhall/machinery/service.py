"""What a service is: a name, an owner, what it may use, and the dials an organisation turns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from townhall.machinery.actors import Actor, Permission
from townhall.machinery.personal import Personal
from townhall.machinery.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Personal):
    """What one person asked of a service, as it stands in their list of requests."""

    id: UUID
    person_id: UUID | None
    reference: str
    title: Wording
    status: str  # translated, ready to read
    asked_at: datetime
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    slug: str
    title: Wording
    owner: Wording  # the team that answers for it
    uses: frozenset[Permission]  # what it may ask of capabilities, and nothing else
    summary: Wording | None = None
    start_url: str | None = None  # where a resident begins; None for what only staff see
    dials: type[Any] | None = None  # Any: a frozen dataclass of `dial` fields
    residents_may: frozenset[Permission] = frozenset()
    for_others: bool = False  # whether a resident may let someone else act for them here
    # Those of its own permissions that let staff see or do what is of other services.
    reaching_beyond: frozenset[Permission] = frozenset()
    # What the roles that every organisation begins with may do here, by the role's slug.
    staff_roles: Mapping[str, frozenset[Permission]] = field(default_factory=dict)

    def acting_for(self, asker: Actor) -> Actor:
        """This service as an actor: it may do what it `uses`, whatever the asker may do."""
        return Actor(
            self.name, self.uses, asker.organisation_id, asker.person_id, asker.delegate_id
        )

    def acting_alone(self, organisation_id: UUID) -> Actor:
        """This service as an actor when nobody asked: on an event, on a schedule."""
        return Actor(self.name, self.uses, organisation_id)

    @property
    def name(self) -> str:
        return f"service:{self.slug}"


_offered: dict[str, Service] = {}
_requests: list[Callable[[Actor], list[Request]]] = []


def offer(service: Service, *, requests: Callable[[Actor], list[Request]] | None = None) -> None:
    """Make a service known; its app calls this when it is ready.

    `requests` is the service's query for what the acting person has asked of it.
    """
    _offered[service.slug] = service
    if requests is not None and requests not in _requests:
        _requests.append(requests)


def offered() -> list[Service]:
    """Every service of this installation, by title."""
    return sorted(_offered.values(), key=lambda service: service.title.en)


def reaching_beyond() -> frozenset[Permission]:
    """The permissions of services that reach further than the service that they are of."""
    return frozenset[Permission]().union(*(each.reaching_beyond for each in _offered.values()))


def requests_of(actor: Actor) -> list[Request]:
    """What the acting person has asked of every service that they may use, newest first."""
    asked = [list_mine for list_mine in _requests if getattr(list_mine, "permission") in actor.may]  # noqa: B009  # doors have it
    found = [request for list_mine in asked for request in list_mine(actor)]
    return sorted(found, key=lambda request: request.asked_at, reverse=True)
