from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from townhall.capabilities.cases.operations import claim_case, close_case
from townhall.capabilities.cases.queries import find_open_case, list_cases, list_kinds
from townhall.capabilities.cases.records import Kind, View
from townhall.capabilities.cases.tests.make import (
    CASEWORKER,
    COLLEAGUE,
    NOBODY,
    RESIDENT,
    SERVICE,
    STRANGER,
    make_case,
    make_many,
)
from townhall.machinery.errors import Invalid, NotAllowed
from townhall.machinery.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_the_most_urgent_case_comes_first() -> None:
    now = timezone.now()
    later = make_case(due_at=now + timedelta(days=2))
    sooner = make_case(due_at=now + timedelta(days=1))

    page = list_cases(CASEWORKER)

    assert [each.id for each in page.rows] == [sooner.id, later.id]
    assert page.next_place is None


def test_each_view_shows_its_part_of_the_queue() -> None:
    free, mine, others, done = (make_case() for _ in range(4))
    claim_case(CASEWORKER, mine.id)
    claim_case(COLLEAGUE, others.id)
    close_case(CASEWORKER, done.id, outcome="refunded")

    shown = {view: {each.id for each in list_cases(CASEWORKER, view=view).rows} for view in View}

    assert shown == {
        View.ALL: {free.id, mine.id, others.id},
        View.MINE: {mine.id},
        View.UNCLAIMED: {free.id},
        View.CLOSED: {done.id},
    }


def test_nothing_is_mine_for_an_actor_who_is_no_person() -> None:
    make_case()

    assert not list_cases(SERVICE, view=View.MINE).rows


def test_the_queue_can_be_narrowed_to_a_kind_of_work() -> None:
    wanted = make_case(kind="missed")
    make_case(kind="refund-due")

    page = list_cases(CASEWORKER, service="parking", kind="missed")

    assert [each.id for each in page.rows] == [wanted.id]


def test_the_kinds_of_open_work_are_known() -> None:
    make_case(service="b", kind="y")
    make_case(service="b", kind="x")
    make_case(service="b", kind="x")
    make_case(service="a", kind="z")
    done = make_case(service="c", kind="z")
    close_case(CASEWORKER, done.id, outcome="refunded")
    make_case(STRANGER, service="d", kind="z")

    kinds = list_kinds(CASEWORKER)

    assert kinds == [
        Kind(service="a", kind="z"),
        Kind(service="b", kind="x"),
        Kind(service="b", kind="y"),
    ]


@pytest.mark.parametrize("view", [View.ALL, View.CLOSED])
def test_every_case_is_on_exactly_one_page(view: View) -> None:
    due_at = timezone.now()
    ids = [make_case(due_at=due_at).id for _ in range(60)]
    if view == View.CLOSED:
        for each in ids:
            close_case(CASEWORKER, each, outcome="refunded")

    seen, place = list[object](), None
    while True:
        page = list_cases(CASEWORKER, view=view, place=place)
        seen += [each.id for each in page.rows]
        place = page.next_place
        if place is None:
            break

    assert len(seen) == 60
    assert set(seen) == set(ids)
    if view == View.CLOSED:
        assert seen == list(reversed(ids))


@pytest.mark.parametrize("view", [View.ALL, View.CLOSED])
def test_a_damaged_page_link_is_refused(view: View) -> None:
    with pytest.raises(Invalid):
        list_cases(CASEWORKER, view=view, place="damaged")


def test_a_list_is_audited_with_everyone_on_it() -> None:
    other = uuid4()
    make_case()
    make_case(person_id=other)
    make_case(person_id=None)

    list_cases(CASEWORKER)

    assert set(AuditEntry.objects.latest("id").concerns) == {RESIDENT, other}


def test_without_the_permission_or_elsewhere_nothing_is_seen() -> None:
    case = make_case()

    with pytest.raises(NotAllowed):
        list_cases(NOBODY)
    with pytest.raises(NotAllowed):
        list_kinds(NOBODY)
    assert not list_cases(STRANGER).rows
    assert not list_kinds(STRANGER)
    assert not find_open_case(
        STRANGER, service=case.service, kind=case.kind, subject_id=case.subject_id
    )


@pytest.mark.parametrize(
    ("view", "narrowed", "index"),
    [
        (View.ALL, {}, "case_open_by_due"),
        (View.ALL, {"service": "parking", "kind": "kind-3"}, "case_open_of_kind"),
        (View.MINE, {}, "case_open_of_mine"),
        (View.UNCLAIMED, {}, "case_open_unclaimed"),
    ],
)
def test_a_page_of_a_long_queue_is_one_range_of_an_index(
    view: View, narrowed: dict[str, str], index: str
) -> None:
    make_many(5000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_case")
    place = list_cases(CASEWORKER, view=view, **narrowed).next_place

    with CaptureQueriesContext(connection) as statements:
        page = list_cases(CASEWORKER, view=view, place=place, **narrowed)

    assert len(page.rows) == 25
    read, _audit = (each["sql"] for each in statements)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {read}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert index in plan
    assert "Sort" not in plan


def test_the_kinds_are_found_without_reading_the_queue() -> None:
    make_many(5000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_case")

    with CaptureQueriesContext(connection) as statements:
        kinds = list_kinds(CASEWORKER)

    assert len(kinds) == 4
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT TEXT) {statements[0]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan on cases_case" not in plan
    assert "Sort" not in plan
