"""Working days and opening hours: which days count, and when a slot begins and ends."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from govuk_bank_holidays.bank_holidays import BankHolidays

from townhall.capabilities.bookings.records import Division, Rule
from townhall.machinery.dials import Weekday
from townhall.machinery.errors import Invalid

LONDON = ZoneInfo("Europe/London")
WEEK = tuple(Weekday)  # from Monday, as date.weekday() counts
MOST_PLACES = 10_000
MOST_DAYS = 1_100
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """From when until when a slot is, in UTC."""

    starts_at: datetime
    ends_at: datetime


def is_working_day(day: date, *, division: str) -> bool:
    """Whether it is a day from Monday to Friday and no bank holiday there."""
    return day.weekday() < 5 and not is_bank_holiday(day, division=division)


def working_days_before(day: date, days: int, *, division: str) -> date:
    """The working day that is so many working days before a day, which need not be one itself."""
    while days > 0:
        day -= ONE_DAY
        days -= is_working_day(day, division=division)
    return day


def is_bank_holiday(day: date, *, division: str) -> bool:
    """Whether it is a bank holiday there. Raises Invalid for a division that is none."""
    return day in _bank_holidays(division)


def bank_holidays_known_until() -> date:
    """The last bank holiday we know of; after it every day looks like an ordinary one."""
    return min(max(_bank_holidays(division)) for division in Division)


def opening_hours(rule: Rule, *, first_on: date, last_on: date) -> dict[date, Hours]:
    """The hours of each day on which a rule has a slot. Raises Invalid if the rule makes no sense.

    A day is left out if the clocks going forward leave nothing of its hours.
    """
    _check(rule, first_on, last_on)
    days = (first_on + n * ONE_DAY for n in range((last_on - first_on).days + 1))
    hours = {day: _hours(rule, day) for day in days if _is_open(rule, day)}
    return {day: each for day, each in hours.items() if each.starts_at < each.ends_at}


def local_day(moment: datetime) -> date:
    """The day it is in London at this moment."""
    return moment.astimezone(LONDON).date()


def midnight(day: date) -> datetime:
    """When the day begins in London, in UTC."""
    return _on(day, time())


def _check(rule: Rule, first_on: date, last_on: date) -> None:
    if not rule.opens < rule.closes:
        raise Invalid(_("The closing time must be later than the opening time."))
    if not 0 <= rule.capacity <= MOST_PLACES:
        raise Invalid(_("Places must be between 0 and %(most)s.") % {"most": MOST_PLACES})
    if not 0 <= (last_on - first_on).days < MOST_DAYS:
        raise Invalid(_("The last day must follow the first, by no more than three years."))


def _is_open(rule: Rule, day: date) -> bool:
    return (
        WEEK[day.weekday()] in rule.weekdays
        and day not in rule.closed_on
        and not is_bank_holiday(day, division=rule.division)
    )


def _hours(rule: Rule, day: date) -> Hours:
    return Hours(_on(day, rule.opens), _on(day, rule.closes))


def _on(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=LONDON).astimezone(UTC)


@cache
def _bank_holidays(division: str) -> frozenset[date]:
    if division not in list(Division):
        raise Invalid(_("The bank holidays must be those of a part of the UK."))
    known = BankHolidays(use_cached_holidays=True)  # those in the package: the network is not asked
    return frozenset(each["date"] for each in known.get_holidays(division=division))
