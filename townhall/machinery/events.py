"""Facts that travel upwards: a capability emits one, and whoever cares reacts."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, TypeVar
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from pydantic import TypeAdapter

from townhall.machinery.failures import where_it_failed
from townhall.machinery.models import Delivery, RecordedEvent
from townhall.machinery.tasks import task


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that has happened, named in the past tense. Carries ids and facts, never rows."""

    name: ClassVar[str]  # "pay.payment_succeeded"
    forgets: ClassVar[tuple[str, ...]] = ()  # facts that go once all who want it have heard

    organisation_id: UUID
    event_id: UUID = field(default_factory=uuid4)
    happened_at: datetime = field(default_factory=timezone.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonErased(Event):
    """Someone asked that what is held of them be deleted; each app that holds any hears this.

    Identity emits it, once for each organisation that knew them. Each handler keeps what a law
    says must be kept, and only that. `reached_at` finds what was written down without saying whose
    it is, and what names them: email addresses that they have proved, in lower case.
    """

    name: ClassVar[str] = "identity.person_erased"
    forgets: ClassVar[tuple[str, ...]] = ("reached_at",)

    person_id: UUID
    reached_at: tuple[str, ...] = ()


E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Handler:
    kind: type[Event]
    where: dict[str, object]
    function: Callable[[Any], None]  # Any: of the event kind it was registered for

    def wants(self, event: Event) -> bool:
        return all(getattr(event, fact) == value for fact, value in self.where.items())


_readers: dict[type[Event], TypeAdapter[Any]] = {}  # Any: as in Handler
_handlers: dict[str, dict[str, Handler]] = defaultdict(dict)  # by event name, by own name


def on(kind: type[E], /, **where: object) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Call the function, in a transaction of its own, for each such event with these facts."""

    def register(function: Callable[[E], None]) -> Callable[[E], None]:
        name = f"{function.__module__}.{function.__name__}"
        _handlers[kind.name][name] = Handler(kind, where, function)
        return function

    return register


def emit(event: Event) -> None:
    """Record the event and queue its deliveries, in the transaction that made it true."""
    emit_all([event])


def emit_all(events: Sequence[Event]) -> None:
    """The same for several at once, in few statements."""
    if not connection.in_atomic_block:
        raise RuntimeError("emit() belongs inside an operation")
    wanted = [
        Delivery(event_id=event.event_id, handler=name)
        for event in events
        for name, handler in _handlers[event.name].items()
        if handler.wants(event)
    ]
    heard = {each.event_id for each in wanted}
    RecordedEvent.objects.bulk_create(
        RecordedEvent(
            id=event.event_id,
            organisation_id=event.organisation_id,
            name=event.name,
            facts=_facts(event, without=() if event.event_id in heard else event.forgets),
            happened_at=event.happened_at,
        )
        for event in events
    )
    Delivery.objects.bulk_create(wanted)
    for each in wanted:
        deliver.later(event_id=each.event_id, handler=each.handler)


@task
def deliver(event_id: UUID, handler: str) -> None:
    """Hand one event to one handler; a second delivery of the same does nothing."""
    try:
        with transaction.atomic():
            mine = Delivery.objects.select_for_update(of=("self",)).select_related("event")
            delivery = mine.get(event_id=event_id, handler=handler)
            if delivery.delivered_at is not None:
                return
            to = _handlers[delivery.event.name][handler]
            to.function(_reader(to.kind).validate_python(delivery.event.facts))
            Delivery.objects.filter(id=delivery.id).update(delivered_at=timezone.now())
            if to.kind.forgets:
                _forget(event_id, to.kind.forgets)
    except Exception as error:
        Delivery.objects.filter(event_id=event_id, handler=handler, delivered_at=None).update(
            attempts=F("attempts") + 1, last_error=where_it_failed(error)
        )
        raise


def _facts(event: Event, *, without: Sequence[str]) -> dict[str, Any]:  # Any: JSON
    facts: dict[str, Any] = _reader(type(event)).dump_python(event, mode="json")
    return {name: fact for name, fact in facts.items() if name not in without}


def _forget(event_id: UUID, names: Sequence[str]) -> None:
    """Take facts out of an event that all have heard. Locked, or the last two would both wait."""
    event = RecordedEvent.objects.select_for_update().get(id=event_id)
    if not Delivery.objects.filter(event_id=event_id, delivered_at=None).exists():
        event.facts = {name: fact for name, fact in event.facts.items() if name not in names}
        event.save(update_fields=["facts"])


def _reader(kind: type[Event]) -> TypeAdapter[Any]:  # Any: as in Handler
    """Kept, since making one takes longer than writing an event."""
    if kind not in _readers:
        _readers[kind] = TypeAdapter(kind)
    return _readers[kind]


def known_handlers() -> Iterator[tuple[str, str]]:
    """Pairs of an event's name and the name of a handler that hears it."""
    for event_name, handlers in sorted(_handlers.items()):
        for name in sorted(handlers):
            yield event_name, name
