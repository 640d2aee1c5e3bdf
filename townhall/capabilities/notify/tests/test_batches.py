"""Batches through the API and their doors: all of a list or nothing, each row once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection, connections
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from townhall.capabilities.notify import models, operations, permissions, queries
from townhall.capabilities.notify.errors import BatchOver, NoSuchBatch
from townhall.capabilities.notify.records import FIRST_SENDER, Channel, KeyType, Status
from townhall.capabilities.notify.rules.limits import EMAILS_A_DAY
from townhall.capabilities.notify.tests.bulk import (
    BULK,
    HEADER,
    batch_of,
    bulk,
    people,
    send,
    staff,
    system,
)
from townhall.capabilities.notify.tests.channels import make
from townhall.capabilities.notify.tests.make import (
    BARSET,
    ELSEWHERE,
    OUTSIDER,
    SENDER,
    make_actor,
    make_guest,
    make_key,
    make_live,
    make_template,
)
from townhall.capabilities.notify.tests.wire import get, post, refused
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _live(db: None) -> None:
    """The senders of these tests have gone live."""
    for sender in (SENDER, FIRST_SENDER, "another"):
        make_live(sender)


def test_a_list_is_sent_to_everyone_in_it_once() -> None:
    key = make_key()

    answer = send(key, rows=[HEADER, *people(12)], reference="spring")

    batch = batch_of(answer)
    sender = batch.sender_id
    assert answer.json() == {
        "id": str(batch.id),
        "name": "people.csv",
        "reference": "spring",
        "type": "email",
        "status": "running",
        "template": {
            "id": str(batch.template_id),
            "version": 1,
            "uri": f"http://testserver/v2/template/{batch.template_id}/version/1",
        },
        "row_count": 12,
        "created_at": batch.made_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "scheduled_for": None,
        "uri": f"http://testserver/v2/notifications/bulk/{batch.id}",
    }
    run_tasks()
    found = get(key, f"{BULK}/{batch.id}").json()
    assert (found["status"], found["waiting"], found["handed_over"]) == ("finished", 0, 12)
    assert found["counts"] == {"sending": 12}
    addresses = models.SandboxMessage.objects.values_list("to", flat=True)
    assert sorted(addresses) == sorted(row[0] for row in people(12))
    assert not models.BatchChunk.objects.exists()
    assert models.DayCount.objects.get(sender_id=sender).count == 12
    message = models.Message.objects.get(batch=batch, batch_row=3)
    assert (message.to, message.reference) == ("ann2@example.com", "spring")
    assert message.subject == "Collection on Monday"


def test_a_chunk_done_twice_or_out_of_turn_makes_no_message_twice() -> None:
    batch = batch_of(send(rows=[HEADER, *people(600)]))

    first = [operations.make_messages(system(), batch.id, number=number) for number in (1, 0, 0, 7)]

    assert [bool(each) for each in first] == [False, True, False, False]
    assert models.Message.objects.count() == 500
    operations.make_messages(system(), batch.id, number=1)
    operations.make_messages(system(), batch.id, number=1)
    assert models.Message.objects.count() == 600
    assert models.Message.objects.values("batch_row").distinct().count() == 600


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_with_one_chunk_one_makes_its_messages() -> None:
    batch = batch_of(send(rows=[HEADER, *people(40)]))

    def work(_number: int) -> None:
        try:
            operations.make_chunk(batch_id=batch.id, organisation_id=BARSET.id, number=0)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(8)))

    assert models.Message.objects.count() == 40
    tasks = ProcrastinateJob.objects.filter(task_name=operations.deliver_group.name)
    assert tasks.count() == 2


def test_the_next_chunk_waits_behind_half_of_the_messages_of_this_one() -> None:
    batch = batch_of(send(rows=[HEADER, *people(600)]))

    operations.make_messages(system(), batch.id, number=0)

    queued = ProcrastinateJob.objects.filter(priority__lt=0).order_by("id")
    names = [each.task_name.rpartition(".")[2] for each in queued]
    assert names == ["deliver_group"] * 10 + ["make_chunk"] + ["deliver_group"] * 10


def test_pausing_and_resuming_goes_on_where_it_was() -> None:
    key = make_key()
    batch = batch_of(send(key, rows=[HEADER, *people(510)]))
    operations.make_messages(system(), batch.id, number=0)

    paused = post(key, {}, path=f"{BULK}/{batch.id}/pause").json()["status"]
    while_paused = operations.make_messages(system(), batch.id, number=1)
    again = [post(key, {}, path=f"{BULK}/{batch.id}/resume").json()["status"] for _time in "12"]
    operations.make_messages(system(), batch.id, number=1)

    assert (paused, while_paused, again) == ("paused", None, ["running", "running"])
    rows = models.Message.objects.order_by("batch_row").values_list("batch_row", flat=True)
    assert list(rows) == list(range(2, 512))


def test_cancelling_stops_it_gives_the_day_back_and_forgets_the_rows() -> None:
    key = make_key()
    batch = batch_of(send(key, rows=[HEADER, *people(510)]))
    operations.make_messages(system(), batch.id, number=0)

    answers = [post(key, {}, path=f"{BULK}/{batch.id}/cancel").json()["status"] for _time in "12"]

    assert answers == ["cancelled", "cancelled"]
    assert operations.make_messages(system(), batch.id, number=1) is None
    assert not models.BatchChunk.objects.exists()
    assert models.DayCount.objects.get().count == 500
    over = post(key, {}, path=f"{BULK}/{batch.id}/resume")
    refused(over, 409, "ConflictError", "The batch has been sent or cancelled already.")


def test_a_batch_begins_when_it_is_scheduled_to() -> None:
    key, at = make_key(), timezone.now() + timedelta(days=6)

    answer = send(key, scheduled_for=at.isoformat())

    assert answer.json()["status"] == "scheduled"
    assert answer.json()["scheduled_for"] == at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    job = ProcrastinateJob.objects.get()
    assert (run_tasks(), job.scheduled_at) == (0, at)
    assert str(models.DayCount.objects.get().day) == str(at.astimezone(UTC).date())
    with time_machine.travel(at):
        run_tasks(with_later_ones=True)
    assert models.SandboxMessage.objects.count() == 2


def test_a_team_key_reaches_its_guests_only_and_a_test_key_nobody() -> None:
    team, test = make_key(KeyType.TEAM, name="team"), make_key(KeyType.TEST, name="test")
    make_guest(UUID(team.text[-73:-37]), email="ann1@example.com")

    says = "row 3 email address: Can’t send to this recipient using a team-only API key"
    refused(send(team), 400, "ValidationError", says)
    send(test)
    run_tasks()

    assert models.Message.objects.filter(status=Status.DELIVERED).count() == 2
    assert not models.SandboxMessage.objects.exists()
    assert not models.DayCount.objects.exists()
    letters = send(team, template_id=str(make(Channel.LETTER).id), rows=[["postcode"], ["x"]])
    assert letters.status_code == 403


def test_a_day_without_room_for_all_of_it_takes_none_of_it() -> None:
    key = make_key()
    sender_id = UUID(key.text[-73:-37])
    today = datetime.now(UTC).date()
    most = EMAILS_A_DAY
    models.DayCount.take_many(sender_id, "email", day=today, count=most - 3, most=most)

    answers = [send(key) for _time in "12"]

    assert answers[0].status_code == 201
    says = f"Exceeded send limits (email: {most}) for today"
    refused(answers[1], 429, "TooManyRequestsError", says)
    assert models.Batch.objects.count() == 1
    assert models.DayCount.objects.get().count == most - 1


def test_the_same_idempotency_key_sends_one_batch() -> None:
    key, asked = make_key(), bulk()
    given = {"Idempotency-Key": "spring"}

    first, again = (post(key, asked, path=BULK, **given) for _time in "12")
    other = post(key, asked | {"name": "other"}, path=BULK, **given)

    assert first.json() == again.json()
    says = "This Idempotency-Key was used for a different request"
    refused(other, 409, "ConflictError", says)
    assert models.Batch.objects.count() == 1


def test_messages_of_batches_are_listed_only_if_asked_for() -> None:
    key = make_key()
    send(key)
    run_tasks()

    without, with_them = (
        get(key, f"/v2/notifications{asked}").json()["notifications"]
        for asked in ("", "?include_jobs=true")
    )

    assert (len(without), len(with_them)) == (0, 2)


def test_another_sender_and_another_organisation_see_no_batch() -> None:
    batch = batch_of(send())
    other = operations.make_api_key(make_actor(), name="other", sender="another")

    answers = [get(other, f"{BULK}/{batch.id}")]
    answers += [post(other, {}, path=f"{BULK}/{batch.id}/{verb}") for verb in ("pause", "cancel")]
    for answer in answers:
        refused(answer, 404, "NoResultFound", "No result found")
    refused(get(other, f"{BULK}/x"), 400, "ValidationError", "batch_id is not a valid UUID")
    outsider = Actor("staff", frozenset({permissions.SEND_MESSAGES}), ELSEWHERE.id)
    with pytest.raises(NoSuchBatch):
        queries.get_batch(outsider, batch.id)
    with pytest.raises(NoSuchBatch):
        operations.cancel_batch(outsider, batch.id)


def test_wrong_methods_are_refused() -> None:
    key = make_key()

    for path in ("", f"/{uuid4()}/pause"):
        assert get(key, f"{BULK}{path}").status_code == 405
    assert post(key, {}, path=f"{BULK}/{uuid4()}").status_code == 405
    assert get(key, f"/v2/notifications/{uuid4()}/cancel").status_code == 405


def test_an_origin_may_be_named_and_must_be_the_senders() -> None:
    origin = operations.add_origin(
        make_actor(), channel=Channel.EMAIL, words="replies@example.com", sender=SENDER
    )

    key = make_key()
    batch = batch_of(send(key, email_reply_to_id=str(origin.id)))
    answer = send(key, email_reply_to_id=str(uuid4()))

    assert batch.origin == "replies@example.com"
    assert answer.status_code == 400
    assert "does not exist in database" in answer.json()["errors"][0]["message"]


def test_wiping_forgets_lists_that_nobody_sends() -> None:
    kept = operations.keep_list(
        staff(),
        make_template().id,
        name="people.csv",
        table=[HEADER, *people(2)],
        made_by="Gwen",
    )
    key = make_key()
    paused = batch_of(send(key))
    operations.pause_batch(staff(), paused.id)
    scheduled = batch_of(send(key, scheduled_for=(timezone.now() + timedelta(days=6)).isoformat()))

    with time_machine.travel(timezone.now() + timedelta(days=8)):
        operations.wipe_messages(system())

    states = dict(models.Batch.objects.values_list("id", "state"))
    assert states == {kept.id: "cancelled", paused.id: "cancelled", scheduled.id: "scheduled"}
    assert set(models.BatchChunk.objects.values_list("batch_id", flat=True)) == {scheduled.id}


def test_staff_start_a_list_that_was_kept_once() -> None:
    template = make_template()
    table = [HEADER, *people(3)]
    kept = operations.keep_list(staff(), template.id, name="a.csv", table=table, made_by="Gwen")
    run_tasks()
    before = models.Message.objects.count()

    for _time in "12":
        operations.start_list(staff(), kept.id)
    run_tasks()

    assert before == 0
    assert models.SandboxMessage.objects.count() == 3
    assert set(models.Message.objects.values_list("made_by", flat=True)) == {"Gwen"}
    assert models.DayCount.objects.get().count == 3
    lines = queries.list_report_lines(staff(), kept.id)
    assert [line.number for line in lines] == [2, 3, 4]
    with pytest.raises(BatchOver):
        operations.pause_batch(staff(), kept.id)


def test_without_the_permission_nothing_is_sent_or_seen() -> None:
    doors: list[tuple[Any, tuple[object, ...], dict[str, object]]] = [
        (operations.keep_list, (uuid4(),), {"name": "", "table": [], "made_by": ""}),
        (operations.start_list, (uuid4(),), {}),
        (operations.pause_batch, (uuid4(),), {}),
        (operations.resume_batch, (uuid4(),), {}),
        (operations.cancel_batch, (uuid4(),), {}),
        (operations.send_one, (uuid4(),), {"values": {}, "made_by": ""}),
        (operations.cancel_message, (uuid4(),), {}),
        (operations.make_messages, (uuid4(),), {"number": 0}),
        (queries.list_batches, (), {}),
        (queries.list_report_lines, (uuid4(),), {}),
    ]

    for door, arguments, named in doors:
        with pytest.raises(NotAllowed):
            door(OUTSIDER, *arguments, **named)


def test_progress_costs_the_same_however_long_the_list(
    django_assert_num_queries: Any,
) -> None:
    batch = batch_of(send(rows=[HEADER, *people(30)]))
    operations.make_messages(system(), batch.id, number=0)

    with django_assert_num_queries(2):
        queries.get_batch(staff(), batch.id)
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT status, count(*) FROM notify_message WHERE batch_id = %s GROUP BY 1",
            [batch.id],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "message_of_batch" in plan, plan
