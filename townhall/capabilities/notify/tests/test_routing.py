"""Several suppliers: who is given a message, and who is left alone."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from townhall.capabilities.notify import models, operations, permissions, queries
from townhall.capabilities.notify.providers.firetext import FiretextTexter
from townhall.capabilities.notify.records import Status, Trouble
from townhall.capabilities.notify.rules.routing import MOST_FAILURES, in_order, is_rested
from townhall.capabilities.notify.tests.bulk import BULK
from townhall.capabilities.notify.tests.channels import SMS, text
from townhall.capabilities.notify.tests.doubles import (
    REFUSED_NUMBER,
    TIMEOUT_SECONDS,
    Firetext,
    Twilio,
    standing_in,
)
from townhall.capabilities.notify.tests.make import make_actor, make_key
from townhall.capabilities.notify.tests.wire import post
from townhall.machinery import providers
from townhall.machinery.errors import NotAllowed
from townhall.machinery.inspection import inspect_all
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db

FIRST, SECOND = "twilio +441632960000", "firetext Barset"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOME = "townhall.capabilities.notify.providers"


@pytest.fixture
def twilio() -> Iterator[Twilio]:
    with standing_in(Twilio) as double:
        assert isinstance(double, Twilio)
        yield double


@pytest.fixture
def firetext() -> Iterator[Firetext]:
    with standing_in(Firetext) as double:
        assert isinstance(double, Firetext)
        yield double


@pytest.fixture(autouse=True)
def chosen(settings: Settings, twilio: Twilio, firetext: Firetext) -> None:
    """An installation that prefers Twilio and has FireText beside it."""
    settings.BASE_URL, settings.DEMO = "https://barset.example", True
    usual = {"timeout_seconds": TIMEOUT_SECONDS}
    settings.PROVIDERS = settings.PROVIDERS | {
        "notify.texts": [
            (
                f"{HOME}.twilio.TwilioTexter",
                {"url": Twilio.SETTING, "api": twilio.url, **usual},
            ),
            (
                f"{HOME}.firetext.FiretextTexter",
                {"url": Firetext.SETTING, "api": firetext.url, **usual},
            ),
        ]
    }
    providers.chosen.cache_clear()


def send(**changes: object) -> UUID:
    answer = post(make_key(), text(**changes), path=SMS)
    assert answer.status_code == 201, answer.content
    return UUID(answer.json()["id"])


class Program:
    """One that sends texts by the handful."""

    def __init__(self) -> None:
        self.key, self.text = make_key(), text()

    def send(self, count: int) -> None:
        for _each in range(count):
            assert post(self.key, self.text, path=SMS).status_code == 201
        run_tasks()


def kept(message_id: UUID) -> tuple[str, str]:
    message = models.Message.objects.get(id=message_id)
    return message.status, message.supplier


@pytest.mark.parametrize(
    ("given_to", "resting", "expected"),
    [
        ("", "", ["a", "b"]),
        ("", "a", ["b"]),
        ("", "a b", []),
        ("b", "", ["b"]),
        ("b", "b", []),
        ("gone", "", []),
    ],
)
def test_who_may_be_tried(given_to: str, resting: str, expected: list[str]) -> None:
    troubles = {name: trouble(name, NOW + timedelta(seconds=1)) for name in resting.split()}

    found = in_order(["a", "b"], given_to=given_to, troubles=troubles, now=NOW)

    assert found == expected


@pytest.mark.parametrize(
    ("until", "rests", "is_over"),
    [(None, False, False), (NOW, False, True), (NOW + timedelta(seconds=1), True, False)],
)
def test_a_rest_ends(until: datetime | None, rests: bool, is_over: bool) -> None:
    troubles = {"a": trouble("a", until)}

    assert in_order(["a"], given_to="", troubles=troubles, now=NOW) == ([] if rests else ["a"])
    assert is_rested(troubles["a"], NOW) == is_over


def trouble(name: str, until: datetime | None) -> Trouble:
    return Trouble(name=name, failures=5, rests_until=until, last_words="Away.", failed_at=NOW)


def test_the_preferred_one_is_given_what_there_is(twilio: Twilio, firetext: Firetext) -> None:
    message_id = send()
    run_tasks()

    assert kept(message_id) == (Status.SENDING, FIRST)
    assert (len(twilio.taken), len(firetext.taken)) == (1, 0)


def test_the_next_one_steps_in_at_once(twilio: Twilio, firetext: Firetext) -> None:
    twilio.is_ill = True
    message_id = send()
    run_tasks()

    assert kept(message_id) == (Status.SENDING, SECOND)
    assert [each["reference"] for each in firetext.taken] == [str(message_id)]
    assert models.Message.objects.get().attempts == 0


def test_a_no_is_final_for_all(firetext: Firetext) -> None:
    message_id = send(phone_number=f"+{REFUSED_NUMBER}")
    run_tasks()

    assert kept(message_id)[0] == Status.PERMANENT_FAILURE
    assert firetext.taken == []


def test_when_nobody_takes_it_anyone_may_later(twilio: Twilio, firetext: Firetext) -> None:
    twilio.is_ill = firetext.is_ill = True
    message_id = send()
    run_tasks()
    assert kept(message_id) == (Status.CREATED, "")

    firetext.is_ill = False
    run_tasks(with_later_ones=True)

    assert kept(message_id) == (Status.SENDING, SECOND)


def test_where_the_answer_was_lost_the_same_one_is_asked_again(
    twilio: Twilio, firetext: Firetext
) -> None:
    twilio.is_silent = True
    message_id = send()
    run_tasks()
    assert kept(message_id) == (Status.CREATED, FIRST)

    twilio.is_silent = False
    run_tasks(with_later_ones=True)

    assert kept(message_id) == (Status.SENDING, FIRST)
    assert firetext.taken == []
    callbacks = {each["StatusCallback"] for each in twilio.taken}
    assert (len(twilio.taken), len(callbacks)) == (2, 1)


def test_what_one_may_have_had_when_we_were_killed_goes_to_no_other(
    twilio: Twilio, firetext: Firetext
) -> None:
    message_id = send()
    assert models.Message.give(message_id, to=FIRST, instead_of="")
    twilio.is_ill = True

    run_tasks()

    assert kept(message_id) == (Status.CREATED, FIRST)
    assert firetext.taken == []


@pytest.mark.parametrize(("had_it", "gets_it"), [("twilio gone", FIRST), (SECOND, SECOND)])
def test_what_is_sent_again_goes_to_who_may_have_it_while_that_one_is_there(
    had_it: str, gets_it: str
) -> None:
    message_id = send()
    models.Message.objects.update(supplier=had_it, status=Status.TECHNICAL_FAILURE)

    operations.send_again(make_actor(), message_id)
    run_tasks()

    assert kept(message_id) == (Status.SENDING, gets_it)


def test_a_message_is_given_to_one_at_a_time() -> None:
    message_id = send()

    given = [models.Message.give(message_id, to=name, instead_of="") for name in (FIRST, SECOND)]

    assert given == [True, False]
    assert kept(message_id)[1] == FIRST


def test_one_that_fails_too_often_is_left_alone(
    twilio: Twilio, firetext: Firetext, caplog: pytest.LogCaptureFixture
) -> None:
    twilio.is_ill = True
    with caplog.at_level(logging.WARNING, "townhall.notify.suppliers"):
        Program().send(MOST_FAILURES + 2)

    assert len(twilio.peer.asked) == MOST_FAILURES
    assert len(firetext.taken) == MOST_FAILURES + 2
    assert [record.message for record in caplog.records] == ["supplier rests"]
    (resting,) = [each for each in queries.list_suppliers(make_actor()) if each.rests_until]
    assert resting.name == FIRST
    assert resting.trouble is not None
    assert "503" in resting.trouble.last_words


def test_after_its_rest_one_message_tries_it(
    twilio: Twilio, firetext: Firetext, caplog: pytest.LogCaptureFixture
) -> None:
    program = Program()
    make_tired(FIRST)
    twilio.is_ill = True
    program.send(2)
    assert (len(twilio.peer.asked), len(firetext.taken)) == (1, 2)

    make_tired(FIRST)
    twilio.is_ill = False
    with caplog.at_level(logging.WARNING, "townhall.notify.suppliers"):
        program.send(2)

    assert len(twilio.taken) == 2
    assert [record.message for record in caplog.records] == ["supplier works again"]
    assert not models.Supplier.in_trouble().exists()


def test_of_a_list_too_only_the_first_message_tries_it(twilio: Twilio, firetext: Firetext) -> None:
    make_tired(FIRST)
    rows = [["phone number", "name"], *(["07700 900123", str(row)] for row in range(3))]
    asked = {"template_id": text()["template_id"], "name": "a.csv", "rows": rows}

    assert post(make_key(), asked, path=BULK).status_code == 201
    run_tasks()

    assert (len(twilio.taken), len(firetext.taken)) == (3, 0)


def test_of_a_list_too_one_that_fails_too_often_is_left_alone(
    twilio: Twilio, firetext: Firetext
) -> None:
    twilio.is_ill = True
    rows = [["phone number", "name"], *(["07700 900123", str(row)] for row in range(7))]
    asked = {"template_id": text()["template_id"], "name": "a.csv", "rows": rows}

    assert post(make_key(), asked, path=BULK).status_code == 201
    run_tasks()

    assert (len(twilio.peer.asked), len(firetext.taken)) == (MOST_FAILURES, 7)


def test_one_process_at_a_time_tries_it() -> None:
    make_tired(FIRST)

    assert [models.Supplier.wake(FIRST), models.Supplier.wake(FIRST)] == [True, False]


def make_tired(name: str) -> None:
    """It has failed often, and rested since."""
    models.Supplier.objects.update_or_create(
        name=name,
        defaults={
            "failures": MOST_FAILURES,
            "rests_until": timezone.now() - timedelta(seconds=1),
            "last_words": "Twilio does not answer (ConnectTimeout).",
            "failed_at": timezone.now(),
        },
    )


def test_a_few_failures_are_forgotten_when_it_works(twilio: Twilio) -> None:
    program = Program()
    twilio.is_ill = True
    program.send(MOST_FAILURES - 1)
    twilio.is_ill = False

    program.send(1)

    assert len(twilio.taken) == 1
    assert not models.Supplier.in_trouble().exists()


def test_only_who_has_the_message_says_what_became_of_it(
    twilio: Twilio, firetext: Firetext
) -> None:
    twilio.is_ill = True
    message_id = send()
    run_tasks()
    actor = make_actor()
    signed = FiretextTexter(Firetext.SETTING).secret

    operations.take_firetext_receipt(
        actor, secret=signed, form=firetext.receipt(str(message_id), "0")
    )

    assert kept(message_id)[0] == Status.DELIVERED
    models.Message.objects.update(status=Status.SENDING, supplier=FIRST)
    operations.take_firetext_receipt(
        actor, secret=signed, form=firetext.receipt(str(message_id), "1", "101")
    )
    assert kept(message_id)[0] == Status.SENDING


def test_the_check_names_each_and_says_who_rests(twilio: Twilio) -> None:
    make_tired(FIRST)
    models.Supplier.wake(FIRST)

    found = {each.subject: each.advice for each in inspect_all()}

    assert found[f"text messages by {SECOND}"] == ""
    assert "failed 5 times in a row" in found[f"text messages by {FIRST}"]
    assert "ConnectTimeout" in found[f"text messages by {FIRST}"]


def test_the_page_says_how_each_is_doing() -> None:
    make_tired(FIRST)
    models.Supplier.wake(FIRST)

    page = Client().get("/notify/suppliers/").content.decode()

    assert page.index(FIRST) < page.index(SECOND)
    assert page.count("Left alone") == 1
    assert "https://barset.example/notify/suppliers/firetext/" in page
    stranger = Client().get("/notify/suppliers/", headers={"X-Test-Actor": "stranger"})
    assert stranger.status_code == 403
    with pytest.raises(NotAllowed):
        queries.list_suppliers(make_actor(permissions.SEND))
