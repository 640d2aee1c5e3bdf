"""Programs are told what became of their messages: by a real server that takes it, or does not."""

import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from townhall.capabilities.notify import models, operations, permissions, queries, records
from townhall.capabilities.notify.errors import CallbackTaken, NoSuchCallback
from townhall.capabilities.notify.providers.receivers import call
from townhall.capabilities.notify.records import CallbackKind, KeyType, Outcome, Status
from townhall.capabilities.notify.rules.callbacks import AGAIN
from townhall.capabilities.notify.tests.make import (
    ELSEWHERE,
    SENDER,
    TOKEN,
    make_actor,
    make_callback,
    make_key,
    send,
)
from townhall.capabilities.notify.tests.peers import Peer, listening
from townhall.capabilities.notify.tests.wire import body, post
from townhall.machinery.errors import NotAllowed
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def peer(settings: Settings) -> Iterator[Peer]:
    settings.DEMO = True  # else nothing on this machine is called
    with listening() as peer:
        yield peer


def send_test(to: str = "ann@example.com", **changes: object) -> UUID:
    """A message of a test key: it comes to its end at once."""
    key = make_key(KeyType.TEST, name=f"test {uuid4()}")
    answer = post(key, body(email_address=to, **changes))
    assert answer.status_code == 201, answer.content
    return UUID(answer.json()["id"])


def only() -> models.CallbackDelivery:
    return models.CallbackDelivery.objects.get()


def failed() -> records.CallbackDelivery:
    return queries.list_failed_callbacks(make_actor()).rows[0]


@pytest.mark.parametrize(
    ("to", "status"),
    [
        ("ann@example.com", "delivered"),
        ("temp-fail@simulator.notify", "temporary-failure"),
        ("perm-fail@simulator.notify", "permanent-failure"),
    ],
)
def test_a_program_is_told_in_the_words_of_govuk_notify(peer: Peer, to: str, status: str) -> None:
    make_callback(f"{peer.url}/told?by=us")

    message_id = send_test(to, reference="r-1")
    run_tasks()

    (asked,) = peer.asked
    told = json.loads(asked.body)
    message = models.Message.objects.get(id=message_id)
    at = "%Y-%m-%dT%H:%M:%S.%fZ"
    assert told == {
        "id": str(message_id),
        "reference": "r-1",
        "to": to,
        "status": status,
        "created_at": message.created_at.strftime(at),
        "completed_at": message.completed_at.strftime(at) if message.completed_at else "",
        "sent_at": message.sent_at.strftime(at) if message.sent_at else "",
        "notification_type": "email",
        "template_id": str(message.template_id),
        "template_version": 1,
    }
    signature = hmac.new(TOKEN.encode(), asked.body, hashlib.sha256).hexdigest()
    assert asked.path == "/told?by=us"
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["townhall-signature"] == signature
    assert f"http://{asked.headers['host']}" == peer.url
    assert (only().delivered_at is not None, only().body) == (True, "")


def test_every_callback_of_the_sender_is_told_and_no_other(peer: Peer) -> None:
    for path in ("a", "b"):
        make_callback(f"{peer.url}/{path}")
    make_callback(f"{peer.url}/other-kind", kind=CallbackKind.RECEIVED_TEXT)
    make_callback(f"{peer.url}/other-sender", sender="parking")

    send_test()
    send()  # a service's own
    run_tasks()

    assert sorted(asked.path for asked in peer.asked) == ["/a", "/b"]


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (Status.DELIVERED, 1),
        (Status.SENDING, 0),
        (Status.SENT, 0),  # GOV.UK Notify waits for a receipt, too
    ],
)
def test_only_the_end_is_told(peer: Peer, status: Status, told: int) -> None:
    make_callback(peer.url)
    key = make_key()
    message_id = post(key, body()).json()["id"]

    operations.mark_sent(make_actor(), message_id, status=status)
    operations.mark_sent(make_actor(), message_id, status=status)

    assert models.CallbackDelivery.objects.count() == told


def test_giving_up_is_told(peer: Peer) -> None:
    make_callback(peer.url)
    message_id = post(make_key(), body()).json()["id"]

    end = Status.TECHNICAL_FAILURE
    operations.fail_message(make_actor(), message_id, status=end, cause="no answer in a day")
    run_tasks()

    assert json.loads(peer.asked[0].body)["status"] == "technical-failure"


@pytest.mark.parametrize(
    ("statuses", "asked", "outcome"),
    [
        ([503, 429, 204], 3, "delivered"),
        ([500], 1 + AGAIN, "given up"),
        ([429], 1 + AGAIN, "given up"),
        ([404], 1, "given up"),
        ([400], 1, "given up"),
    ],
)
def test_it_is_tried_again_as_govuk_notify_does(
    peer: Peer, statuses: list[int], asked: int, outcome: str
) -> None:
    make_callback(peer.url)
    peer.answer(*statuses)

    send_test()
    run_tasks(with_later_ones=True)

    delivery = only()
    found = "delivered" if delivery.delivered_at else "given up" if delivery.given_up_at else ""
    assert (len(peer.asked), found) == (asked, outcome)
    assert delivery.last_answer == str(statuses[-1])


def test_the_next_try_is_in_five_minutes(peer: Peer) -> None:
    make_callback(peer.url)
    peer.answer(500)
    send_test()

    run_tasks()

    assert (len(peer.asked), only().attempts) == (1, 1)
    due = ProcrastinateJob.objects.get(task_name=operations.call_back.name).scheduled_at
    assert timedelta(seconds=290) < due - timezone.now() < timedelta(seconds=310)


