"""Accounts, passwords, proving anew who one is, and trusted devices."""

from collections.abc import Iterator
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from townhall.capabilities.identity import models, operations
from townhall.capabilities.identity.tests.entering import (
    ADD_PASSKEY,
    ASK,
    CONFIRM,
    DEVICES,
    LOST,
    NAME,
    PASSWORD,
    SECOND_FACTOR,
    SET_PASSWORD,
    TRUST,
    WORDS,
    browser,
    enter_by_code,
    enter_by_code_and_app,
    is_signed_in,
    post,
)
from townhall.capabilities.identity.tests.make import (
    SECRET,
    make_actor,
    make_member,
    make_organisation,
)
from townhall.machinery.dial_values import set_dial
from townhall.machinery.dials import SET_DIALS
from townhall.machinery.organisations import Organisation

pytestmark = pytest.mark.django_db
ANN = "ann@home.example"
NEW = "new@home.example"
BREACHED = "correct horse battery"


class Breaches(BaseHTTPRequestHandler):
    """Have I Been Pwned, as far as one password goes."""

    def do_GET(self) -> None:  # the library's name
        digest = sha1(BREACHED.encode(), usedforsecurity=False).hexdigest().upper()
        found = f"{digest[5:]}:37\r\n" if self.path.endswith(digest[:5]) else ""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{'0' * 35}:0\r\n{found}".encode())

    def log_message(self, *_args: object) -> None:
        """Nothing is printed."""


@pytest.fixture(scope="module")
def breaches() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Breaches) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/range/"
        server.shutdown()


@pytest.fixture(autouse=True)
def _surroundings(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.BREACHES = ""
    cache.clear()  # of the rate limits of other tests


@pytest.fixture
def newtown() -> Organisation:
    return make_organisation()


@pytest.fixture
def ann(newtown: Organisation) -> models.Person:
    operations.add_person(make_actor(newtown), email=ANN, name="Ann Archer")
    return models.Person.objects.get()


@pytest.fixture
def with_app(newtown: Organisation, ann: models.Person) -> models.Person:
    operations.enrol_totp(make_actor(newtown), ann.id, secret=SECRET)
    return ann


def last_mail() -> str:
    return str(mail.outbox[-1].body)


# Accounts


def test_whoever_reads_the_email_of_an_unknown_address_makes_an_account(
    newtown: Organisation,
) -> None:
    client = browser()
    answer = enter_by_code(client, "New@home.example", next=DEVICES)
    assert answer["Location"] == NAME
    assert client.get(CONFIRM)["Location"] == NAME
    assert NEW in client.get(NAME).content.decode()
    assert post(client, NAME, name="").status_code == 422

    answer = post(client, NAME, name="Nell New")

    assert answer["Location"] == DEVICES
    person = models.Person.objects.get()
    assert (person.email, person.name) == (NEW, "Nell New")
    assert EmailAddress.objects.get(user=person).verified
    assert is_signed_in(client)


def test_nobody_makes_an_account_without_the_code(newtown: Organisation) -> None:
    client = browser()
    post(client, ASK, email=NEW)
    post(client, CONFIRM, code="0000-0000")

    answer = post(client, NAME, name="Eve")

    assert answer["Location"] == ASK
    assert not models.Person.objects.exists()


def test_two_browsers_that_make_an_account_at_once_have_one(newtown: Organisation) -> None:
    first, second = browser(), browser()
    for client in (first, second):
        enter_by_code(client, NEW)

    post(first, NAME, name="Nell New")
    post(second, NAME, name="Nell Newer")

    assert models.Person.objects.get().name == "Nell New"
    assert is_signed_in(first)
    assert is_signed_in(second)


# Passwords


def test_a_password_is_set_used_and_removed(ann: models.Person) -> None:
    client, other = browser(), browser()
    enter_by_code(client, ANN)
    assert post(client, SET_PASSWORD, password=WORDS)["Location"] == "/accounts/"
    assert "A password was set." in last_mail()
    assert is_signed_in(client)

    assert post(other, PASSWORD, email="ANN@home.example", password=WORDS)["Location"] == "/"
    assert is_signed_in(other)
    post(client, "/accounts/password/remove/")

    assert "The password was removed." in last_mail()
    assert is_signed_in(client)
    assert not is_signed_in(other)
    assert post(browser(), PASSWORD, email=ANN, password=WORDS).status_code == 422


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "at least 12"),
        ("ann@home.example", "too similar"),
        ("q1w2e3r4t5y6", "too common"),
        (BREACHED, "in lists that criminals use"),
        ("", "Enter a password"),
        ("x" * 201, "at most 200"),
    ],
)
def test_a_password_that_is_easily_found_is_refused(
    ann: models.Person, breaches: str, settings: Settings, password: str, says: str
) -> None:
    settings.BREACHES = breaches
    client = browser()
    enter_by_code(client, ANN)

    answer = post(client, SET_PASSWORD, password=password)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    ann.refresh_from_db()
    assert not ann.has_usable_password()


