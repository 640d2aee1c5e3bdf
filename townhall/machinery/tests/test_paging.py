"""Pages of a list: every row once, in its order, from wherever one is, at the cost of one page."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from django.core import signing
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from townhall.machinery.errors import Invalid
from townhall.machinery.models import DialValue, RecordedEvent
from townhall.machinery.paging import Page, page_of

pytestmark = pytest.mark.django_db

NINE = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
ORDER = ("happened_at", "id")


def make_events(count: int, *, at_once: int = 1, name: str = "test_paging.seen") -> None:
    """So many events, some of them at the same moment, made in no order."""
    RecordedEvent.objects.bulk_create(
        RecordedEvent(
            id=uuid4(),
            organisation_id=UUID(int=0),
            name=name,
            facts={},
            happened_at=NINE + timedelta(seconds=number // at_once),
        )
        for number in reversed(range(count))
    )


def events() -> QuerySet[RecordedEvent]:
    return RecordedEvent.objects.filter(name="test_paging.seen")


def page(place: str | None, *, size: int = 25) -> Page[UUID]:
    return page_of(events(), lambda row: row.id, order=ORDER, place=place, size=size)


def all_pages(*, size: int) -> list[Page[UUID]]:
    pages = [page(None, size=size)]
    while pages[-1].next_place:
        pages.append(page(pages[-1].next_place, size=size))
    return pages


@pytest.mark.parametrize("at_once", [1, 4, 30])
def test_the_pages_together_are_the_list(at_once: int) -> None:
    make_events(23, at_once=at_once)

    pages = all_pages(size=5)

    rows = [row for each in pages for row in each.rows]
    assert rows == list(events().order_by(*ORDER).values_list("id", flat=True))
    assert [len(each.rows) for each in pages] == [5, 5, 5, 5, 3]


def test_a_list_can_be_read_from_its_other_end() -> None:
    make_events(23, at_once=4)
    order = ("-happened_at", "-id")
    pages = [page_of(events(), lambda row: row.id, order=order, place=None, size=5)]
    while place := pages[-1].next_place:
        pages.append(page_of(events(), lambda row: row.id, order=order, place=place, size=5))

    rows = [row for each in pages for row in each.rows]

    assert rows == list(events().order_by(*order).values_list("id", flat=True))
    assert [len(each.rows) for each in pages] == [5, 5, 5, 5, 3]


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (5, 1), (6, 2), (10, 2)])
def test_no_page_is_empty_but_that_of_an_empty_list(count: int, pages: int) -> None:
    make_events(count)

    assert len(all_pages(size=5)) == pages


def test_rows_that_come_or_go_meanwhile_move_no_others() -> None:
    make_events(10)
    first = page(None, size=5)
    next_ones = page(first.next_place, size=5).rows
    events().filter(id__in=first.rows).delete()
    RecordedEvent.objects.create(
        organisation_id=UUID(int=0), name="test_paging.seen", facts={}, happened_at=NINE
    )

    again = page(first.next_place, size=5)

    assert again.rows == next_ones


@pytest.mark.parametrize(
    "place",
    [
        "x",
        "W10:1abc:def",
        signing.dumps(["2026-11-23", str(UUID(int=1))], salt="another"),
        signing.dumps(["2026-11-23", str(UUID(int=1))], salt="place")[:-1] + "!",
    ],
)
def test_a_place_that_is_not_ours_is_refused_in_words(place: str) -> None:
    make_events(10)

    with pytest.raises(Invalid, match="damaged"):
        page(place)


def test_a_damaged_place_is_refused() -> None:
    make_events(10)
    place = page(None, size=5).next_place
    assert place is not None

    for position in range(0, len(place), 7):
        changed = "A" if place[position] != "A" else "B"
        with pytest.raises(Invalid):
            page(place[:position] + changed + place[position + 1 :])


def test_the_place_of_another_list_is_refused() -> None:
    make_events(10)
    place = page(None, size=5).next_place
    for number in range(3):
        DialValue.objects.create(
            organisation_id=UUID(int=0), owner="tests", name=f"dial-{number}", value=number
        )

    with pytest.raises(Invalid, match="damaged"):
        page_of(DialValue.objects.all(), lambda row: row.id, order=("id", "name"), place=place)


def test_a_page_far_down_a_long_list_is_found_through_the_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO machinery_recordedevent (id, organisation_id, name, facts, happened_at) "
            "SELECT gen_random_uuid(), gen_random_uuid(), 'test_paging.seen', '{}', "
            "%s::timestamptz + make_interval(mins => n / 3) FROM generate_series(1, 20000) n",
            [NINE],
        )
        cursor.execute("CREATE INDEX test_paging ON machinery_recordedevent (happened_at, id)")
        cursor.execute("ANALYZE machinery_recordedevent")
    far = events().order_by(*ORDER)[15000]
    place = page_of(
        events().filter(happened_at__gte=far.happened_at), lambda row: row, order=ORDER, place=None
    ).next_place

    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = page(place)

    assert len(found.rows) == 25
    assert len(asked) == 1
    plan = explain(asked[0]["sql"])
    assert "Index Scan using test_paging" in plan
    removed = re.findall(r"Rows Removed by Filter: (\d+)", plan)
    assert sum(map(int, removed)) < 10, plan
    assert "Sort" not in plan


def explain(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " + statement.replace("%", "%%"))
        return "\n".join(row[0] for row in cursor.fetchall())


def test_times_between_two_seconds_keep_their_order() -> None:
    for number in range(4):
        RecordedEvent.objects.create(
            organisation_id=UUID(int=0),
            name="test_paging.seen",
            facts={},
            happened_at=NINE + timedelta(microseconds=number),
        )

    found = [events().get(id=row).happened_at for each in all_pages(size=1) for row in each.rows]

    assert len(found) == 4
    assert all(earlier < later for earlier, later in pairwise(found))
