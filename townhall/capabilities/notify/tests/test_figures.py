"""Counting what was sent: once, again, and after the messages are gone."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from townhall.capabilities.notify import models, operations, permissions, queries, records
from townhall.capabilities.notify.errors import NoSuchSender
from townhall.capabilities.notify.operations.counting import STILL_CHANGING_DAYS
from townhall.capabilities.notify.records import Channel, KeyType, Receipt, Status
from townhall.capabilities.notify.tests.make import (
    ELSEWHERE,
    SENDER,
    make_actor,
    make_setter,
    make_template,
    send,
    set_tariff,
)
from townhall.machinery.errors import Invalid, NotAllowed
from townhall.machinery.money import Money
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db


def ago(days: int) -> datetime:
    """Midday so many days ago, however late it is today."""
    day = timezone.localdate() - timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(12)))


def make_messages(days: int, *statuses: Status, **changes: object) -> list[UUID]:
    """Messages of the usual template, of so many days ago."""
    template = make_template()
    moment = ago(days)
    usual: dict[str, object] = {
        "organisation_id": make_actor().organisation_id,
        "template_id": template.id,
        "template_version": 1,
        "to": "ann@example.com",
        "body": "Hello",
        "created_at": moment,
        "sent_at": moment,
    }
    made = [models.Message(**usual | {"status": each} | changes) for each in statuses]
    return [each.id for each in models.Message.objects.bulk_create(made)]


def set_tariff_long_ago() -> None:
    set_tariff()
    models.Tariff.objects.update(begins_on=timezone.localdate() - timedelta(days=90))


def figures(days: int = 7, **changes: object) -> records.Figures:
    today = timezone.localdate()
    first_on = today - timedelta(days=days - 1)
    found: dict[str, object] = {"first_on": first_on, "last_on": today} | changes
    return queries.get_figures(make_actor(), **found)  # type: ignore[arg-type]  # as given


def counts(found: records.Figures) -> tuple[int, int, int, int]:
    totals = found.totals
    return totals.waiting, totals.sent, totals.delivered, totals.failed


def by_day(found: Iterable[records.DayFigures]) -> dict[date, int]:
    return {each.day: each.totals.all for each in found if each.totals.all}


def test_figures_are_the_same_before_and_after_a_day_is_counted() -> None:
    make_messages(0, Status.CREATED, Status.SENDING)
    make_messages(1, Status.DELIVERED, Status.PERMANENT_FAILURE)
    make_messages(3, Status.SENDING, channel=Channel.SMS, units=2)
    before = figures()

    operations.count_days(make_actor())

    after = figures()
    today = timezone.localdate()
    assert counts(before) == (1, 2, 1, 1)
    assert before == after
    assert by_day(after.days) == {
        today - timedelta(days=3): 1,
        today - timedelta(days=1): 2,
        today: 2,
    }
    assert len(after.days) == 7
    assert models.Tally.objects.count() == 3


def test_counting_twice_counts_once() -> None:
    make_messages(1, Status.SENDING, Status.SENDING)

    tallies = {operations.count_days(make_actor()) for _time in range(3)}

    assert tallies == {1}
    assert models.Tally.objects.get().count == 2


def test_a_late_receipt_is_counted_the_next_night() -> None:
    [message_id] = make_messages(20, Status.SENDING)
    operations.count_days(make_actor())

    receipt = Receipt(status=Status.DELIVERED, cause="")
    operations.take_receipt(make_actor(), message_id, receipt=receipt)
    operations.count_days(make_actor())

    assert counts(figures(30)) == (0, 0, 1, 0)


def test_days_that_were_never_counted_are_however_old_they_are() -> None:
    make_messages(60, Status.SENDING)

    operations.count_days(make_actor())
    make_messages(45, Status.SENDING)
    operations.count_days(make_actor())

    assert counts(figures(90)) == (0, 2, 0, 0)


def test_counts_outlive_the_messages() -> None:
    make_messages(90, Status.DELIVERED, Status.SENDING)
    make_messages(40, Status.SENDING)
    make_messages(0, Status.SENDING)
    for _night in range(2):
        operations.wipe_old_messages()

    wiped_long_ago = timezone.now() - timedelta(days=STILL_CHANGING_DAYS, minutes=1)
    models.Message.objects.exclude(wiped_at=None).update(wiped_at=wiped_long_ago)
    for _night in range(2):
        operations.wipe_old_messages()

    assert models.Message.objects.count() == 1
    assert counts(figures(100)) == (0, 3, 1, 0)


def test_a_row_that_may_still_change_stays() -> None:
    make_messages(40, Status.SENDING)

    operations.wipe_old_messages()
    operations.wipe_old_messages()

    assert models.Message.objects.get().wiped_at is not None


def test_what_wiping_leaves_names_nobody() -> None:
    message = send(reference="of Ann")
    models.Message.objects.update(status=Status.SENDING, created_at=ago(8))

    operations.wipe_messages(make_actor())

    left = models.Message.objects.get(id=message.id)
    personal = {"to", "origin", "subject", "body", "reference", "unsubscribe_url"}
    assert {getattr(left, name) for name in personal} == {""}
    assert (left.person_id, left.personalisation, left.attachments) == (None, {}, [])


def test_each_sender_keeps_its_messages_for_as_long_as_it_says() -> None:
    make_messages(20, Status.SENDING)
    other = models.Sender.named(make_actor(), "other")
    make_messages(20, Status.SENDING, sender_id=other.id)
    make_messages(20, Status.SENDING, template_id=None, template_version=None)
    sender = models.Sender.objects.get(name=SENDER)

    operations.set_retention(make_setter(), sender.id, days=30)
    operations.set_retention(make_setter(), other.id, days=15)
    first = operations.wipe_messages(make_actor())
    operations.set_retention(make_setter(), sender.id, days=None)
    then = operations.wipe_messages(make_actor())

    assert (first, then) == (2, 1)


@pytest.mark.parametrize("days", [2, 366])
def test_a_sender_keeps_messages_no_shorter_and_no_longer_than_is_safe(days: int) -> None:
    sender = models.Sender.named(make_actor(), SENDER)

    with pytest.raises(Invalid, match="Enter a number from 3 to 365"):
        operations.set_retention(make_setter(), sender.id, days=days)


def test_test_keys_are_counted_apart_and_cost_nothing() -> None:
    set_tariff_long_ago()
    make_messages(1, Status.DELIVERED, channel=Channel.SMS, units=1, key_type=KeyType.TEST)
    make_messages(1, Status.DELIVERED, channel=Channel.SMS, units=2)
    make_messages(1, Status.TECHNICAL_FAILURE, channel=Channel.SMS, units=2, sent_at=None)
    operations.count_days(make_actor())

    found = figures()

    assert (found.tests, found.totals.all) == (1, 2)
    assert [(each.channel, each.units) for each in found.channels if each.totals.all] == [
        (Channel.SMS, 4)
    ]
    assert found.cost == Money(5)  # two fragments of 2.33p


def test_new_prices_of_this_month_change_what_its_days_cost() -> None:
    today = timezone.localdate()
    make_messages(1, Status.SENDING)
    operations.count_days(make_actor())

    set_tariff(begins_on=today.replace(day=1), email=500)
    run_tasks()

    is_this_month = (today - timedelta(days=1)).month == today.month
    assert figures().cost == Money(5 if is_this_month else 0)


def test_a_month_that_is_over_keeps_what_it_cost() -> None:
    set_tariff_long_ago()
    make_messages(60, Status.SENDING, channel=Channel.LETTER, units=1, postage="second")
    operations.count_days(make_actor())

    set_tariff(letters=dict.fromkeys(models.POSTAGES, 1))
    run_tasks()
    operations.count_days(make_actor())

    assert figures(90).cost == Money(68)


def test_figures_are_of_one_sender_too() -> None:
    make_messages(1, Status.SENDING)
    other = models.Sender.named(make_actor(), "other")
    make_messages(1, Status.SENDING, Status.SENDING, sender_id=other.id)
    make_messages(0, Status.TEMPORARY_FAILURE, sender_id=other.id)
    operations.count_days(make_actor())

    found = figures(sender_id=other.id)

    assert counts(found) == (0, 2, 0, 1)
    assert found.failed_today == 1
    assert figures().totals.all == 4


def test_the_templates_used_most_come_first() -> None:
    make_messages(1, Status.SENDING, Status.PERMANENT_FAILURE)
    make_messages(0, Status.SENDING)
    operations.count_days(make_actor())

    [template] = figures().templates

    assert (template.title, template.totals.all) == ("Collection booked", 3)
    assert template.totals.failed == 1


def test_suppliers_that_do_not_take_messages_are_named() -> None:
    message = send()
    operations.put_off(make_actor(), message.id, attempts=0, words="busy (421)")

    [fault] = figures().faults

    assert (fault.supplier, fault.words, fault.count) == ("sandbox", "busy (421)", 1)


def test_figures_cost_a_few_statements_however_much_was_sent(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for days in range(5):
        make_messages(days, *[Status.SENDING] * 30, Status.PERMANENT_FAILURE)
    operations.count_days(make_actor())

    with django_assert_num_queries(7):
        figures()


def test_no_send_and_no_receipt_touches_the_tallies() -> None:
    operations.count_days(make_actor())
    message = send()
    run_tasks()
    receipt = Receipt(status=Status.DELIVERED, cause="")
    operations.take_receipt(make_actor(), message.id, receipt=receipt)

    assert not models.Tally.objects.exists()
    assert counts(figures()) == (0, 0, 1, 0)


def test_another_organisation_sees_none_of_it() -> None:
    make_messages(1, Status.SENDING)
    sender_id = models.Sender.objects.get().id
    operations.count_days(make_actor())
    elsewhere = make_actor(organisation_id=ELSEWHERE.id)
    today = timezone.localdate()

    found = queries.get_figures(elsewhere, first_on=today - timedelta(days=6), last_on=today)

    assert found.totals.all == 0
    with pytest.raises(NoSuchSender):
        queries.get_sender_line(elsewhere, sender_id)
    with pytest.raises(NoSuchSender):
        operations.set_retention(make_setter(organisation_id=ELSEWHERE.id), sender_id, days=9)


def test_figures_need_the_permission() -> None:
    reader, today = make_actor(permissions.READ_MESSAGES), timezone.localdate()

    with pytest.raises(NotAllowed):
        queries.get_figures(reader, first_on=today, last_on=today)
    with pytest.raises(NotAllowed):
        queries.list_sender_lines(reader)
    for night_work in (operations.count_days, operations.remove_wiped):
        with pytest.raises(NotAllowed):
            night_work(reader)


def test_a_past_can_be_invented_for_the_demo() -> None:
    template = make_template()

    made = operations.invent_messages(make_actor(), template_ids=[template.id], weeks=5)

    assert figures(40).totals.all == made
    assert figures(40).cost.minor > 0
    with pytest.raises(NotAllowed):
        operations.invent_messages(
            make_actor(permissions.SEND), template_ids=[template.id], weeks=1
        )
