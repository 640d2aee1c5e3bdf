from datetime import UTC, date, datetime, time, timedelta

import pytest

from townhall.capabilities.bookings import rules
from townhall.capabilities.bookings.records import Division, Rule
from townhall.capabilities.bookings.tests.make import make_rule
from townhall.machinery.dials import Weekday
from townhall.machinery.errors import Invalid

ENGLAND, SCOTLAND = Division.ENGLAND_AND_WALES, Division.SCOTLAND
CHRISTMAS_EVE, CHRISTMAS_DAY = date(2026, 12, 24), date(2026, 12, 25)
BOXING_DAY_TAKEN = date(2026, 12, 28)  # the 26th is a Saturday


@pytest.mark.parametrize(
    ("day", "division", "expected"),
    [
        (date(2026, 11, 23), ENGLAND, True),
        (date(2026, 11, 28), ENGLAND, False),
        (date(2026, 11, 29), ENGLAND, False),
        (CHRISTMAS_DAY, ENGLAND, False),
        (BOXING_DAY_TAKEN, ENGLAND, False),
        (date(2026, 11, 30), ENGLAND, True),
        (date(2026, 11, 30), SCOTLAND, False),  # St Andrew's Day
        (date(2027, 7, 12), "northern-ireland", False),  # Battle of the Boyne
        (date(2027, 7, 12), "england-and-wales", True),
    ],
)
def test_a_working_day_is_no_weekend_and_no_bank_holiday_there(
    day: date, division: str, expected: bool
) -> None:
    assert rules.is_working_day(day, division=division) is expected


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        (date(2026, 11, 25), 2, date(2026, 11, 23)),
        (date(2026, 11, 25), 0, date(2026, 11, 25)),
        (date(2026, 11, 23), 2, date(2026, 11, 19)),
        (date(2026, 11, 22), 1, date(2026, 11, 20)),  # counted from a Sunday
        (date(2026, 12, 29), 1, CHRISTMAS_EVE),  # past a bank holiday, a weekend and another
        (date(2026, 12, 29), 2, date(2026, 12, 23)),
    ],
)
def test_working_days_are_counted_back_over_days_off(day: date, days: int, expected: date) -> None:
    assert rules.working_days_before(day, days, division=ENGLAND) == expected


def test_a_division_that_is_none_is_refused() -> None:
    with pytest.raises(Invalid):
        rules.is_working_day(CHRISTMAS_EVE, division="atlantis")


def test_bank_holidays_are_known_for_the_coming_year() -> None:
    assert rules.bank_holidays_known_until() > datetime.now(UTC).date() + timedelta(days=300)


def test_a_rule_opens_on_its_weekdays_but_bank_holidays_and_closed_days() -> None:
    rule = make_rule(
        weekdays=(Weekday.THURSDAY, Weekday.FRIDAY, Weekday.SATURDAY),
        closed_on=(date(2026, 12, 18),),
    )

    hours = rules.opening_hours(rule, first_on=date(2026, 12, 14), last_on=date(2026, 12, 27))

    assert list(hours) == [
        date(2026, 12, 17),
        date(2026, 12, 19),
        CHRISTMAS_EVE,
        date(2026, 12, 26),
    ]


@pytest.mark.parametrize(
    ("day", "opens", "closes"),
    [
        (date(2027, 3, 27), 7, 17),
        (date(2027, 3, 28), 6, 16),
        (date(2027, 10, 30), 6, 16),
        (date(2027, 10, 31), 7, 17),
    ],
)
def test_a_slot_begins_by_the_clock_on_the_wall_in_summer_and_in_winter(
    day: date, opens: int, closes: int
) -> None:
    rule = make_rule(weekdays=tuple(Weekday), opens=time(7), closes=time(17))

    hours = rules.opening_hours(rule, first_on=day, last_on=day)

    assert hours[day].starts_at == datetime.combine(day, time(opens), tzinfo=UTC)
    assert hours[day].ends_at == datetime.combine(day, time(closes), tzinfo=UTC)


def test_hours_that_the_clocks_skip_leave_no_slot_that_day() -> None:
    rule = make_rule(weekdays=(Weekday.SUNDAY,), opens=time(1, 30), closes=time(2, 15))

    hours = rules.opening_hours(rule, first_on=date(2027, 3, 21), last_on=date(2027, 3, 28))

    assert list(hours) == [date(2027, 3, 21)]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2027, 6, 1, 22, 59, tzinfo=UTC), date(2027, 6, 1)),
        (datetime(2027, 6, 1, 23, 0, tzinfo=UTC), date(2027, 6, 2)),
        (datetime(2027, 1, 1, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_a_moment_belongs_to_the_day_it_is_in_london(moment: datetime, day: date) -> None:
    assert rules.local_day(moment) == day


@pytest.mark.parametrize(
    "rule",
    [
        make_rule(opens=time(17), closes=time(7)),
        make_rule(capacity=-1),
        make_rule(capacity=100_000),
        make_rule(division="atlantis"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(rule: Rule) -> None:
    with pytest.raises(Invalid):
        rules.opening_hours(rule, first_on=date(2027, 1, 4), last_on=date(2027, 1, 4))


@pytest.mark.parametrize("last_on", [date(2026, 12, 31), date(2036, 1, 1)])
def test_days_that_make_no_sense_are_refused(last_on: date) -> None:
    with pytest.raises(Invalid):
        rules.opening_hours(make_rule(), first_on=date(2027, 1, 1), last_on=last_on)
