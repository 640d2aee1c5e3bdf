"""Signing in, end to end through HTTP."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from townhall.capabilities.identity import models, operations
from townhall.capabilities.identity.records import Method
from townhall.capabilities.identity.tests.make import (
    SECRET,
    make_actor,
    make_code,
    make_member,
    make_organisation,
    sign_in,
)
from townhall.machinery.models import AuditEntry
from townhall.machinery.organisations import Organisation

pytestmark = pytest.mark.django_db

ASK = "/accounts/sign-in/"
CONFIRM = "/accounts/sign-in/code/"
AUTHENTICATE = "/accounts/sign-in/second-factor/"
SET_UP = "/accounts/second-factor/app/"
ADD_PASSKEY = "/accounts/passkeys/add/"
STAFF_PAGE = "/identity/"


@pytest.fixture(autouse=True)
def _surroundings(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.clear()  # of the rate limits of other tests


@pytest.fixture
def newtown() -> Organisation:
    return make_organisation()


@pytest.fixture
def resident(newtown: Organisation) -> models.Person:
    operations.add_person(make_actor(newtown), email="ann@home.example", name="Ann Archer")
    return models.Person.objects.get()


def ask_for_code(client: Client, email: str = "ann@home.example", **more: str) -> HttpResponse:
    return client.post(ASK, {"email": email, **more})  # type: ignore[return-value]  # near enough


def mailed_code() -> str:
    found = re.search(r"^\d{4}-\d{4}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found.group()


def actions() -> list[str]:
    written = AuditEntry.objects.filter(action__startswith="identity.record").order_by("id")
    return [entry.action.removeprefix("identity.record_") for entry in written]


def test_a_code_sent_by_email_signs_someone_in(client: Client, resident: models.Person) -> None:
    asked = ask_for_code(client, "Ann@Home.example", next="/accounts/devices/")
    assert asked["Location"] == f"{CONFIRM}?next=%2Faccounts%2Fdevices%2F"
    assert "ann@home.example" in client.get(asked["Location"]).content.decode()

    answer = client.post(asked["Location"], {"code": mailed_code()})

    assert answer["Location"] == "/accounts/devices/"
    assert client.session["_auth_user_id"] == str(resident.id)
    assert EmailAddress.objects.get(user=resident).verified
    assert actions() == ["sign_in"]


def test_a_second_sign_in_works_like_the_first(client: Client, resident: models.Person) -> None:
    for _twice in range(2):
        ask_for_code(client)
        client.post(CONFIRM, {"code": mailed_code()})
        assert client.session["_auth_user_id"] == str(resident.id)
        client.post("/accounts/sign-out/")
        assert "_auth_user_id" not in client.session

    assert actions() == ["sign_in", "sign_out"] * 2


def test_the_email_is_the_organisations(
    client: Client, resident: models.Person, newtown: Organisation
) -> None:
    ask_for_code(client)

    (message,) = mail.outbox
    assert message.extra_headers["X-Townhall-Organisation"] == str(newtown.id)
    assert message.subject == "Your code to sign in to newtown"
    assert message.to == ["ann@home.example"]
    assert str(message.body).rstrip().endswith("newtown")


def test_an_unknown_address_is_answered_alike(client: Client, resident: models.Person) -> None:
    other = Client()

    known, unknown = ask_for_code(client), ask_for_code(other, "eve@home.example")

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [message.to for message in mail.outbox] == [["ann@home.example"], ["eve@home.example"]]
    assert without_code(mail.outbox[0]) == without_code(mail.outbox[1])
    assert page(client) == page(other)
    for browser in (client, other):
        browser.post(CONFIRM, {"action": "resend"})
    assert page(client) == page(other)
    assert wrong(client) == wrong(other)
    assert actions() == ["failed_code", "failed_code"]


def without_code(message: EmailMessage) -> str:
    return re.sub(r"\d{4}-\d{4}", "", str(message.body))


def page(client: Client) -> str:
    return without_what_differs(client.get(CONFIRM))


def wrong(client: Client) -> str:
    answer = client.post(CONFIRM, {"code": "0000-0000"})
    assert answer.status_code == 422
    return without_what_differs(answer)


def without_what_differs(answer: Any) -> str:  # Any: the test client's own response
    text = re.sub(r'(nonce|name="csrfmiddlewaretoken" value)="[^"]*"', "", answer.content.decode())
    return re.sub(r"(ann|eve)@home\.example", "", text)


def test_a_closed_person_learns_so_only_from_their_own_email(
    client: Client, resident: models.Person
) -> None:
    models.Person.objects.update(is_active=False)
    ask_for_code(client)

    answer = client.post(CONFIRM, {"code": mailed_code()})

    assert answer["Location"] == "/accounts/closed/"
    assert "_auth_user_id" not in client.session


def test_three_wrong_codes_end_the_attempt(client: Client, resident: models.Person) -> None:
    ask_for_code(client)
    code = mailed_code()

    statuses = [client.post(CONFIRM, {"code": "0000-0000"}).status_code for _ in range(3)]
    client.post(CONFIRM, {"code": code})

    assert statuses == [422, 422, 302]
    assert "too many times" in client.get(ASK).content.decode()
    assert "_auth_user_id" not in client.session
    assert actions() == ["failed_code"] * 3
    entry = AuditEntry.objects.filter(action="identity.record_failed_code").first()
    assert entry
    assert entry.concerns == [resident.id]


def test_a_code_that_went_to_a_former_address_signs_nobody_in(
    client: Client, resident: models.Person
) -> None:
    ask_for_code(client)
    models.Person.objects.update(email="anns-new@home.example")

    answer = client.post(CONFIRM, {"code": mailed_code()})

    assert answer["Location"] == ASK
    assert "_auth_user_id" not in client.session
    assert client.get(ASK).status_code == 200


def test_anothers_tries_are_seen_by_whom_they_were_about(
    client: Client, newtown: Organisation, resident: models.Person
) -> None:
    operations.enrol_totp(make_actor(newtown), resident.id, secret=SECRET)
    thief = Client()
    ask_for_code(thief)
    thief.post(CONFIRM, {"code": "0000-0000"})
    thief.post(CONFIRM, {"code": mailed_code()})
    thief.post(AUTHENTICATE, {"code": "000000"})
    thief.post("/accounts/sign-in/second-factor/lost/")
    thief.post("/accounts/sign-in/password/", {"email": "ann@home.example", "password": "wrong"})
    sign_in(client, newtown, resident.id)

    seen = client.get("/account/who-looked/").content.decode()

    assert seen.count("Someone could not sign in as you") == 3
    assert seen.count("Asked to sign in as you without your second factor") == 1
    assert seen.count("Someone who was not signed in") == 4
    client.post("/accounts/second-factor/check/", {"code": "000000"})  # their own, signed in
    assert client.get("/account/who-looked/").content.decode().count("could not sign in") == 3


def test_codes_for_one_address_are_limited(resident: models.Person) -> None:
    answers = [ask_for_code(Client()) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert len(mail.outbox) == 3


def test_nonsense_is_no_address(client: Client, newtown: Organisation) -> None:
    answer = ask_for_code(client, "nonsense")

    assert answer.status_code == 422
    assert "Enter an email address in the correct format" in answer.content.decode()
    assert not mail.outbox


def test_someone_can_turn_to_another_address(client: Client, resident: models.Person) -> None:
    ask_for_code(client, "eve@home.example")
    assert client.get(ASK)["Location"] == CONFIRM

    client.post("/accounts/sign-out/", {"next": ASK})

    assert client.get(ASK).status_code == 200
    assert actions() == []


def test_nobody_is_led_to_another_site(client: Client, resident: models.Person) -> None:
    ask_for_code(client, next="https://evil.example/")

    answer = client.post(f"{CONFIRM}?next=https://evil.example/", {"code": mailed_code()})

    assert answer["Location"] == "/"


def test_staff_are_asked_for_a_second_factor(client: Client, newtown: Organisation) -> None:
    make_member(newtown, "administrator", email="ann@newtown.example", second_factor=True)
    assert client.get(STAFF_PAGE)["Location"] == f"{ASK}?next=%2Fidentity%2F"
    ask_for_code(client, "ann@newtown.example", next=STAFF_PAGE)

    after_code = client.post(f"{CONFIRM}?next={STAFF_PAGE}", {"code": mailed_code()})
    assert after_code["Location"] == AUTHENTICATE
    assert client.get(STAFF_PAGE)["Location"].startswith(ASK)
    wrong_code = client.post(AUTHENTICATE, {"code": "000000"})
    answer = client.post(AUTHENTICATE, {"code": make_code()})

    assert wrong_code.status_code == 422
    assert answer["Location"] == STAFF_PAGE
    assert client.get(STAFF_PAGE).status_code == 200
    assert actions() == ["failed_code", "sign_in", "second_factor"]


def test_a_one_time_code_works_once(client: Client, newtown: Organisation) -> None:
    make_member(newtown, "administrator", email="ann@newtown.example", second_factor=True)
    code = make_code()

    answers = []
    for browser in (client, Client()):
        ask_for_code(browser, "ann@newtown.example")
        browser.post(CONFIRM, {"code": mailed_code()})
        answers.append(browser.post(AUTHENTICATE, {"code": code}).status_code)

    assert answers == [302, 422]


def test_staff_set_up_a_second_factor_and_go_on(client: Client, newtown: Organisation) -> None:
    member = make_member(newtown, "administrator")
    sign_in(client, newtown, member.id, method=Method.CODE)
    passkey = client.get(STAFF_PAGE)["Location"]
    assert passkey == f"{ADD_PASSKEY}?next=%2Fidentity%2F"
    led_to = f"{SET_UP}?next=%2Fidentity%2F"
    assert f'href="{SET_UP}?next=/identity/"' in client.get(passkey).content.decode()
    shown = client.get(led_to).content.decode()
    assert 'src="data:image/svg+xml;base64,' in shown
    secret = client.session["mfa.totp.secret"]
    assert secret in shown

    assert client.post(led_to, {"code": "000000"}).status_code == 422
    answer = client.post(led_to, {"code": make_code(secret)})

    codes = client.get(answer["Location"]).content.decode()
    assert len(re.findall(r"<code>\d{8}</code>", codes)) == 10
    assert f'href="{STAFF_PAGE}"' in codes
    assert client.get(STAFF_PAGE).status_code == 200
    assert actions() == ["sign_in", "new_second_factor"]


def test_a_recovery_code_stands_in_for_a_lost_phone(client: Client, newtown: Organisation) -> None:
    member = make_member(newtown, "administrator")
    sign_in(client, newtown, member.id, method=Method.CODE)
    client.get(SET_UP)
    client.post(SET_UP, {"code": make_code(client.session["mfa.totp.secret"])})
    shown = client.get("/accounts/second-factor/recovery-codes/file/").content.decode()
    recovery = shown.split()[0]
    other = Client()
    sign_in(other, newtown, member.id, method=Method.CODE)
    check = other.get(STAFF_PAGE)["Location"]

    answer = other.post(check, {"code": recovery})

    assert answer["Location"] == STAFF_PAGE
    assert other.get(STAFF_PAGE).status_code == 200
    assert Client().post(check, {"code": recovery})["Location"].startswith(ASK)


def test_the_check_changes_the_key_of_the_session(client: Client, newtown: Organisation) -> None:
    member = make_member(newtown, "administrator", second_factor=True)
    sign_in(client, newtown, member.id, method=Method.CODE)
    before = client.session.session_key

    wrong_code = client.post("/accounts/second-factor/check/", {"code": "000000"})
    client.post("/accounts/second-factor/check/", {"code": make_code()})

    assert wrong_code.status_code == 422
    assert client.session.session_key != before
    assert client.get(STAFF_PAGE).status_code == 200
    assert actions() == ["sign_in", "failed_code", "second_factor"]


def test_a_second_factor_can_be_taken_away_by_its_owner(
    client: Client, newtown: Organisation
) -> None:
    member = make_member(newtown, "administrator", second_factor=True)
    sign_in(client, newtown, member.id)
    assert client.get("/accounts/").status_code == 200
    new_codes = "/accounts/second-factor/recovery-codes/new/"
    assert client.get(new_codes).status_code == 200
    assert client.post(new_codes).status_code == 302
    assert client.get("/accounts/second-factor/app/remove/").status_code == 200

    client.post("/accounts/second-factor/app/remove/")

    assert client.get(STAFF_PAGE)["Location"].startswith(ADD_PASSKEY)
    assert actions() == [
        "sign_in",
        "new_recovery_codes",
        "removed_second_factor",
    ]


@pytest.mark.parametrize(
    "path",
    ["login/", "signup/", "password/change/", "password/reset/", "password/set/", "email/"],
)
def test_of_allauths_own_pages_none_is_there_unasked(
    client: Client, newtown: Organisation, path: str
) -> None:
    assert client.get(f"/accounts/{path}").status_code == 404


def test_the_other_pages_show_themselves(client: Client, resident: models.Person) -> None:
    organisation = make_actor_organisation()
    assert client.get("/accounts/closed/").status_code == 200
    assert client.get("/accounts/")["Location"].startswith(ASK)
    sign_in(client, organisation, resident.id, method=Method.CODE)

    for path in ("", "second-factor/app/", "passkeys/add/", "again/", "devices/", "sign-out/"):
        assert client.get(f"/accounts/{path}").status_code == 200
    assert client.get(ASK)["Location"] == "/"


def make_actor_organisation() -> Organisation:
    return models.Organisation.with_dials().get().record()


@pytest.mark.parametrize("answers", [{}, {"code": ""}, {"code": "é" * 500}, {"credential": "{}"}])
def test_nonsense_is_refused_everywhere(
    client: Client, newtown: Organisation, answers: dict[str, str]
) -> None:
    make_member(newtown, "administrator", email="ann@newtown.example", second_factor=True)
    refused = [client.post(ASK, answers)]
    ask_for_code(client, "ann@newtown.example")
    refused.append(client.post(CONFIRM, answers))
    client.post(CONFIRM, {"code": mailed_code()})
    refused.append(client.post(AUTHENTICATE, answers))
    client.post(AUTHENTICATE, {"code": make_code()})
    refused.append(client.post("/accounts/second-factor/check/", answers))

    assert [answer.status_code for answer in refused] == [422] * 4
