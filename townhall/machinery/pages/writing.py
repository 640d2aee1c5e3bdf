"""How money, dates and times read on a page or in a message, in the language of the moment."""

from datetime import date, datetime, time
from unicodedata import category

from babel.numbers import get_currency_symbol
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from townhall.machinery.money import Money


def write_money(money: Money) -> str:
    """£1,234.50, £12 for a whole sum, and 1.250 KWD where there is no sign for it."""
    units = abs(money.units)
    amount = f"{units:,.0f}" if units == int(units) else f"{units:,}"
    sign = "−" if money.minor < 0 else ""
    symbol = symbol_of(money.currency)
    return f"{sign}{symbol}{amount}" if symbol else f"{sign}{amount} {money.currency}"


def symbol_of(currency: str) -> str:
    """As people in Britain tell currencies apart: £, €, US$; "" for one that has letters only."""
    symbol = get_currency_symbol(currency, "en_GB")
    return symbol if any(category(each) == "Sc" for each in symbol) else ""


def write_weekday(day: date) -> str:
    """Monday 23 November 2026."""
    return format_date(_day_here(day), "l j F Y")


def write_date(day: date) -> str:
    """23 November 2026."""
    return format_date(_day_here(day), "j F Y")


def write_short_date(day: date) -> str:
    """23 Nov 2026, for tables."""
    return format_date(_day_here(day), "j M Y")


def write_month(day: date) -> str:
    """November 2026."""
    return format_date(_day_here(day), "F Y")


def write_time(moment: datetime | time) -> str:
    """9am, 10:30am, midday, midnight."""
    here = _here(moment) if isinstance(moment, datetime) else moment
    if here.minute == 0 and here.hour in (0, 12):
        return _("midday") if here.hour else _("midnight")
    hour = here.hour % 12 or 12
    half = pgettext("after noon", "pm") if here.hour >= 12 else pgettext("before noon", "am")
    return f"{hour}:{here.minute:02}{half}" if here.minute else f"{hour}{half}"


def write_moment(moment: datetime) -> str:
    """23 November 2026 at 10:30am."""
    return _("%(day)s at %(time)s") % {"day": write_date(moment), "time": write_time(moment)}


def _day_here(value: date) -> date:
    """The day that a moment falls on here; a plain date as it is."""
    return _here(value).date() if isinstance(value, datetime) else value


def _here(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment
