"""Taking messages to a mail server that is there, away, or says no."""

from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID

import pytest
from django.utils import timezone
from pytest_django import Settings

from townhall.capabilities.notify import models, operations, permissions, queries
from townhall.capabilities.notify.errors import NoSuchMessage, RecipientRefused
from townhall.capabilities.notify.operations.delivery import WAITS
from townhall.capabilities.notify.records import Status
from townhall.capabilities.notify.tests.make import ELSEWHERE, make_actor, send
from townhall.machinery import providers
from townhall.machinery.errors import NotAllowed, Unavailable
from townhall.machinery.models import RecordedEvent
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db


class MoodyCarrier:
    """Takes, puts off or refuses, as it is told."""

    name = "moody"
    sender = "noreply@barset.example"

    def __init__(self) -> None:
        self.carried: list[EmailMessage] = []
        self.moods: list[Exception] = []

    def carry(self, letter: EmailMessage, *, to: str, organisation_id: UUID) -> None:
        if self.moods:
            raise self.moods.pop(0)
        self.carried.append(letter)

    def check(self) -> str:
        return ""


@pytest.fixture
def carrier(settings: Settings) -> MoodyCarrier:
    settings.PROVIDERS = settings.PROVIDERS | {"notify": (f"{__name__}.MoodyCarrier", {})}
    providers.chosen.cache_clear()
    chosen: MoodyCarrier = providers.chosen("notify")
    return chosen


def test_a_message_is_tried_again_until_the_server_is_back(carrier: MoodyCarrier) -> None:
    carrier.moods = [Unavailable("busy"), Unavailable("busy")]
    message = send()

    run_tasks(with_later_ones=True)

    assert queries.get_message(make_actor(), message.id).status == Status.SENDING
    assert models.Message.objects.get().attempts == 2
    assert [letter["Message-ID"] for letter in carrier.carried] == [
        f"<{message.id}@barset.example>"
    ]


def test_the_next_try_waits(carrier: MoodyCarrier) -> None:
    carrier.moods = [Unavailable("busy")]
    send()

    run_tasks()

    assert carrier.carried == []
    assert models.Message.objects.get().status == Status.CREATED


def test_after_a_day_it_is_given_up(carrier: MoodyCarrier) -> None:
    carrier.moods = [Unavailable("away")] * (len(WAITS) + 1)
    message = send(reference="r-1")

    run_tasks(with_later_ones=True)

    kept = queries.get_message(make_actor(), message.id)
    assert kept.status == Status.TECHNICAL_FAILURE
    assert kept.completed_at is not None
    facts = RecordedEvent.objects.get(name="notify.message_failed").facts
    assert (facts["status"], facts["reference"]) == ("technical-failure", "r-1")
    assert sum(WAITS) > 20 * 3600


def test_a_refused_recipient_is_not_tried_again(carrier: MoodyCarrier) -> None:
    carrier.moods = [RecipientRefused("no", reply="550 5.1.1")]
    message = send()

    run_tasks(with_later_ones=True)

    assert queries.get_message(make_actor(), message.id).status == Status.PERMANENT_FAILURE
    assert carrier.carried == []
    facts = RecordedEvent.objects.get(name="notify.message_failed").facts
    assert facts["cause"] == "550 5.1.1"


def test_what_cannot_be_written_is_given_up(carrier: MoodyCarrier) -> None:
    message = send()
    models.Message.objects.update(to="ann.@example.com")

    run_tasks(with_later_ones=True)

    assert queries.get_message(make_actor(), message.id).status == Status.PERMANENT_FAILURE
    facts = RecordedEvent.objects.get(name="notify.message_failed").facts
    assert facts["cause"] == "cannot be written"


def test_a_task_that_runs_twice_sends_once(carrier: MoodyCarrier) -> None:
    message = send()
    run_tasks()

    operations.deliver(message_id=message.id, organisation_id=make_actor().organisation_id)

    assert len(carrier.carried) == 1
    assert RecordedEvent.objects.filter(name="notify.message_sent").count() == 1


def test_a_try_that_runs_twice_goes_on_once(carrier: MoodyCarrier) -> None:
    message = send()
    run_tasks()
    models.Message.objects.update(status=Status.CREATED, sent_at=None)

    operations.put_off(make_actor(), message.id, attempts=0)
    operations.put_off(make_actor(), message.id, attempts=0)

    assert models.Message.objects.get().attempts == 1
    assert run_tasks(with_later_ones=True) == 1


def test_what_is_settled_stays_settled(carrier: MoodyCarrier) -> None:
    message = send()
    run_tasks()
    actor = make_actor()

    failed = Status.TECHNICAL_FAILURE
    operations.fail_message(actor, message.id, status=failed, cause="late")
    operations.mark_simulated(actor, message.id)
    settled = operations.mark_sent(actor, message.id)

    assert settled.status == Status.SENDING
    assert not RecordedEvent.objects.filter(name="notify.message_failed").exists()


def test_nobody_else_marks_messages(carrier: MoodyCarrier) -> None:
    message = send()

    with pytest.raises(NotAllowed):
        operations.mark_sent(make_actor(permissions.SEND), message.id)
    with pytest.raises(NotAllowed):
        operations.carry(make_actor(permissions.SEND), message.id)
    elsewhere = make_actor(organisation_id=ELSEWHERE.id)
    with pytest.raises(NoSuchMessage):
        operations.mark_sent(elsewhere, message.id)


def test_old_messages_are_wiped_and_still_counted() -> None:
    old, unsent, fresh = send(), send(), send()
    models.Message.objects.exclude(id=unsent.id).update(status=Status.SENDING)
    long_ago = timezone.now() - timedelta(days=8)
    models.Message.objects.exclude(id=fresh.id).update(created_at=long_ago)

    operations.wipe_old_messages()
    operations.wipe_old_messages()

    wiped = models.Message.objects.get(id=old.id)
    assert (wiped.to, wiped.subject, wiped.body) == ("", "", "")
    assert (wiped.personalisation, wiped.attachments) == ({}, [])
    kept = set(models.Message.objects.exclude(to="").values_list("id", flat=True))
    assert kept == {unsent.id, fresh.id}
    assert models.Message.objects.count() == 3


def test_wiping_empties_the_sandbox_too() -> None:
    send()
    run_tasks()
    models.SandboxMessage.objects.update(arrived_at=timezone.now() - timedelta(days=8))

    operations.wipe_messages(make_actor())

    assert not models.SandboxMessage.objects.exists()


def test_wiping_needs_the_permission() -> None:
    with pytest.raises(NotAllowed):
        operations.wipe_messages(make_actor(permissions.SEND))
