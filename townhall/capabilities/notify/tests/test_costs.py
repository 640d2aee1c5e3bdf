"""What messages cost, and when letters arrive: by the book, and as the API says it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from townhall.capabilities.notify import models, operations, permissions, queries, records
from townhall.capabilities.notify.records import Channel, KeyType
from townhall.capabilities.notify.rendering.prices import write_price
from townhall.capabilities.notify.rules.costs import cost_of, tariff_on, to_money, zone_of_number
from townhall.capabilities.notify.rules.post import estimate_arrival
from townhall.capabilities.notify.tests import channels, wire
from townhall.capabilities.notify.tests.make import make_actor, make_key, make_setter, set_tariff
from townhall.machinery.errors import Invalid, NotAllowed
from townhall.machinery.money import Money
from townhall.machinery.testing import run_tasks

EMAIL, SMS, LETTER = Channel.EMAIL, Channel.SMS, Channel.LETTER
TARIFF = records.Tariff(
    id=UUID(int=1),
    begins_on=date(2026, 11, 1),
    email=5,
    text=233,
    europe_times=3,
    world_times=5,
    sheet=600,
    letters={"first": 15_500, "second": 6_800, "rest-of-world": 19_600},
)


@pytest.mark.parametrize(
    ("channel", "given", "hundredths", "units", "times"),
    [
        (EMAIL, {}, 5, 0, 1),
        (SMS, {"pages_or_fragments": 1}, 233, 1, 1),
        (SMS, {"pages_or_fragments": 3}, 699, 3, 1),
        (SMS, {"pages_or_fragments": 2, "zone": "europe"}, 1398, 2, 3),
        (SMS, {"pages_or_fragments": 1, "zone": "rest-of-world"}, 1165, 1, 5),
        (LETTER, {"pages_or_fragments": 1, "postage": "first"}, 15_500, 1, 1),
        (LETTER, {"pages_or_fragments": 2, "postage": "second"}, 6_800, 1, 1),
        (LETTER, {"pages_or_fragments": 5, "postage": "second"}, 8_000, 3, 1),
        (LETTER, {"pages_or_fragments": 1, "postage": "rest-of-world"}, 19_600, 1, 1),
        (SMS, {"pages_or_fragments": 3, "key_type": KeyType.TEST}, 0, 3, 1),
        (SMS, {"pages_or_fragments": 3, "is_handed_over": False}, 0, 3, 1),
    ],
)
def test_a_message_costs_what_the_tariff_says(
    channel: Channel, given: dict[str, object], hundredths: int, units: int, times: int
) -> None:
    usual: dict[str, object] = {"key_type": KeyType.LIVE, "pages_or_fragments": 0, "postage": ""}
    usual |= {"zone": "", "is_handed_over": True, "is_finished": True}

    cost = cost_of(TARIFF, channel, **usual | given)  # type: ignore[arg-type]  # as given

    assert (cost.hundredths, cost.units, cost.times) == (hundredths, units, times)
    assert cost.is_ready


def test_a_cost_is_not_ready_before_the_supplier_has_the_message() -> None:
    waiting = {"pages_or_fragments": 1, "postage": "", "zone": "", "key_type": KeyType.LIVE}

    cost = cost_of(TARIFF, SMS, **waiting, is_handed_over=False, is_finished=False)  # type: ignore[arg-type]

    assert (cost.hundredths, cost.is_ready, cost.units) == (0, False, 1)


@pytest.mark.parametrize(
    ("day", "begins_on"),
    [
        (date(2026, 10, 31), None),
        (date(2026, 11, 1), date(2026, 11, 1)),
        (date(2026, 11, 30), date(2026, 11, 1)),
        (date(2026, 12, 1), date(2026, 12, 1)),
    ],
)
def test_the_tariff_of_a_day_is_the_last_that_has_begun(day: date, begins_on: date | None) -> None:
    tariffs = [replace(TARIFF, begins_on=date(2026, 12, 1)), TARIFF]

    found = tariff_on(tariffs, day)

    assert (found.begins_on if found else None) == begins_on


@pytest.mark.parametrize(
    ("number", "zone"),
    [
        ("447700900123", ""),
        ("447797712345", ""),  # Jersey
        ("33612345678", "europe"),
        ("353850123456", "europe"),
        ("12015550123", "rest-of-world"),
        ("61412345678", "rest-of-world"),
        ("", ""),
    ],
)
def test_a_text_abroad_is_of_a_zone(number: str, zone: str) -> None:
    assert zone_of_number(number) == zone


@pytest.mark.parametrize(
    ("hundredths", "reads", "money"),
    [(233, "2.33p", 2), (5, "0.05p", 0), (50, "0.50p", 1), (15_500, "£1.55", 155), (0, "0p", 0)],
)
def test_a_price_is_exact_and_a_sum_is_of_whole_pence(
    hundredths: int, reads: str, money: int
) -> None:
    assert (write_price(hundredths), to_money(hundredths)) == (reads, Money(money))


@pytest.mark.parametrize(
    ("handed_in", "postage", "arrives"),
    [
        ("2026-11-23T10:00", "first", "2026-11-25T16:00"),  # a Monday
        ("2026-11-23T17:30", "first", "2026-11-26T16:00"),  # after the last call
        ("2026-11-23T10:00", "second", "2026-11-30T16:00"),  # not on a Saturday
        ("2026-11-26T10:00", "first", "2026-11-28T16:00"),  # which first class is
        ("2026-12-24T10:00", "first", "2026-12-30T16:00"),  # over Christmas
        ("2026-07-06T10:00", "second", "2026-07-13T15:00"),  # in summer, 16:00 in London
        ("2026-11-23T10:00", "europe", "2026-11-30T16:00"),
        ("2026-11-23T10:00", "rest-of-world", "2026-12-02T16:00"),
    ],
)
def test_a_letter_arrives_some_working_days_later(
    handed_in: str, postage: str, arrives: str
) -> None:
    moment = datetime.fromisoformat(handed_in).replace(tzinfo=UTC)

    assert estimate_arrival(moment, postage=postage).isoformat() == f"{arrives}:00+00:00"


@pytest.mark.django_db
def test_a_program_is_told_what_its_messages_cost() -> None:
    set_tariff()
    key, test_key = make_key(), make_key(KeyType.TEST, name="test")
    sent = wire.post(key, channels.text(), path=channels.SMS).json()
    paper = wire.post(key, channels.letter(), path=channels.LETTER).json()
    pretended = wire.post(
        test_key, channels.text(template_id=sent["template"]["id"]), path=channels.SMS
    ).json()
    before = wire.get(key, f"/v2/notifications/{sent['id']}").json()
    run_tasks()

    text, letter = (
        wire.get(key, f"/v2/notifications/{each['id']}").json() for each in (sent, paper)
    )
    free = wire.get(test_key, f"/v2/notifications/{pretended['id']}").json()
    listed = wire.get(key, "/v2/notifications").json()["notifications"]

    assert (before["cost_in_pounds"], before["is_cost_data_ready"]) == (0.0, False)
    assert (text["cost_in_pounds"], text["is_cost_data_ready"]) == (0.0233, True)
    assert text["cost_details"] == {
        "billable_sms_fragments": 1,
        "international_rate_multiplier": 1.0,
        "sms_rate": 0.0233,
    }
    assert letter["cost_in_pounds"] == 0.68
    assert letter["cost_details"] == {"billable_sheets_of_paper": 1, "postage": "second"}
    assert letter["estimated_delivery"].endswith(":00:00.000000Z")
    assert (free["cost_in_pounds"], free["is_cost_data_ready"]) == (0.0, True)
    assert [each["cost_in_pounds"] for each in listed] == [0.68, 0.0233]


@pytest.mark.django_db
def test_a_text_abroad_costs_so_many_times_as_much() -> None:
    set_tariff()
    channels.set_to("abroad", value=True)
    key = make_key()
    sent = wire.post(key, channels.text(phone_number="+33612345678"), path=channels.SMS).json()
    run_tasks()

    text = wire.get(key, f"/v2/notifications/{sent['id']}").json()

    assert text["cost_in_pounds"] == 0.0699
    assert text["cost_details"]["international_rate_multiplier"] == 3.0


@pytest.mark.django_db
def test_a_tariff_begins_this_month_or_later_and_the_same_day_once() -> None:
    first_of_month = timezone.localdate().replace(day=1)

    set_tariff(begins_on=first_of_month)
    set_tariff(begins_on=first_of_month, text=300)
    with pytest.raises(Invalid, match="of this month or later"):
        set_tariff(begins_on=first_of_month - timedelta(days=1))

    assert [each.text for each in queries.list_tariffs(make_setter())] == [300]


@pytest.mark.django_db
def test_only_those_who_set_dials_say_what_messages_cost() -> None:
    with pytest.raises(NotAllowed):
        queries.list_tariffs(make_actor(permissions.SEE_FIGURES))
    with pytest.raises(NotAllowed):
        set_tariff(make_actor())

    assert not models.Tariff.objects.exists()
    assert operations.set_tariff.permission == "dials.set"  # type: ignore[attr-defined]  # the door's
