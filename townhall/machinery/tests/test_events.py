"""Facts: told once to each who wants to hear, and together with what they do about it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from townhall.machinery.events import Event, deliver, emit, known_handlers, on
from townhall.machinery.models import Delivery, RecordedEvent
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db

TOWN = uuid4()


@dataclass(frozen=True, slots=True, kw_only=True)
class TreePlanted(Event):
    name: ClassVar[str] = "test_events.tree_planted"

    service: str
    tree_id: UUID
    planted_on: date
    height_cm: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeNoted(Event):
    """What a handler below does about it: a row of its own, in the delivery's transaction."""

    name: ClassVar[str] = "test_events.tree_noted"

    by: str


told: list[tuple[str, Event]] = []
broken: list[str] = []


@on(TreePlanted)
def note_it(event: TreePlanted) -> None:
    told.append(("note_it", event))
    emit(TreeNoted(organisation_id=event.organisation_id, by="note_it"))
    if broken:
        raise RuntimeError("Jo Bloggs, 1 High Street")


@on(TreePlanted, service="parks")
def note_in_parks(event: TreePlanted) -> None:
    told.append(("note_in_parks", event))
    emit(TreeNoted(organisation_id=event.organisation_id, by="note_in_parks"))


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    told.clear()
    broken.clear()
    yield
    told.clear()


def plant(*, service: str = "parks") -> TreePlanted:
    event = TreePlanted(
        organisation_id=TOWN,
        service=service,
        tree_id=uuid4(),
        planted_on=date(2026, 11, 23),
        height_cm=None,
        happened_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
    )
    with transaction.atomic():
        emit(event)
    return event


def delivery_to(event: Event, handler: str) -> Delivery:
    return Delivery.objects.get(event_id=event.event_id, handler=f"{__name__}.{handler}")


def noted() -> list[str]:
    rows = RecordedEvent.objects.filter(name=TreeNoted.name)
    return sorted(row.facts["by"] for row in rows)


def test_each_handler_is_told_once_with_the_facts_as_they_were() -> None:
    event = plant()

    run_tasks()

    assert sorted(name for name, _event in told) == ["note_in_parks", "note_it"]
    assert {each for _name, each in told} == {event}
    assert noted() == ["note_in_parks", "note_it"]


def test_a_handler_hears_only_of_what_it_asked_for() -> None:
    plant(service="streets")

    run_tasks()

    assert [name for name, _event in told] == ["note_it"]


def test_nothing_is_told_of_what_was_undone() -> None:
    with transaction.atomic():
        plant()
        transaction.set_rollback(True)

    assert run_tasks() == 0
    assert not RecordedEvent.objects.exists()
    assert not Delivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_facts_are_told_in_the_transaction_that_made_them_true() -> None:
    event = TreeNoted(organisation_id=TOWN, by="nobody")

    with pytest.raises(RuntimeError, match="inside an operation"):
        emit(event)

    assert not RecordedEvent.objects.exists()


def test_told_again_a_handler_does_nothing() -> None:
    event = plant()
    run_tasks()

    for handler in ("note_it", "note_in_parks"):
        deliver(event_id=event.event_id, handler=f"{__name__}.{handler}")

    assert len(told) == 2
    assert noted() == ["note_in_parks", "note_it"]


@pytest.mark.django_db(transaction=True)
def test_told_by_many_at_the_same_time_a_handler_acts_once() -> None:
    event = plant()

    def tell(_number: int) -> None:
        deliver(event_id=event.event_id, handler=f"{__name__}.note_it")
        connection.close()

    with ThreadPoolExecutor(6) as workers:
        list(workers.map(tell, range(6)))

    assert noted() == ["note_it"]
    assert delivery_to(event, "note_it").attempts == 0


def test_a_failing_handler_does_nothing_and_disturbs_no_other() -> None:
    broken.append("yes")
    event = plant()

    deliver(event_id=event.event_id, handler=f"{__name__}.note_in_parks")
    for _attempt in range(2):
        with pytest.raises(RuntimeError):
            deliver(event_id=event.event_id, handler=f"{__name__}.note_it")

    assert noted() == ["note_in_parks"]
    assert delivery_to(event, "note_in_parks").delivered_at is not None
    failing = delivery_to(event, "note_it")
    assert (failing.attempts, failing.delivered_at) == (2, None)
    assert failing.last_error.startswith("RuntimeError at tests/test_events.py:")
    assert "Bloggs" not in failing.last_error


def test_a_handler_that_works_again_acts_once_and_is_done() -> None:
    broken.append("yes")
    event = plant()
    with pytest.raises(RuntimeError):
        deliver(event_id=event.event_id, handler=f"{__name__}.note_it")
    broken.clear()

    run_tasks()

    assert noted() == ["note_in_parks", "note_it"]
    done = delivery_to(event, "note_it")
    assert done.attempts == 1
    assert done.delivered_at is not None


def test_what_a_handler_emits_is_told_in_turn_and_each_delivery_is_one_task() -> None:
    plant()

    assert ProcrastinateJob.objects.count() == 2
    assert run_tasks() == 2
    assert not ProcrastinateJob.objects.exists()


def test_the_staff_page_can_name_who_hears_what() -> None:
    assert (TreePlanted.name, f"{__name__}.note_in_parks") in set(known_handlers())


def test_a_delivery_is_stamped_when_it_arrives() -> None:
    event = plant()

    run_tasks()

    arrived = delivery_to(event, "note_it").delivered_at
    assert arrived is not None
    assert abs(arrived - datetime.now(UTC)) < timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class GardenerLeft(Event):
    name: ClassVar[str] = "test_events.gardener_left"
    forgets: ClassVar[tuple[str, ...]] = ("called",)

    called: str
    garden: str


@on(GardenerLeft, garden="north")
def hear_in_north(event: GardenerLeft) -> None:
    told.append(("north", event))


@on(GardenerLeft, garden="north")
def hear_in_north_too(event: GardenerLeft) -> None:
    told.append(("too", event))


@pytest.mark.parametrize(("garden", "heard"), [("north", 2), ("south", 0)])
def test_a_fact_that_is_not_to_be_kept_goes_once_all_have_heard(garden: str, heard: int) -> None:
    with transaction.atomic():
        emit(GardenerLeft(organisation_id=TOWN, called="Ann Archer", garden=garden))
    known = [row.facts.get("called") for row in RecordedEvent.objects.all()]

    run_tasks()

    assert known == (["Ann Archer"] if heard else [None])
    assert len(told) == heard
    assert "called" not in RecordedEvent.objects.get().facts
