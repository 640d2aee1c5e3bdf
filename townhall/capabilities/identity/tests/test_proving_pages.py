"""/identity/prove/ and /identity/proofs/, for residents."""

from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from townhall.capabilities.identity import queries
from townhall.capabilities.identity.records import Kind, Level, Method, ProvingState
from townhall.capabilities.identity.tests.make import make_organisation, sign_in
from townhall.capabilities.identity.tests.proving import (
    JPEG,
    make_resident,
    person,
    prove,
    send,
)
from townhall.machinery.actors import Actor
from townhall.machinery.models import StoredFile
from townhall.machinery.organisations import Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sandbox_evidence")]

ADA = person("Ada Penrose")
NAME = {
    "given_names": "Ada",
    "family_name": "Penrose",
    "birth_date_day": "12",
    "birth_date_month": "3",
    "birth_date_year": "1985",
}
PASSPORT = {
    "number": "500 000 001",
    "expires_on_day": "31",
    "expires_on_month": "1",
    "expires_on_year": "2044",
}
ADDRESS = {
    "line": "1 Mill Lane",
    "town": "Newtown",
    "postcode": "zz1 1aa",
    "since_day": "1",
    "since_month": "6",
    "since_year": "2015",
}
HOME = "/identity/prove/"


@pytest.fixture
def newtown() -> Organisation:
    return make_organisation(hosts=("testserver",))


@pytest.fixture
def res(newtown: Organisation) -> Actor:
    return make_resident(newtown)


@pytest.fixture
def browser(client: Client, newtown: Organisation, res: Actor) -> Client:
    """Signed in, with a second factor."""
    assert res.person_id
    sign_in(client, newtown, res.person_id)
    return client


def fill_in(browser: Client, *, photo: bytes = b"") -> str:
    """All up to the answers to be checked; where that leads."""
    browser.post(HOME, {"level": "P2", "next": "/bulky-waste/"})
    browser.post(f"{HOME}evidence/", {"kinds": ["passport"]})
    browser.post(f"{HOME}name/", NAME)
    browser.post(f"{HOME}documents/passport/", PASSPORT)
    picture = {"picture": SimpleUploadedFile("passport.jpg", photo)} if photo else {}
    browser.post(f"{HOME}documents/passport/photo/", picture)
    return str(browser.post(f"{HOME}address/", ADDRESS)["Location"])


@pytest.mark.parametrize("photo", [b"", JPEG])
def test_the_whole_journey_proves_someone_to_p2_and_leads_on(
    browser: Client, res: Actor, photo: bytes
) -> None:
    at = fill_in(browser, photo=photo)
    assert at == f"{HOME}check/"
    page = browser.get(at).content.decode()
    assert "500 000 001" in page
    at = browser.post(at)["Location"]
    for number, answer in enumerate(ADA.answers.values(), start=1):
        assert at == f"{HOME}questions/{number}/"
        assert browser.get(at).status_code == 200
        at = browser.post(at, {"answer": answer})["Location"]

    result = browser.get(at).content.decode()

    assert "You have proved who you are" in result
    assert 'href="/bulky-waste/"' in result
    (proof,) = queries.list_my_proofs(res)
    assert proof.level == Level.P2
    assert not StoredFile.objects.exists()


def test_what_was_typed_is_there_again_after_coming_back(browser: Client) -> None:
    fill_in(browser)

    again = browser.post(HOME, {"level": "P2", "next": "/bulky-waste/"})["Location"]

    assert again == f"{HOME}check/"
    assert browser.get(f"{HOME}go-on/")["Location"] == again
    assert 'value="Penrose"' in browser.get(f"{HOME}name/").content.decode()
    changed = browser.post(f"{HOME}name/", NAME | {"given_names": "Ada May"})
    assert changed["Location"] == again