def test_who_is_away_is_tried_again(settings: Settings) -> None:
    settings.DEMO = True
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        make_callback(f"http://127.0.0.1:{taken.getsockname()[1]}/")
        send_test()

        run_tasks(with_later_ones=True)

    assert (only().attempts, only().last_answer) == (1 + AGAIN, "ConnectError")
    assert only().given_up_at is not None


def test_who_does_not_answer_is_not_waited_for(settings: Settings) -> None:
    settings.DEMO = True
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]

        answer = call(f"http://127.0.0.1:{port}/", body="{}", token=TOKEN)

    assert (answer.outcome, answer.words) == (Outcome.AGAIN, "ReadTimeout")


def test_no_redirect_is_followed(peer: Peer) -> None:
    make_callback(f"{peer.url}/here")
    peer.answers = [(302, {"Location": f"{peer.url}/there"}, b""), (200, {}, b"")]

    send_test()
    run_tasks(with_later_ones=True)

    assert [asked.path for asked in peer.asked] == ["/here"]
    assert failed().last_answer == "302"


def test_what_was_given_up_can_be_tried_again(peer: Peer) -> None:
    make_callback(peer.url)
    peer.answer(404, 200)
    send_test()
    run_tasks()
    before = failed()

    operations.try_again(make_actor(), before.id)
    operations.try_again(make_actor(), before.id)
    run_tasks()
    done = operations.try_again(make_actor(), before.id)
    run_tasks()

    assert (before.last_answer, len(peer.asked)) == ("404", 2)
    assert done.delivered_at is not None
    assert queries.list_callbacks(make_actor())[0].failed == 0


def test_what_was_taken_is_not_told_again(peer: Peer) -> None:
    make_callback(peer.url)
    send_test()
    run_tasks()

    operations.call_back(delivery_id=only().id, organisation_id=make_actor().organisation_id)
    late = records.CallbackAnswer(outcome=Outcome.AGAIN, words="500")
    operations.note_answer(make_actor(), only().id, attempts=0, answer=late)

    assert len(peer.asked) == 1
    assert only().last_answer == "200"


def test_one_of_two_that_failed_goes_on(peer: Peer) -> None:
    make_callback(peer.url)
    send_test()
    peer.answer(500)
    run_tasks()

    late = records.CallbackAnswer(outcome=Outcome.AGAIN, words="503")
    operations.note_answer(make_actor(), only().id, attempts=0, answer=late)

    assert (only().attempts, only().last_answer) == (1, "500")
    assert ProcrastinateJob.objects.filter(task_name=operations.call_back.name).count() == 1


def test_who_is_removed_is_told_nothing_more(peer: Peer) -> None:
    callback = make_callback(peer.url)
    send_test()

    operations.remove_callback(make_actor(), callback.id)
    run_tasks()

    assert peer.asked == []
    assert not models.CallbackDelivery.objects.exists()
    with pytest.raises(NoSuchCallback):
        operations.remove_callback(make_actor(), callback.id)


def test_the_same_callback_is_added_once() -> None:
    url = "https://example.com/told"
    first, second = make_callback(url), make_callback(url)

    assert first == second
    with pytest.raises(CallbackTaken):
        make_callback(url, token="another-bearer-token")
    assert TOKEN.encode() not in bytes(models.Callback.objects.get().token)


def test_a_token_that_cannot_be_read_any_more_says_so(settings: Settings) -> None:
    settings.DEMO = True
    make_callback("http://127.0.0.1:9/")
    settings.SECRET_KEY = "another"
    send_test()

    run_tasks()

    assert failed().last_answer == "token cannot be read"


def test_bodies_are_wiped_with_messages(settings: Settings) -> None:
    make_callback("https://example.com/")
    send_test()
    long_ago = timezone.now() - timedelta(days=8)
    models.CallbackDelivery.objects.update(created_at=long_ago)

    operations.wipe_messages(make_actor())
    operations.wipe_messages(make_actor())

    assert not models.CallbackDelivery.objects.exists()


def test_callbacks_are_for_those_who_manage_keys() -> None:
    callback = make_callback("https://example.com/")
    clerk = make_actor(permissions.EDIT_TEMPLATES)

    for ask in (
        lambda: operations.add_callback(
            clerk, kind=CallbackKind.DELIVERY, url="https://example.com/", token=TOKEN
        ),
        lambda: operations.remove_callback(clerk, callback.id),
        lambda: operations.try_again(clerk, callback.id),
        lambda: operations.post_callback(clerk, callback.id),
        lambda: queries.list_callbacks(clerk),
        lambda: queries.get_callback(clerk, callback.id),
        lambda: queries.list_failed_callbacks(clerk),
        lambda: queries.list_senders_for_keys(clerk),
    ):
        with pytest.raises(NotAllowed):
            ask()


def test_another_organisation_finds_none(peer: Peer) -> None:
    callback = make_callback(peer.url)
    peer.answer(404)
    send_test()
    run_tasks()
    elsewhere = make_actor(organisation_id=ELSEWHERE.id)

    assert queries.list_callbacks(elsewhere) == []
    assert queries.list_failed_callbacks(elsewhere).rows == []
    assert SENDER not in queries.list_senders_for_keys(elsewhere)
    for ask, each in (
        (operations.remove_callback, callback.id),
        (operations.try_again, only().id),
        (queries.get_callback, callback.id),
    ):
        with pytest.raises(NoSuchCallback):
            ask(elsewhere, each)
