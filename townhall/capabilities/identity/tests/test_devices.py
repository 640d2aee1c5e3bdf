"""Where one is signed in, signing out there, and the way back in after losing the phone."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone
from pytest_django import Settings

from townhall.capabilities.identity import models, operations, permissions, queries, records
from townhall.capabilities.identity.errors import NoSuchPerson
from townhall.capabilities.identity.records import WAIT, Method
from townhall.capabilities.identity.tests.entering import (
    ASK,
    CONFIRM,
    DEVICES,
    LOST,
    SECOND_FACTOR,
    TRUST,
    browser,
    enter_by_code,
    enter_by_code_and_app,
    is_signed_in,
    mailed_code,
    post,
)
from townhall.capabilities.identity.tests.make import (
    EVERYTHING,
    SECRET,
    make_actor,
    make_code,
    make_member,
    make_organisation,
    sign_in,
)
from townhall.machinery.actors import Actor
from townhall.machinery.dial_values import set_dial
from townhall.machinery.dials import SET_DIALS
from townhall.machinery.errors import NotAllowed
from townhall.machinery.inspection import inspect_all
from townhall.machinery.organisations import Organisation

pytestmark = pytest.mark.django_db
ANN = "ann@home.example"


@pytest.fixture(autouse=True)
def _surroundings(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
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


# Sessions


def test_one_sees_where_one_is_signed_in_and_signs_out_there(ann: models.Person) -> None:
    here, there = browser("192.0.2.1"), browser("192.0.2.2")
    enter_by_code(here, ANN)
    there.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
    enter_by_code(there, ANN)
    shown = here.get(DEVICES).content.decode()
    assert "Firefox, Linux" in shown
    assert "192.0.2.2" in shown
    assert str(there.session.session_key) not in shown
    handle = models.Session.objects.get(session_key=there.session.session_key).handle

    for _twice in range(2):
        post(here, "/accounts/devices/sign-out/", device=handle)

    assert not is_signed_in(there)
    assert is_signed_in(here)


def test_nobody_signs_another_out(newtown: Organisation, ann: models.Person) -> None:
    client, stranger = browser(), browser()
    enter_by_code(client, ANN)
    sign_in(stranger, newtown, make_member(newtown, "crew").id, method=Method.CODE)
    handle = models.Session.objects.get(person=ann).handle

    post(stranger, "/accounts/devices/sign-out/", device=handle)

    assert is_signed_in(client)


def test_signing_out_everywhere_ends_every_session_at_once(ann: models.Person) -> None:
    clients = [browser(), browser()]
    for client in clients:
        enter_by_code(client, ANN)

    post(clients[0], "/accounts/devices/everywhere/")

    assert not any(is_signed_in(client) for client in clients)
    assert not models.Session.objects.filter(person=ann).exists()


def test_an_administrator_signs_staff_out_of_their_own_organisation(newtown: Organisation) -> None:
    member = make_member(newtown, "crew")
    client, administrator = browser(), browser()
    sign_in(client, newtown, member.id)
    sign_in(administrator, newtown, make_member(newtown, "administrator", second_factor=True).id)
    path = f"/identity/people/{member.id}/sign-out/"
    assert administrator.get(path).status_code == 200

    assert administrator.post(path).status_code == 302

    assert not is_signed_in(client)
    assert is_signed_in(administrator)


def test_a_session_ends_half_a_day_after_it_began_however_it_is_used(ann: models.Person) -> None:
    client = browser()
    enter_by_code(client, ANN)
    session = client.session
    began = models.Session.objects.get(person=ann).expire_date
    session["device"] |= {"seen_at": (timezone.now() - timedelta(hours=1)).isoformat()}
    session.save()

    client.get("/accounts/")

    row = models.Session.objects.get(person=ann)
    assert row.seen_at is not None
    assert timezone.now() - row.seen_at < timedelta(minutes=1)
    assert abs(row.expire_date - began) < timedelta(seconds=1)


def test_the_key_of_a_session_from_before_signing_in_is_worth_nothing(ann: models.Person) -> None:
    client = browser()
    post(client, ASK, email=ANN)
    planted = client.session.session_key
    post(client, CONFIRM, code=mailed_code())
    thief = browser()
    thief.cookies["session"] = str(planted)

    assert client.session.session_key != planted
    assert not is_signed_in(thief)
    assert not models.Session.objects.filter(session_key=planted).exists()


def test_ended_sessions_are_forgotten(ann: models.Person) -> None:
    client = browser()
    enter_by_code(client, ANN)
    models.Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    for _twice in range(2):
        operations.forget_ended_sessions()

    assert not models.Session.objects.exists()


# The way back in


def wait(person: models.Person) -> None:
    models.Recovery.objects.filter(person=person).update(asked_at=timezone.now() - WAIT)


def test_a_resident_gets_back_in_after_waiting(with_app: models.Person) -> None:
    elsewhere, client = browser(), browser()
    enter_by_code_and_app(elsewhere, ANN)
    post(elsewhere, TRUST)
    enter_by_code(client, ANN)
    assert client.get(LOST).status_code == 200
    for _twice in range(2):
        assert post(client, LOST)["Location"] == LOST
    assert [each.subject for each in mail.outbox].count(
        "Did you ask to sign in to newtown without your second factor?"
    ) == 1
    wait(with_app)

    assert post(client, LOST)["Location"] == "/"

    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert "were taken away" in last_mail()
    assert enter_by_code(browser(), ANN)["Location"] == "/"


def test_the_email_stops_it(with_app: models.Person) -> None:
    client = browser()
    enter_by_code(client, ANN)
    post(client, LOST)
    link = next(line for line in last_mail().split() if "/accounts/stop/" in line)
    assert browser().get(link).status_code == 200
    assert browser().post(link).status_code == 200
    wait(with_app)

    assert post(client, LOST)["Location"] == LOST  # it begins anew
    assert not is_signed_in(client)
    assert browser().get(link).status_code == 404


def test_the_second_factor_stops_it_too(with_app: models.Person) -> None:
    client = browser()
    enter_by_code(client, ANN)
    post(client, LOST)

    post(client, SECOND_FACTOR, code=make_code())

    assert not models.Recovery.objects.exists()


def test_a_device_that_is_trusted_stops_it_too(with_app: models.Person) -> None:
    trusted, thief = browser("192.0.2.1"), browser("192.0.2.2")
    enter_by_code_and_app(trusted, ANN)
    post(trusted, TRUST, action="trust")
    post(trusted, "/accounts/sign-out/")
    enter_by_code(thief, ANN)
    post(thief, LOST)
    assert models.Recovery.objects.exists()

    enter_by_code(trusted, ANN)

    assert is_signed_in(trusted)
    assert not models.Recovery.objects.exists()


@pytest.mark.parametrize("page", ["/accounts/", "/account/"])
def test_its_owner_sees_on_their_pages_that_somebody_waits_and_stops_it(
    with_app: models.Person, page: str
) -> None:
    owner, thief = browser("192.0.2.1"), browser("192.0.2.2")
    enter_by_code_and_app(owner, ANN)
    post(owner, TRUST)
    assert "Stop this" not in owner.get(page).content.decode()
    enter_by_code(thief, ANN)
    post(thief, LOST)

    shown = owner.get(page).content.decode()
    stop = re.search(r'action="(/accounts/stop/[^"]+)"', shown)
    assert stop is not None
    owner.post(stop[1])

    assert not models.Recovery.objects.exists()


def test_another_address_trusts_no_device(newtown: Organisation, with_app: models.Person) -> None:
    trusted = browser()
    enter_by_code_and_app(trusted, ANN)
    post(trusted, TRUST, action="trust")
    actor = Actor("test", frozenset({permissions.CHANGE_SELF}), newtown.id, with_app.id)
    code = operations.ask_email_change(actor, email="anna@home.example").code

    operations.change_email(actor, code=code)

    assert not is_signed_in(trusted)
    assert enter_by_code(trusted, "anna@home.example")["Location"] == SECOND_FACTOR


def test_what_was_asked_for_long_ago_does_not_count(with_app: models.Person) -> None:
    client = browser()
    enter_by_code(client, ANN)
    post(client, LOST)
    models.Recovery.objects.update(asked_at=timezone.now() - timedelta(days=15))

    assert post(client, LOST)["Location"] == LOST

    assert not is_signed_in(client)
    assert timezone.now() - models.Recovery.objects.get().asked_at < timedelta(minutes=1)


def test_staff_are_sent_to_an_administrator(newtown: Organisation) -> None:
    make_member(newtown, "crew", email=ANN, second_factor=True)
    client = browser()
    enter_by_code(client, ANN)

    assert "Ask one of its administrators" in client.get(LOST).content.decode()
    assert post(client, LOST).status_code == 409
    assert not models.Recovery.objects.exists()


# Who may


def test_each_door_is_for_whoever_signs_people_in(
    newtown: Organisation, ann: models.Person
) -> None:
    nobody = make_actor(newtown, may=EVERYTHING - {permissions.SIGN_IN, permissions.MANAGE_PEOPLE})
    recovery = records.Recovery(id=uuid4(), person_id=ann.id, asked_at=timezone.now())

    for ask in (
        lambda: operations.open_account(nobody, email="a@b.example", name="A", language="en"),
        lambda: operations.record_new_passkey(nobody, ann.id),
        lambda: operations.record_removed_passkey(nobody, ann.id),
        lambda: operations.choose_password(nobody, ann.id, password="three odd pears"),
        lambda: operations.record_password(nobody, ann.id, hashed="!"),
        lambda: operations.remove_password(nobody, ann.id),
        lambda: operations.sign_out_device(nobody, ann.id, handle=""),
        lambda: operations.sign_out_everywhere(nobody, ann.id),
        lambda: operations.sign_out_member(nobody, ann.id),
        lambda: operations.ask_for_recovery(nobody, ann.id),
        lambda: operations.finish_recovery(nobody, ann.id),
        lambda: operations.stop_recovery(nobody, recovery),
        lambda: queries.list_signed_in(nobody, ann.id),
        lambda: queries.get_ways_in(nobody, ann.id),
        lambda: queries.find_recovery(nobody, ann.id),
        lambda: queries.find_my_recovery(nobody),
        lambda: queries.get_recovery(nobody, recovery.id),
        lambda: queries.is_staff(nobody, ann.id),
    ):
        with pytest.raises(NotAllowed):
            ask()


def test_another_organisation_sees_and_ends_nothing(
    newtown: Organisation, ann: models.Person
) -> None:
    client = browser()
    enter_by_code(client, ANN)
    stranger = make_actor(make_organisation(slug="oldtown", hosts=("oldtown.example",)))
    handle = queries.list_signed_in(make_actor(newtown), ann.id)[0].handle

    assert queries.list_signed_in(stranger, ann.id) == []
    operations.sign_out_device(stranger, ann.id, handle=handle)
    for ask in (
        lambda: operations.sign_out_member(stranger, ann.id),
        lambda: queries.get_ways_in(stranger, ann.id),
        lambda: operations.remove_password(stranger, ann.id),
    ):
        with pytest.raises(NoSuchPerson):
            ask()

    assert models.Session.objects.filter(person=ann).exists()


def test_the_roles_that_a_dial_names_and_nobody_has_are_found(newtown: Organisation) -> None:
    actor = make_actor(newtown, may=frozenset({SET_DIALS}))
    set_dial(actor, "organisation", "passkey_roles", value=["crew", "Emperor"])

    found = [each for each in inspect_all() if each.subject == "roles that need a passkey"]

    assert [each.advice for each in found] == [
        "No role of newtown is called Emperor: nobody needs a passkey for it."
    ]