def test_someone_who_moved_lately_is_asked_where_they_lived_before(browser: Client) -> None:
    fill_in(browser)
    lately = timezone.localdate()
    since = {
        "since_day": lately.day,
        "since_month": lately.month,
        "since_year": lately.year,
    }

    before = browser.post(f"{HOME}address/", ADDRESS | since)["Location"]
    after = browser.post(before, ADDRESS)["Location"]

    assert (before, after) == (f"{HOME}address/before/", f"{HOME}check/")


@pytest.mark.parametrize(
    ("path", "answers"),
    [
        ("evidence/", {}),
        ("evidence/", {"kinds": ["bus-pass"]}),
        ("name/", NAME | {"family_name": ""}),
        ("name/", NAME | {"birth_date_year": "2199"}),
        ("name/", NAME | {"birth_date_year": "0000"}),
        ("name/", NAME | {"given_names": "x" * 101}),
        ("documents/passport/", PASSPORT | {"number": ""}),
        ("documents/passport/", PASSPORT | {"expires_on_year": "2001"}),
        ("address/", ADDRESS | {"postcode": ""}),
        ("address/", ADDRESS | {"since_year": "2199"}),
    ],
)
def test_bad_answers_are_shown_again(
    browser: Client, path: str, answers: dict[str, object]
) -> None:
    fill_in(browser)

    answer = browser.post(f"{HOME}{path}", answers)

    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


@pytest.mark.parametrize("content", [b"<html>", b"\xff\xd8\xff" + b"x" * (8 * 1024 * 1024 + 1)])
def test_a_bad_picture_is_refused_with_what_to_do(browser: Client, content: bytes) -> None:
    fill_in(browser)
    picture = SimpleUploadedFile("passport.jpg", content)

    answer = browser.post(f"{HOME}documents/passport/photo/", {"picture": picture})

    assert answer.status_code == 422
    assert "The file must be" in answer.content.decode()


def test_a_check_that_is_not_answered_can_be_tried_again(browser: Client, res: Actor) -> None:
    farid = person("Farid Noor")
    fill_in(browser)
    browser.post(
        f"{HOME}name/",
        NAME
        | {
            "given_names": "Farid",
            "family_name": "Noor",
            "birth_date_day": "17",
            "birth_date_month": "9",
            "birth_date_year": "1972",
        },
    )
    browser.post(f"{HOME}documents/passport/", PASSPORT | {"number": "500000006"})

    at = browser.post(f"{HOME}check/")["Location"]
    assert at == f"{HOME}waiting/"
    assert browser.get(at).status_code == 200
    for _try in range(3):
        at = browser.post(f"{HOME}waiting/")["Location"]

    assert at == f"{HOME}questions/1/"
    assert farid.silent


def test_a_failure_says_what_else_would_do_and_leads_on(browser: Client, res: Actor) -> None:
    attempt = send(res, person("Dev Shah"), Kind.PASSPORT)

    page = browser.get(f"{HOME}{attempt.id}/").content.decode()

    assert "You have not proved who you are yet" in page
    assert "UK passport, shown in person" in page
    assert 'href="/next/"' in page
    assert "fraud" not in page.partition("<main")[2].lower()


def test_in_person_one_gets_a_reference_and_keeps_it(browser: Client, res: Actor) -> None:
    page = f"{HOME}in-person/"
    assert browser.get(f"{page}?level=P3&next=/next/").status_code == 200
    browser.post(page, {"level": "P3", "next": "/next/"})
    attempt = queries.find_my_attempt(res)
    assert attempt is not None

    browser.post(page, {"level": "P1"})

    assert attempt.reference in browser.get(page).content.decode()
    assert (attempt.wanted, attempt.next_url) == (Level.P3, "/next/")
    assert browser.get(f"{HOME}name/")["Location"] == page
    assert browser.post(f"{HOME}stop/")["Location"] == "/next/"
    assert queries.find_my_attempt(res) is None


