"""Too many tries, which never keep out whom they are about; and that nobody learns who is known."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from townhall.capabilities.identity import models, operations
from townhall.capabilities.identity.tests.entering import (
    ASK,
    CONFIRM,
    PASSWORD,
    SECOND_FACTOR,
    WORDS,
    browser,
    enter_by_code,
    enter_by_code_and_app,
    is_signed_in,
    mailed_code,
    post,
)
from townhall.capabilities.identity.tests.make import (
    SECRET,
    make_actor,
    make_code,
    make_organisation,
)
from townhall.machinery.organisations import Organisation

pytestmark = pytest.mark.django_db
ANN = "ann@home.example"
EVE = "eve@home.example"  # whom nobody knows
WITHOUT = "wil@home.example"  # who has no password
THIEF, OWNER = "192.0.2.66", "198.51.100.7"


class Counting(MD5PasswordHasher):
    """How often a password was hashed."""

    times = 0

    def encode(self, password: str, salt: str) -> str:
        Counting.times += 1
        return str(super().encode(password, salt))


@pytest.fixture(autouse=True)
def _surroundings(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    cache.clear()  # of the tries of other tests


@pytest.fixture
def newtown() -> Organisation:
    return make_organisation()


@pytest.fixture
def ann(newtown: Organisation) -> models.Person:
    operations.add_person(make_actor(newtown), email=ANN, name="Ann Archer")
    operations.add_person(make_actor(newtown), email=WITHOUT, name="Wil Without")
    person = models.Person.objects.get(email=ANN)
    person.set_password(WORDS)
    person.save()
    return person


def enter_password(client: Client, password: str, email: str = ANN) -> int:
    return post(client, PASSWORD, email=email, password=password).status_code


# Nobody is kept out by another's tries


def test_a_stranger_who_asks_for_codes_uses_up_only_their_own(ann: models.Person) -> None:
    tries = [post(browser(THIEF), ASK, email=ANN).status_code for _ in range(4)]

    assert tries == [302, 302, 302, 429]
    assert enter_by_code(browser(OWNER), ANN)["Location"] == "/"


def test_a_device_that_is_known_is_not_counted_with_strangers_at_the_same_address(
    ann: models.Person,
) -> None:
    owner = browser()
    enter_by_code(owner, ANN)
    owner.post("/accounts/sign-out/")
    for _ in range(4):
        post(browser(), ASK, email=ANN)

    assert enter_by_code(owner, ANN)["Location"] == "/"


def test_a_strangers_guesses_at_a_password_stop_strangers_and_not_the_owner(
    ann: models.Person,
) -> None:
    owner = browser(OWNER)
    assert enter_password(owner, WORDS) == 302
    owner.post("/accounts/sign-out/")
    guesses = [enter_password(browser(f"192.0.2.{each}"), "wrong") for each in range(10)]

    assert guesses == [422] * 9 + [429]  # the owner's first counted too
    assert enter_password(browser(THIEF), WORDS) == 429
    assert enter_password(owner, WORDS) == 302
    assert enter_by_code(browser(THIEF), ANN)["Location"] == "/"  # a way in that stays


def test_a_strangers_guesses_at_a_second_factor_stop_strangers_and_not_the_owner(
    newtown: Organisation, ann: models.Person
) -> None:
    operations.enrol_totp(make_actor(newtown), ann.id, secret=SECRET)
    owner, thief = browser(OWNER), browser(THIEF)
    enter_by_code_and_app(owner, ANN)
    post(owner, "/accounts/sign-in/trust/")
    owner.post("/accounts/sign-out/")
    enter_by_code(thief, ANN)

    guesses = [post(thief, SECOND_FACTOR, code="000000").status_code for _ in range(6)]

    assert guesses == [422] * 5 + [429]
    elsewhere = browser("203.0.113.5")
    enter_by_code(elsewhere, ANN)
    assert post(elsewhere, SECOND_FACTOR, code=make_code()).status_code == 429
    enter_by_code(owner, ANN)
    assert post(owner, SECOND_FACTOR, code=make_code(step=1)).status_code == 302


def test_a_forged_cookie_knows_nobody(ann: models.Person) -> None:
    owner, thief = browser(OWNER), browser(THIEF)
    enter_password(owner, WORDS)
    for value in ("", "x", "a:b:c", owner.cookies["device"].value[:-2]):
        thief.cookies["device"] = value
        enter_password(thief, "wrong")

    thief.cookies["device"] = owner.cookies["device"].value
    other = [enter_password(browser(THIEF), "wrong") for _ in range(7)]

    assert other[-1] == 429
    assert owner.cookies["device"]["httponly"]


def test_a_code_works_only_where_it_was_asked_for(ann: models.Person) -> None:
    owner, thief = browser(), browser()
    post(thief, ASK, email=ANN)
    theirs = mailed_code()
    post(owner, ASK, email=ANN)

    assert post(owner, CONFIRM, code=theirs).status_code == 422
    assert post(thief, CONFIRM, code=mailed_code()).status_code == 422
    assert not is_signed_in(thief)


# Nobody learns who is known


def without_what_differs(answer: Any) -> str:  # Any: the test client's own response
    text = re.sub(r'(nonce|name="csrfmiddlewaretoken" value)="[^"]*"', "", answer.content.decode())
    return re.sub(r"(ann|eve|wil)@home\.example", "", text)


def work_of(email: str, path: str, **answers: str) -> tuple[int, int, str, HttpResponse]:
    """How many statements and hashes it takes, where it leads, and what it shows."""
    Counting.times = 0
    client = browser()
    with CaptureQueriesContext(connection) as asked:
        answer = post(client, path, email=email, **answers)
    return len(asked), Counting.times, answer.get("Location", ""), answer


@pytest.mark.parametrize(("path", "answers"), [(ASK, {}), (PASSWORD, {"password": "wrong words"})])
def test_known_and_unknown_addresses_are_the_same_work_and_the_same_page(
    ann: models.Person, settings: Settings, path: str, answers: dict[str, str]
) -> None:
    settings.EMAIL_BACKEND = "townhall.capabilities.notify.mail.NotifyBackend"
    work_of("first@home.example", path, **answers)  # what is looked up once in a process

    known, unknown, without = (work_of(each, path, **answers) for each in (ANN, EVE, WITHOUT))

    assert known[:3] == unknown[:3] == without[:3]
    assert known[1] == (1 if answers else 0)
    pages = {without_what_differs(each[3]) for each in (known, unknown, without)}
    assert len(pages) == 1


def test_the_email_is_written_in_the_request_and_carried_by_a_task(
    ann: models.Person, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "townhall.capabilities.notify.mail.NotifyBackend"

    post(browser(), ASK, email=ANN)

    assert not mail.outbox
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE '%notify%'")
        assert cursor.fetchone()[0] == 1


# Many people behind one address


def test_a_whole_office_behind_one_address_signs_in_at_once(newtown: Organisation) -> None:
    operations.add_person(make_actor(newtown), email=ANN, name="Ann Archer")
    models.Person.objects.update(password=make_password(WORDS))

    emails = [f"p{each}@home.example" for each in range(22)]
    asked = [post(browser(OWNER), ASK, email=email).status_code for email in emails]
    entered = [enter_password(browser(OWNER), "x", email) for email in emails]

    assert set(asked) == {302}
    assert set(entered) == {422}
    assert enter_password(browser(OWNER), WORDS) == 302


def test_the_count_of_an_address_is_high_and_only_for_strangers() -> None:
    limits = {**settings.ACCOUNT_RATE_LIMITS, **settings.MFA_RATE_LIMITS}

    by_address = {
        action: int(rate.partition("/")[0])
        for action, rates in limits.items()
        for rate in rates.split(",")
        if rate.endswith("/m/ip")
    }

    assert by_address.keys() == {"request_login_code", "password", "webauthn_login"}
    assert min(by_address.values()) >= 150


def test_however_many_tries_come_at_once_three_are_looked_at(ann: models.Person) -> None:
    client = browser(THIEF)
    post(client, ASK, email=ANN)
    code, row = mailed_code(), models.Session.objects.get()
    for _each in range(3):  # as if each had read the session before another wrote it
        assert post(client, CONFIRM, code="0000-0000").status_code in {302, 422}
        models.Session(row.session_key, row.session_data, row.expire_date).save()

    answer = post(client, CONFIRM, code=code)

    assert answer["Location"] == ASK
    assert not is_signed_in(client)
