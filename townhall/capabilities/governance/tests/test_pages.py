from collections.abc import Iterator

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from townhall.capabilities.governance.tests import make
from townhall.capabilities.governance.tests.make import JO, make_entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _actors_by_header() -> Iterator[None]:
    with override_settings(
        ACTORS=f"{make.__name__}.who_asks", ORGANISATION=f"{make.__name__}.of_whom"
    ):
        yield


@pytest.fixture
def auditor() -> Client:
    return Client(headers={"Test-Actor": "auditor"})


def test_the_audit_is_shown_and_narrowed(auditor: Client) -> None:
    wanted = make_entry(action="thing.wanted")
    make_entry(action="thing.other", concerns=[])
    here = reverse("governance:audit")

    everything = auditor.get(here).text
    by_person = auditor.get(here, {"person": str(JO)}).text
    by_subject = auditor.get(here, {"subject": wanted.subject_id}).text

    assert "thing.wanted" in everything
    assert "thing.other" in everything
    assert "thing.wanted" in by_person
    assert "thing.other" not in by_person
    assert "thing.wanted" in by_subject
    assert "thing.other" not in by_subject


@pytest.mark.parametrize(
    "asked", [{"person": "not an id"}, {"subject": "x" * 50}, {"subject": "a\x00b"}, {"place": "x"}]
)
def test_what_makes_no_sense_is_refused_in_words(auditor: Client, asked: dict[str, str]) -> None:
    assert auditor.get(reverse("governance:audit"), asked).status_code in (400, 422)


def test_what_is_not_there_is_said_to_be_not_there(auditor: Client) -> None:
    assert "no such entries" in auditor.get(reverse("governance:audit")).text


def test_the_audit_is_not_for_residents_nor_other_organisations() -> None:
    make_entry(action="thing.wanted")
    here = reverse("governance:audit")

    assert Client().get(here).status_code == 403
    assert Client().get(here, {"person": "not an id"}).status_code == 403
    assert "thing.wanted" not in Client(headers={"Test-Actor": "stranger"}).get(here).text