def test_a_password_is_taken_while_those_who_know_of_breaches_are_away(
    ann: models.Person, settings: Settings
) -> None:
    settings.BREACHES = "http://127.0.0.1:1/range/"
    client = browser()
    enter_by_code(client, ANN)

    answer = post(client, SET_PASSWORD, password=WORDS)

    assert answer.status_code == 302


def test_a_password_does_not_replace_the_second_factor(with_app: models.Person) -> None:
    with_app.set_password(WORDS)
    with_app.save()
    client = browser()

    answer = post(client, PASSWORD, email=ANN, password=WORDS)

    assert answer["Location"] == SECOND_FACTOR
    assert not is_signed_in(client)
    assert post(client, LOST).status_code == 200  # who has not read the email cannot ask for it
    assert not models.Recovery.objects.exists()


# Changing how one signs in


@pytest.mark.parametrize(
    "path",
    [
        SET_PASSWORD,
        "/accounts/password/remove/",
        ADD_PASSKEY,
        "/accounts/second-factor/app/",
        "/accounts/second-factor/recovery-codes/",
        "/accounts/second-factor/recovery-codes/file/",
        "/accounts/second-factor/recovery-codes/new/",
    ],
)
def test_only_who_has_lately_proved_it_changes_how_they_sign_in(
    newtown: Organisation, ann: models.Person, path: str
) -> None:
    client = browser()
    enter_by_code(client, ANN)
    session = client.session
    for proof in session["account_authentication_methods"]:
        proof["at"] -= 3600
    session.save()

    assert client.get(path)["Location"].startswith("/accounts/again/?next=")
    operations.enrol_totp(make_actor(newtown), ann.id, secret=SECRET)
    assert client.post(path)["Location"].startswith("/accounts/second-factor/check/?next=")


def test_signing_in_again_leads_back(ann: models.Person) -> None:
    client = browser()
    enter_by_code(client, ANN)

    answer = post(client, "/accounts/again/", next=SET_PASSWORD)

    assert answer["Location"] == f"{ASK}?next=%2Faccounts%2Fpassword%2F"
    assert not is_signed_in(client)


# Trusted devices


def test_a_trusted_device_is_not_asked_for_the_second_factor_until_signed_out_everywhere(
    with_app: models.Person,
) -> None:
    client = browser()
    assert enter_by_code_and_app(client, ANN)["Location"] == TRUST
    assert "30 days" in client.get(TRUST).content.decode()
    assert post(client, TRUST, action="trust")["Location"] == "/"
    client.post("/accounts/sign-out/")

    assert enter_by_code(client, ANN)["Location"] == "/"
    assert enter_by_code(browser(), ANN)["Location"] == SECOND_FACTOR
    post(client, "/accounts/devices/everywhere/")
    cache.clear()

    assert enter_by_code(client, ANN)["Location"] == SECOND_FACTOR


def test_trust_is_not_for_staff_and_not_where_the_dial_says_never(
    newtown: Organisation, with_app: models.Person
) -> None:
    client = browser()
    enter_by_code_and_app(client, ANN)
    post(client, TRUST, action="trust")
    client.post("/accounts/sign-out/")
    actor = make_actor(newtown, may=frozenset({SET_DIALS}))
    set_dial(actor, "organisation", "trusted_days", value=0)
    assert enter_by_code(client, ANN)["Location"] == SECOND_FACTOR
    set_dial(actor, "organisation", "trusted_days", value=30)
    make_member(newtown, "crew", email=ANN)
    cache.clear()

    other = browser()
    assert enter_by_code(other, ANN)["Location"] == SECOND_FACTOR
    assert enter_by_code_and_app(browser(), ANN)["Location"] == "/"


# What a page of another site cannot do


def test_no_form_is_taken_from_another_site(ann: models.Person) -> None:
    client = Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
    source = browser()
    enter_by_code(source, ANN)
    client.cookies = source.cookies
    signed_in = ["again/", "password/", "password/remove/", "passkeys/add/", "devices/everywhere/"]
    signed_in += ["devices/sign-out/", "second-factor/app/", "second-factor/check/"]
    anyone = ["sign-in/", "sign-in/code/", "sign-in/name/", "sign-in/passkey/", "sign-in/password/"]
    anyone += ["sign-in/second-factor/", "sign-in/second-factor/lost/", "sign-out/"]

    answers = [client.post(f"/accounts/{path}") for path in signed_in]
    answers += [Client(enforce_csrf_checks=True).post(f"/accounts/{path}") for path in anyone]

    assert {answer.status_code for answer in answers} == {403}
    assert is_signed_in(source)
