"""Messages that are sent later, and what staff send one at a time."""

from datetime import UTC, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from townhall.capabilities.notify import models, operations, permissions, queries
from townhall.capabilities.notify.errors import NoSuchTemplate, NotScheduled, UnfitList
from townhall.capabilities.notify.records import FIRST_SENDER, Channel, Status
from townhall.capabilities.notify.tests.channels import ADDRESS, SMS, make, text
from townhall.capabilities.notify.tests.make import (
    SENDER,
    make_actor,
    make_key,
    make_live,
    make_template,
)
from townhall.capabilities.notify.tests.wire import EMAIL, body, get, post, refused
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _live(db: None) -> None:
    """The senders of these tests have gone live."""
    for sender in (SENDER, FIRST_SENDER):
        make_live(sender)


EMAIL_VALUES = {"email address": "ann@example.com", "name": "Ann", "day": "Monday", "items": "a"}


def staff() -> Actor:
    return make_actor(permissions.SEND_MESSAGES)


@pytest.mark.parametrize("path", [EMAIL, SMS])
def test_a_scheduled_message_goes_at_its_time_and_says_so(path: str) -> None:
    key, at = make_key(), timezone.now() + timedelta(hours=23)
    asked: dict[str, Any] = body() if path == EMAIL else text()

    sent = post(key, asked | {"scheduled_for": at.isoformat()}, path=path).json()

    wire = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert sent["scheduled_for"] == wire
    read = get(key, f"/v2/notifications/{sent['id']}").json()
    assert (read["scheduled_for"], read["status"], run_tasks()) == (wire, "created", 0)
    with time_machine.travel(at):
        run_tasks(with_later_ones=True)
    assert models.SandboxMessage.objects.count() == 1


def test_a_time_without_a_zone_is_utc() -> None:
    at = (timezone.now() + timedelta(hours=2)).astimezone(UTC).replace(microsecond=0)

    sent = post(make_key(), body(scheduled_for=f"{at:%Y-%m-%dT%H:%M:%S}")).json()

    assert sent["scheduled_for"] == f"{at:%Y-%m-%dT%H:%M:%S}.000000Z"


def test_a_program_takes_back_what_is_scheduled() -> None:
    make_live("another")
    key, at = make_key(), timezone.now() + timedelta(hours=2)
    sent = post(key, body(scheduled_for=at.isoformat())).json()
    path = f"/v2/notifications/{sent['id']}/cancel"
    other = operations.make_api_key(make_actor(), name="other", sender="another")

    refused(post(other, {}, path=path), 404, "NoResultFound", "No result found")
    answers = [post(key, {}, path=path).json()["status"] for _time in "12"]
    run_tasks(with_later_ones=True)

    assert answers == ["cancelled", "cancelled"]
    assert not models.SandboxMessage.objects.exists()
    listed = get(key, "/v2/notifications?status=cancelled").json()["notifications"]
    assert [each["id"] for each in listed] == [sent["id"]]


def test_what_is_not_scheduled_or_due_by_now_is_not_taken_back() -> None:
    key, at = make_key(), timezone.now() + timedelta(hours=2)
    now = post(key, body()).json()["id"]
    later = post(key, body(scheduled_for=at.isoformat())).json()["id"]

    refused(
        post(key, {}, path=f"/v2/notifications/{now}/cancel"),
        409,
        "ConflictError",
        "It is on its way already.",
    )
    with time_machine.travel(at), pytest.raises(NotScheduled):
        operations.cancel_message(staff(), later)


def test_what_is_scheduled_does_not_count_as_waiting_too_long() -> None:
    at = timezone.now() + timedelta(hours=2)
    post(make_key(), body(scheduled_for=at.isoformat()))

    with time_machine.travel(at + timedelta(minutes=5)):
        assert models.Message.unsent_since() == at


@pytest.mark.parametrize(
    ("channel", "values", "to"),
    [
        (Channel.EMAIL, EMAIL_VALUES, "ann@example.com"),
        (Channel.SMS, {"phone number": "07700 900123", "name": "Ann"}, "447700900123"),
        (
            Channel.LETTER,
            {**ADDRESS, "name": "Ann"},
            "Ann Arbour\n1 Abbey Walk\nSW1A 1AA",
        ),
    ],
)
def test_staff_send_one_message(channel: Channel, values: dict[str, str], to: str) -> None:
    template = make_template() if channel == Channel.EMAIL else make(channel)

    sent = operations.send_one(staff(), template.id, values=values, made_by="Gwen Ellis")
    run_tasks()

    assert models.SandboxMessage.objects.get().to == to
    read = get(make_key(), f"/v2/notifications/{sent.id}").json()
    assert read["created_by_name"] == "Gwen Ellis"
    assert models.DayCount.objects.get().count == 1


def test_staff_send_one_later_and_take_it_back() -> None:
    at = timezone.now() + timedelta(days=3)
    template = make_template()

    sent = operations.send_one(
        staff(), template.id, values=EMAIL_VALUES, made_by="Gwen", scheduled_for=at
    )

    assert [each.id for each in queries.list_scheduled_messages(staff()).rows] == [sent.id]
    operations.cancel_message(staff(), sent.id)
    assert run_tasks(with_later_ones=True) == 1
    assert models.Message.objects.get().status == Status.CANCELLED
    assert not models.SandboxMessage.objects.exists()
    assert queries.list_scheduled_messages(staff()).rows == []


def test_faults_in_one_message_are_told_by_their_column() -> None:
    template = make_template()

    with pytest.raises(UnfitList) as unfit:
        operations.send_one(
            staff(),
            template.id,
            values=EMAIL_VALUES | {"name": " ", "email address": "x"},
            made_by="Gwen",
        )

    assert [fault.column for fault in unfit.value.faults] == ["email address", "name"]
    for at in (timedelta(days=8), timedelta(hours=-1)):
        with pytest.raises(Invalid):
            operations.send_one(
                staff(),
                template.id,
                values=EMAIL_VALUES,
                made_by="",
                scheduled_for=timezone.now() + at,
            )
    with pytest.raises(NoSuchTemplate):
        operations.send_one(staff(), uuid4(), values={}, made_by="")


def test_a_letter_has_the_contact_block_that_its_wording_came_with() -> None:
    operations.add_origin(make_actor(), channel=Channel.LETTER, words="Old", sender=SENDER)
    template = make(Channel.LETTER)
    operations.add_origin(make_actor(), channel=Channel.LETTER, words="New", sender=SENDER)
    new = queries.list_origins(make_actor())[1].letters[1]
    operations.make_usual(make_actor(), new.id)

    values = {**ADDRESS, "name": "Ann"}
    sent = operations.send_one(staff(), template.id, values=values, made_by="Gwen")

    assert sent.origin == "Old"