def test_without_a_second_factor_one_is_led_to_it_and_back(
    client: Client, newtown: Organisation, res: Actor
) -> None:
    assert res.person_id
    sign_in(client, newtown, res.person_id, method=Method.LINK)

    answer = client.get(f"{HOME}?level=P2&next=/next/")

    to = urlsplit(answer["Location"])
    assert to.path.startswith("/accounts/")
    assert parse_qs(to.query)["next"] == [f"{HOME}?level=P2&next=/next/"]
    assert client.post(HOME, {"level": "P2"}).status_code == 403
    nobody = Client().get(f"{HOME}?level=P2")
    assert nobody["Location"].startswith("/accounts/sign-in/")


@pytest.mark.parametrize(
    "asked",
    [
        {"level": "P9"},
        {"level": "P0"},
        {"next": "https://evil.example/"},
        {"next": "//evil.example"},
        {"next": "javascript:alert(1)"},
        {"next": "/" + "x" * 9_000},
    ],
)
def test_a_level_or_an_address_that_is_none_is_refused(
    browser: Client, asked: dict[str, str]
) -> None:
    assert browser.get(HOME, asked).status_code == 422
    assert browser.post(HOME, asked).status_code == 422
    assert browser.get(f"{HOME}in-person/", asked).status_code == 422
    assert browser.post(f"{HOME}in-person/", asked).status_code == 422


def test_pages_ahead_and_behind_lead_to_where_one_is(browser: Client, res: Actor) -> None:
    pages = [
        "name/",
        "documents/passport/",
        "documents/passport/photo/",
        "address/before/",
        "check/",
        "waiting/",
        "questions/1/",
        "questions/0/",
        "stop/",
        "go-on/",
    ]
    for page in pages:
        assert browser.get(f"{HOME}{page}")["Location"] == HOME
        assert browser.post(f"{HOME}{page}").status_code in {302, 405}
    browser.post(HOME, {"level": "P2"})
    for page in ("documents/emperor/", "documents/passport/", "check/", "questions/1/"):
        assert browser.get(f"{HOME}{page}")["Location"] == f"{HOME}evidence/"


def test_what_is_proved_is_shown_and_removed(browser: Client, res: Actor) -> None:
    prove(res, ADA, Kind.PASSPORT)
    (proof,) = queries.list_my_proofs(res)
    page = browser.get("/identity/proofs/").content.decode()
    assert "Ada Penrose" in page
    assert "counts until" in browser.get(f"{HOME}?next=/next/").content.decode()
    remove = f"/identity/proofs/{proof.id}/remove/"
    assert browser.get(remove).status_code == 200

    assert browser.post(remove)["Location"] == "/identity/proofs/"

    assert queries.list_my_proofs(res) == []
    assert browser.get(remove).status_code == 404


def test_another_persons_attempt_is_not_found(
    browser: Client, newtown: Organisation, res: Actor
) -> None:
    other = send(make_resident(newtown, "other@a.example"), ADA, Kind.PASSPORT)

    assert browser.get(f"{HOME}{other.id}/").status_code == 404
    assert browser.get(f"{HOME}{uuid4()}/").status_code == 404


def test_the_sandbox_lists_its_people_for_anyone(browser: Client) -> None:
    page = Client().get(f"{HOME}sandbox-people/")

    assert page.status_code == 200
    assert "PENRO803125A99AA" in page.content.decode()


def test_a_name_with_markup_in_it_is_only_a_name(browser: Client) -> None:
    fill_in(browser)
    browser.post(f"{HOME}name/", NAME | {"given_names": "<script>alert(1)</script>"})

    assert "<script>alert" not in browser.get(f"{HOME}check/").content.decode()


def test_too_many_tries_say_what_to_do(browser: Client, res: Actor) -> None:
    for _number in range(3):
        send(res, person("Elin Frost"), Kind.PASSPORT)
    fill_in(browser)
    browser.post(f"{HOME}name/", NAME)
    browser.post(f"{HOME}documents/passport/", PASSPORT | {"number": "500000005"})

    answer = browser.post(f"{HOME}check/")

    assert answer.status_code == 429
    assert "too many times today" in answer.content.decode()
    attempt = queries.find_my_attempt(res)
    assert attempt is not None
    assert attempt.state == ProvingState.OPEN
