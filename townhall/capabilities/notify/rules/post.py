"""When a letter is likely to arrive.

It is printed on the next working day after it was handed in, or the one after that when it came
after half past five; and is at the door so many deliveries later. Royal Mail delivers second class
and what comes from abroad on weekdays, first class on Saturdays too.
https://www.royalmail.com/sending/uk and https://www.notifications.service.gov.uk/using-notify/delivery-times
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from govuk_bank_holidays.bank_holidays import BankHolidays

LONDON = ZoneInfo("Europe/London")
LAST_CALL = time(17, 30)
AT_THE_DOOR = time(16)
# Deliveries between printing and the earliest arrival.
_DELIVERIES = {"first": 1, "second": 4, "economy": 4, "europe": 4, "rest-of-world": 6}
_SATURDAY = 5


def estimate_arrival(handed_in_at: datetime, *, postage: str) -> datetime:
    """The earliest likely moment, in UTC."""
    here = handed_in_at.astimezone(LONDON)
    day = here.date() + timedelta(days=1) if here.time() >= LAST_CALL else here.date()
    day = _later(day, 1, on_saturdays=False)
    is_first = postage == "first"
    day = _later(day, _DELIVERIES.get(postage, _DELIVERIES["second"]), on_saturdays=is_first)
    return datetime.combine(day, AT_THE_DOOR, tzinfo=LONDON).astimezone(UTC)


def _later(day: date, count: int, *, on_saturdays: bool) -> date:
    while count:
        day += timedelta(days=1)
        count -= _is_working(day, on_saturdays=on_saturdays)
    return day


def _is_working(day: date, *, on_saturdays: bool) -> bool:
    return day.weekday() < _SATURDAY + on_saturdays and day not in _bank_holidays()


@cache
def _bank_holidays() -> frozenset[date]:
    known = BankHolidays(use_cached_holidays=True)  # those in the package: the network is not asked
    division = BankHolidays.ENGLAND_AND_WALES
    return frozenset(each["date"] for each in known.get_holidays(division=division))
