from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from townhall.capabilities.cases.operations import claim_case, close_case
from townhall.capabilities.cases.queries import get_case
from townhall.capabilities.cases.tests import make
from townhall.capabilities.cases.tests.make import ANN, CASEWORKER, COLLEAGUE, make_case, make_many

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _actors_by_header() -> Iterator[None]:
    with override_settings(
        ACTORS=f"{make.__name__}.who_asks", ORGANISATION=f"{make.__name__}.of_whom"
    ):
        yield


@pytest.fixture
def ann() -> Client:
    return Client(headers={"Test-Actor": "ann"})


def test_the_queue_shows_what_is_due_and_who_has_it(ann: Client) -> None:
    late = make_case(due_at=timezone.now() - timedelta(days=1))
    claim_case(COLLEAGUE, late.id)

    page = ann.get(reverse("cases:queue")).text

    assert late.reference in page
    assert "Overdue" in page
    assert "Someone else" in page
    assert "Parking: refund due" in page


def test_the_queue_can_be_filtered(ann: Client) -> None:
    refund, missed = make_case(), make_case(kind="missed")

    page = ann.get(reverse("cases:queue"), {"kind": "parking/missed", "view": "unclaimed"}).text

    assert missed.reference in page
    assert refund.reference not in page


def test_a_filter_that_makes_no_sense_is_left_out(ann: Client) -> None:
    case = make_case()

    page = ann.get(reverse("cases:queue"), {"kind": "nonsense", "view": "nonsense"})

    assert page.status_code == 200
    assert case.reference in page.text


def test_a_damaged_page_link_is_refused_in_words(ann: Client) -> None:
    page = ann.get(reverse("cases:queue"), {"place": "damaged"})

    assert page.status_code == 422


def test_an_empty_queue_says_what_to_do(ann: Client) -> None:
    page = ann.get(reverse("cases:queue"), {"view": "mine"}).text

    assert "You have claimed no cases" in page


def test_the_closed_cases_show_how_they_came_out(ann: Client) -> None:
    case = make_case()
    close_case(CASEWORKER, case.id, outcome="rebooked")

    page = ann.get(reverse("cases:queue"), {"view": "closed"}).text

    assert "Booked again" in page


def test_the_queue_takes_as_many_statements_however_long_it_is(ann: Client) -> None:
    make_many(5)
    with CaptureQueriesContext(connection) as few:
        ann.get(reverse("cases:queue"))
    make_many(500)
    with CaptureQueriesContext(connection) as many:
        ann.get(reverse("cases:queue"))

    assert len(few) == len(many) == 3  # the kinds, the page, the audit


def test_a_case_is_claimed_noted_and_closed_on_its_page(ann: Client) -> None:
    case = make_case()
    here = reverse("cases:case", args=[case.id])
    assert "Claim this case" in ann.get(here).text

    assert ann.post(f"{here}claim/").headers["Location"] == here
    ann.post(f"{here}note/", {"note": "Rang <b>twice</b>"})
    ann.post(f"{here}close/", {"outcome": "refunded", "note": "Done"})

    page = ann.get(here).text
    assert "Case closed" not in page
    assert f"Case {case.reference} is closed" in page
    assert "Rang &lt;b&gt;twice&lt;/b&gt;" in page
    assert get_case(CASEWORKER, case.id).closed_by == ANN


def test_a_form_filled_in_badly_comes_back_with_what_was_typed(ann: Client) -> None:
    here = reverse("cases:case", args=[make_case().id])

    closing = ann.post(f"{here}close/", {"note": "Half written"})
    noting = ann.post(f"{here}note/", {"note": " "})

    assert closing.status_code == noting.status_code == 422
    assert "Choose an outcome" in closing.text
    assert "Half written" in closing.text
    assert "Enter a note" in noting.text


def test_what_someone_else_has_claimed_can_be_released_but_not_closed(ann: Client) -> None:
    case = make_case()
    claim_case(COLLEAGUE, case.id)
    here = reverse("cases:case", args=[case.id])

    assert "Close this case" not in ann.get(here).text
    assert ann.post(f"{here}claim/").status_code == 409
    assert ann.post(f"{here}close/", {"outcome": "refunded"}).status_code == 409
    assert ann.post(f"{here}release/").status_code == 302

    assert get_case(CASEWORKER, case.id).claimed_by is None


def test_nothing_changes_by_looking(ann: Client) -> None:
    here = reverse("cases:case", args=[make_case().id])

    for what in ("claim", "release", "note", "close"):
        assert ann.get(f"{here}{what}/").status_code == 405


def test_residents_and_other_organisations_see_nothing() -> None:
    case = make_case()
    here = reverse("cases:case", args=[case.id])

    assert Client().get(here).status_code == 403
    assert Client().get(reverse("cases:queue")).status_code == 403
    stranger = Client(headers={"Test-Actor": "stranger"})
    assert stranger.get(here).status_code == 404
    assert stranger.post(f"{here}claim/").status_code == 404
    assert case.reference not in stranger.get(reverse("cases:queue")).text
