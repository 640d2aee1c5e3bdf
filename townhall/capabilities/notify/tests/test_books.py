"""What a process knows of a sender is never out of date, and never more is sent than may be."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from townhall.capabilities.notify import models, operations, records
from townhall.capabilities.notify.errors import DayUsedUp
from townhall.capabilities.notify.models.allowances import Leases
from townhall.capabilities.notify.operations.reach import count_each
from townhall.capabilities.notify.records import Channel
from townhall.capabilities.notify.tests.bulk import send as send_list
from townhall.capabilities.notify.tests.channels import ready_letter, send_ready
from townhall.capabilities.notify.tests.make import (
    SENDER,
    make_actor,
    make_key,
    make_limits,
    make_live,
    make_template,
)
from townhall.capabilities.notify.tests.wire import body, post
from townhall.machinery.wording import Wording

pytestmark = pytest.mark.django_db


def generation() -> int:
    return models.Sender.objects.get(name=SENDER).generation


def edit() -> None:
    template = make_template()
    operations.edit_template(
        make_actor(),
        template.id,
        subject=Wording("New"),
        body=Wording("New words"),
        seen_version=template.version,
    )


def add_reply_to() -> None:
    operations.add_origin(
        make_actor(), sender=SENDER, channel=Channel.EMAIL, words="new@barset.example"
    )


def rename() -> None:
    models.Sender.objects.filter(name=SENDER).update(name="waste")


CHANGES: list[Callable[[], object]] = [
    edit,
    add_reply_to,
    lambda: make_key(name="second"),
    lambda: models.Origin.objects.all().delete(),
    lambda: models.ApiKey.objects.all().delete(),
    lambda: operations.revoke_api_key(make_actor(), models.ApiKey.objects.get().id),
]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_a_sender_counts_its_generation_up(change: Callable[[], object]) -> None:
    make_template()
    make_key()
    models.Origin.objects.create(
        sender=models.Sender.objects.get(), channel=Channel.EMAIL, words="a@barset.example"
    )
    before = generation()

    change()

    assert generation() > before


def test_so_does_a_new_name() -> None:
    make_template()
    before = generation()

    rename()

    assert models.Sender.objects.get(name="waste").generation > before


def test_using_a_key_does_not() -> None:
    key, values = make_key(), body()
    before = generation()

    assert post(key, values).status_code == 201
    assert models.ApiKey.objects.get().last_used_on is not None
    assert generation() == before


def test_the_newest_words_are_sent_and_the_usual_address_is_told() -> None:
    key, values = make_key(), body()
    post(key, values)
    edit()
    add_reply_to()

    sent = post(key, values).json()

    assert (sent["content"]["body"], sent["template"]["version"]) == ("New words", 2)
    assert models.Message.objects.get(id=sent["id"]).origin == "new@barset.example"


def test_a_template_that_was_not_there_is() -> None:
    key, unknown = make_key(), str(UUID(int=5))
    assert post(key, body(template_id=unknown)).status_code == 400
    models.Template.objects.filter(name="collection-booked").delete()

    assert post(key, body()).status_code == 201


def test_a_key_is_good_for_nothing_once_revoked() -> None:
    key, values = make_key(), body()
    post(key, values)
    models.ApiKey.objects.update(revoked_at="2026-01-01T00:00Z")

    answer = post(key, values)

    assert answer.status_code == 403
    assert answer.json()["errors"][0]["message"] == "Invalid token: API key revoked"
    assert models.Message.objects.count() == 1


def test_a_new_key_is_good_at_once() -> None:
    post(make_key(), body())

    assert post(make_key(name="second"), body()).status_code == 201


def test_nothing_is_asked_twice() -> None:
    key, values = make_key(), body()
    post(key, values)

    with CaptureQueriesContext(connection) as asked:
        post(key, values)

    tables = ("notify_apikey", "notify_template", "notify_origin")
    assert not [each for each in asked if any(f'FROM "{name}' in each["sql"] for name in tables)]


def test_that_a_key_is_used_is_written_once_a_day_for_batches_too() -> None:
    key = make_key()
    send_list(key)

    with CaptureQueriesContext(connection) as asked:
        assert send_list(key).status_code == 201

    assert not [each for each in asked if 'UPDATE "notify_apikey"' in each["sql"]]


@pytest.mark.django_db(transaction=True)
def test_exactly_so_many_are_given_out_and_few_are_asked_for() -> None:
    make_template()
    sender_id = models.Sender.objects.get().id

    def take() -> bool:
        return models.DayCount.take_one(sender_id, "email", most=1_000)

    with CaptureQueriesContext(connection) as asked:
        taken = [take() for _each in range(1_010)]

    assert taken == [True] * 1_000 + [False] * 10
    assert len(asked) < 300
    assert models.DayCount.objects.get().count == 1_000


@pytest.mark.django_db(transaction=True)
def test_one_given_back_is_there_for_the_next() -> None:
    make_template()
    sender_id = models.Sender.objects.get().id
    taken = [models.DayCount.take_one(sender_id, "sms", most=2) for _each in range(3)]

    models.DayCount.put_back(sender_id, "sms", most=2)

    assert taken == [True, True, False]
    assert models.DayCount.take_one(sender_id, "sms", most=2)
    assert not models.DayCount.take_one(sender_id, "sms", most=2)


@pytest.mark.django_db(transaction=True)
def test_what_was_granted_long_ago_is_not_given_out() -> None:
    leases, granted = Leases(seconds=-1), []

    def grant(at_once: int) -> int:
        granted.append(at_once)
        return 3

    assert leases.take("thing", grant)
    assert leases.take("thing", grant)
    assert len(granted) == 2


def test_a_book_says_what_a_key_was_last_used_for() -> None:
    key = make_key()
    post(key, body())

    book = models.Book.of(UUID(key.text[-73:-37]))

    assert book is not None
    assert book.keys[0].last_used_on is not None
    assert book.keys[0].key_type == records.KeyType.LIVE


@pytest.mark.django_db(transaction=True)
def test_what_is_decided_again_is_counted_once() -> None:
    """Or each change of a sender would cost every process one of the day's messages."""
    key, values = make_key(), body()
    make_live()
    make_limits(models.Sender.objects.get().id, email=3)
    answers = []

    for _each in range(4):
        answers.append(post(key, values).status_code)
        edit()

    assert answers == [201, 201, 201, 429]


@pytest.mark.django_db(transaction=True)
def test_what_one_limit_refuses_uses_up_none_of_the_other() -> None:
    make_template()
    sender = models.Sender.objects.get()
    standing = replace(sender.standing(), most_a_day={"sms": 0, records.ABROAD: 1})
    program = records.Program(
        key_id=UUID(int=1),
        sender_id=sender.id,
        name="till",
        key_type=records.KeyType.LIVE,
        last_used_on=None,
        may_edit_templates=False,
        standing=standing,
    )

    with pytest.raises(DayUsedUp):
        count_each(program, [records.ABROAD, "sms"])

    count_each(program, [records.ABROAD])()
    count_each(program, [records.ABROAD])


def test_a_letter_that_came_ready_is_decided_by_what_holds_now() -> None:
    key = make_key()
    assert send_ready(key, ready_letter()).status_code == 201
    for channels_off, status in ((["letter"], 400), ([], 201)):
        models.Sender.objects.filter(name=SENDER).update(channels_off=channels_off)

        assert send_ready(key, ready_letter()).status_code == status
