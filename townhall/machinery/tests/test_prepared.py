"""SQL worked out once gives what the queryset gives, each time for the values of that time."""

from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from townhall.machinery.database.prepared import Prepared, from_json
from townhall.machinery.models import RecordedEvent

pytestmark = pytest.mark.django_db

BY_ID = Prepared(
    lambda id_, name: RecordedEvent.objects.filter(id=id_, name__in=[name, "other"]),
    UUID(int=1),
    "a name",
)


def make(name: str) -> RecordedEvent:
    return RecordedEvent.objects.create(
        id=uuid4(), organisation_id=uuid4(), name=name, facts={"a": 1}, happened_at=timezone.now()
    )


def test_it_answers_for_the_values_of_each_time() -> None:
    first, second = make("first"), make("second")

    assert BY_ID(first.id, "first") == [first]
    assert BY_ID(second.id, "second") == [second]
    assert BY_ID(second.id, "first") == []


def test_what_comes_is_read_as_the_fields_are() -> None:
    made = make("first")

    (found,) = BY_ID(made.id, "first")

    assert (found.id, found.facts, found.happened_at) == (made.id, {"a": 1}, made.happened_at)


def test_a_stand_in_that_the_query_does_not_hold_is_a_mistake() -> None:
    wrong = Prepared(lambda _id: RecordedEvent.objects.all(), UUID(int=1))

    with pytest.raises(ValueError, match="not among the values"):
        wrong(uuid4())


def test_json_is_read_once() -> None:
    assert from_json(['{"a": 1}']) == from_json([{"a": 1}]) == [{"a": 1}]
