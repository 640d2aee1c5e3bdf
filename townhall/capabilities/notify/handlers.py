"""What notify does when something happens elsewhere."""

from townhall.capabilities.notify import operations
from townhall.machinery.actors import Actor
from townhall.machinery.events import PersonErased, on
from townhall.machinery.holdings import ERASE


@on(PersonErased)
def person_erased(event: PersonErased) -> None:
    actor = Actor("capability:notify", frozenset({ERASE}), event.organisation_id)
    operations.forget_person(actor, event.person_id, addresses=event.reached_at)
