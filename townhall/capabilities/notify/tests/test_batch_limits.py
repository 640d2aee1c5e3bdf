"""What batches count as, whose they are, and what keeps one from being sent after all."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any, SupportsIndex
from uuid import UUID

import pytest
import time_machine
from django.db import connection, connections, transaction
from django.utils import timezone

from townhall.capabilities.notify import errors, models, operations, records
from townhall.capabilities.notify.records import FIRST_SENDER, Channel, KeyType, Status
from townhall.capabilities.notify.rules.limits import TEXTS_ABROAD_A_DAY
from townhall.capabilities.notify.tests.bulk import (
    BULK,
    HEADER,
    batch_of,
    people,
    send,
    staff,
    system,
)
from townhall.capabilities.notify.tests.channels import make, set_to
from townhall.capabilities.notify.tests.make import (
    SENDER,
    make_actor,
    make_guest,
    make_key,
    make_limits,
    make_live,
    make_template,
)
from townhall.capabilities.notify.tests.make import send as send_one
from townhall.capabilities.notify.tests.test_sending import make_program
from townhall.capabilities.notify.tests.wire import body, post, refused
from townhall.machinery.errors import Invalid
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db

ABROAD = "+33 6 12 34 56 78"
AT_HOME = "07700 900123"


@pytest.fixture(autouse=True)
def _live(db: None) -> None:
    for sender in (SENDER, FIRST_SENDER):
        make_live(sender)


def keep(table: list[list[str]] | None = None, template_id: UUID | None = None) -> records.Batch:
    return operations.keep_list(
        staff(),
        template_id or make_template().id,
        name="a.csv",
        table=table or [HEADER, *people(2)],
        made_by="Gwen",
    )


def counted() -> dict[tuple[str, date], int]:
    return {
        (each.channel, each.day): each.count for each in models.DayCount.objects.exclude(count=0)
    }


def texts(*numbers: str) -> list[list[str]]:
    return [["phone number", "name"], *([number, "Ann"] for number in numbers)]


def test_texts_abroad_of_a_list_count_towards_their_own_limit() -> None:
    set_to("abroad", value=True)
    key, template = make_key(), make(Channel.SMS)
    today = datetime.now(UTC).date()
    asked = {"template_id": str(template.id), "rows": texts(*[ABROAD] * 600, *[AT_HOME] * 2)}

    says = f"Exceeded send limits (international_sms: {TEXTS_ABROAD_A_DAY}) for today"
    refused(send(key, **asked), 429, "TooManyRequestsError", says)
    assert counted() == {}

    make_limits(models.Sender.objects.get(name=SENDER).id, abroad=700)
    batch = batch_of(send(key, **asked))
    assert counted() == {("sms", today): 602, ("abroad", today): 600}
    operations.make_messages(system(), batch.id, number=0)
    operations.cancel_batch(staff(), batch.id)
    assert counted() == {("sms", today): 500, ("abroad", today): 500}


def test_staff_are_held_to_the_limit_of_texts_abroad_too() -> None:
    set_to("abroad", value=True)
    template = make(Channel.SMS)
    make_limits(models.Sender.objects.get(name=SENDER).id, abroad=1)
    kept = keep(texts(ABROAD, ABROAD), template.id)

    with pytest.raises(errors.DayUsedUp, match="abroad"):
        operations.start_list(staff(), kept.id)

    values = {"phone number": ABROAD, "name": "Ann"}
    operations.send_one(staff(), template.id, values=values, made_by="Gwen")
    with pytest.raises(errors.DayUsedUp, match="abroad"):
        operations.send_one(staff(), template.id, values=values, made_by="Gwen")
    at_home = values | {"phone number": AT_HOME}
    operations.send_one(staff(), template.id, values=at_home, made_by="Gwen")


def test_a_test_key_is_held_to_the_limit_abroad_and_uses_none_of_it_up() -> None:
    set_to("abroad", value=True)
    key, template_id = make_key(KeyType.TEST), str(make(Channel.SMS).id)

    most = [ABROAD] * TEXTS_ABROAD_A_DAY
    answers = [
        send(key, template_id=template_id, rows=texts(*most, *more)).status_code
        for more in ([], [ABROAD])
    ]

    assert answers == [201, 429]
    assert counted() == {}


def test_what_a_batch_has_left_counts_towards_the_day_that_it_goes_on() -> None:
    key = make_key()
    batch = batch_of(send(key, rows=[HEADER, *people(510)]))
    operations.make_messages(system(), batch.id, number=0)
    operations.pause_batch(staff(), batch.id)
    first = datetime.now(UTC).date()
    second = first + timedelta(days=1)

    with time_machine.travel(timezone.now() + timedelta(days=1)):
        make_limits(batch.sender_id, email=9)
        with pytest.raises(errors.DayUsedUp):
            operations.resume_batch(staff(), batch.id)
        assert counted() == {("email", first): 510}

        make_limits(batch.sender_id, email=10)
        for _time in "12":
            operations.resume_batch(staff(), batch.id)
        assert counted() == {("email", first): 500, ("email", second): 10}
        operations.cancel_batch(staff(), batch.id)
        assert counted() == {("email", first): 500}


def test_a_batch_that_is_resumed_on_its_own_day_counts_once() -> None:
    batch = batch_of(send(scheduled_for=(timezone.now() + timedelta(days=3)).isoformat()))
    operations.pause_batch(staff(), batch.id)
    before = counted()

    operations.resume_batch(staff(), batch.id)

    assert counted() == before


@pytest.mark.parametrize("key_type", [KeyType.TEST, KeyType.TEAM])
@pytest.mark.parametrize("verb", ["pause", "resume", "cancel"])
def test_a_key_changes_no_batch_of_another_type(key_type: KeyType, verb: str) -> None:
    live, other = make_key(), make_key(key_type, name="other")
    batch = batch_of(send(live))

    answer = post(other, {}, path=f"{BULK}/{batch.id}/{verb}")

    refused(answer, 404, "NoResultFound", "No result found")
    assert post(live, {}, path=f"{BULK}/{batch.id}/{verb}").status_code == 200


def test_no_key_changes_what_staff_send() -> None:
    key, at = make_key(), timezone.now() + timedelta(hours=2)
    kept = operations.start_list(staff(), keep().id, starts_at=at)
    values = {"email address": "ann@example.com", "name": "Ann", "day": "Monday", "items": "a"}
    single = operations.send_one(
        staff(), make_template().id, values=values, made_by="Gwen", scheduled_for=at
    )

    answers = [
        post(key, {}, path=f"{BULK}/{kept.id}/cancel"),
        post(key, {}, path=f"/v2/notifications/{single.id}/cancel"),
    ]

    for answer in answers:
        refused(answer, 404, "NoResultFound", "No result found")


def test_a_test_key_takes_back_nothing_that_a_live_key_scheduled() -> None:
    live, test = make_key(), make_key(KeyType.TEST, name="test")
    at = (timezone.now() + timedelta(hours=2)).isoformat()
    sent = post(live, body(scheduled_for=at)).json()
    path = f"/v2/notifications/{sent['id']}/cancel"

    refused(post(test, {}, path=path), 404, "NoResultFound", "No result found")
    assert post(live, {}, path=path).status_code == 200


def switch_off() -> None:
    sender = models.Sender.objects.get(name=SENDER)
    operations.choose_channels(make_actor(), sender.id, channels=[Channel.SMS])


def archive() -> None:
    models.Template.objects.update(archived_at=timezone.now())


@pytest.mark.parametrize(
    ("change", "refusal"), [(switch_off, Invalid), (archive, errors.TemplateArchived)]
)
def test_a_list_is_judged_again_when_it_is_started(
    change: Callable[[], None], refusal: type[Exception]
) -> None:
    kept = keep()
    change()

    with pytest.raises(refusal):
        operations.start_list(staff(), kept.id)

    assert counted() == {}


def test_in_trial_a_list_that_was_kept_reaches_only_who_is_a_guest_still() -> None:
    models.Sender.objects.update(went_live_at=None)
    sender = models.Sender.objects.get(name=SENDER)
    make_template()
    guests = [make_guest(sender.id, email=row[0]) for row in people(2)]
    kept = keep()
    operations.remove_guest(make_actor(), guests[1].id)

    with pytest.raises(Invalid, match=r"Row 3: .*trial"):
        operations.start_list(staff(), kept.id)

    make_guest(sender.id, email="ann2@example.com")
    assert operations.start_list(staff(), kept.id).state == "running"


def test_no_more_is_made_of_a_batch_whose_key_was_revoked() -> None:
    key = make_key()
    batch = batch_of(send(key, rows=[HEADER, *people(510)]))
    operations.make_messages(system(), batch.id, number=0)
    operations.revoke_api_key(make_actor(), key.id)

    for _time in "12":
        operations.make_messages(system(), batch.id, number=1)

    batch.refresh_from_db()
    assert (batch.state, batch.made_count) == ("paused", 500)
    assert models.Message.objects.count() == 500


def go_on_as_staff(batch_id: UUID) -> None:
    operations.resume_batch(staff(), batch_id)


def go_on_with_a_new_key(batch_id: UUID) -> None:
    assert post(make_key(name="new"), {}, path=f"{BULK}/{batch_id}/resume").status_code == 200


@pytest.mark.parametrize("go_on", [go_on_as_staff, go_on_with_a_new_key])
def test_whoever_lets_it_go_on_answers_for_it(go_on: Callable[[UUID], None]) -> None:
    key = make_key()
    batch = batch_of(send(key, scheduled_for=(timezone.now() + timedelta(hours=2)).isoformat()))
    operations.revoke_api_key(make_actor(), key.id)
    operations.pause_batch(staff(), batch.id)

    go_on(batch.id)
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        run_tasks(with_later_ones=True)

    assert models.SandboxMessage.objects.count() == 2


class Slow(list[list[str]]):
    """A list whose key is revoked while its rows are looked at."""

    def __getitem__(self, at: SupportsIndex | slice) -> Any:  # Any: a row, or rows
        models.ApiKey.objects.update(revoked_at=timezone.now())
        return super().__getitem__(at)


def test_a_key_that_is_revoked_while_its_list_is_looked_at_sends_nothing() -> None:
    program = make_program()

    with pytest.raises(errors.TokenRefused):
        operations.send_batch_for_program(
            make_actor(),
            program=program,
            template_id=make_template().id,
            name="a.csv",
            table=Slow([HEADER, *people(2)]),
        )

    assert not models.Batch.objects.exists()


def meanwhile(first: Callable[[], object], then: Callable[[], object]) -> None:
    """Do `then` on another connection while what `first` did is not committed yet."""

    def work() -> None:
        try:
            then()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as workers:
        with transaction.atomic():
            first()
            waiting = workers.submit(work)
            while not waiting.done() and not somebody_waits():
                pass
        waiting.result(timeout=10)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return cursor.fetchone() is not None


@pytest.mark.django_db(transaction=True)
def test_what_is_resumed_or_sent_again_while_old_things_go_keeps_what_it_needs() -> None:
    long_ago = timezone.now() - timedelta(days=8)
    batch = batch_of(send())
    operations.pause_batch(staff(), batch.id)
    models.Batch.objects.update(starts_at=long_ago)
    meanwhile(
        lambda: operations.resume_batch(staff(), batch.id),
        lambda: operations.wipe_messages(system()),
    )
    failed = send_one()
    models.Message.objects.update(created_at=long_ago, status=Status.TECHNICAL_FAILURE)
    meanwhile(
        lambda: operations.send_again(make_actor(), failed.id),
        lambda: operations.wipe_messages(system()),
    )

    batch.refresh_from_db()
    assert (batch.state, models.BatchChunk.objects.count()) == ("running", 1)
    kept = models.Message.objects.get(id=failed.id)
    assert (kept.status, kept.to) == (Status.CREATED, "ann@example.com")
