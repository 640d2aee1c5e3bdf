"""How the value of a dial reads in a list of settings."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from townhall.machinery.dial_values import Dial
from townhall.machinery.dials import Picture, PricedItem, Weekday
from townhall.machinery.money import Money
from townhall.machinery.pages.writing import write_date, write_money
from townhall.machinery.wording import Wording
from townhall.services.administration.forms.dials import label_of


def write_value(dial: Dial) -> str:
    """One line for each part of the value."""
    if dial.kind is Picture:
        return _("A picture") if dial.value else _("None")
    parts = dial.value if isinstance(dial.value, tuple) else (dial.value,)
    return "\n".join(_write(part) for part in parts) or _("None")


def _write(part: object) -> str:
    return next((write(part) for kind, write in _WRITERS if isinstance(part, kind)), str(part))


def _both(words: Wording) -> str:
    return "\n".join(each for each in (words.en, words.cy) if each)


def _item(item: PricedItem) -> str:
    return f"{item.name}: {write_money(item.price)}"


def _weekday(day: Weekday) -> str:
    return str(WEEKDAYS[list(Weekday).index(day)])


# The first that fits; Any: of the kind beside it.
_WRITERS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda value: _("Yes") if value else _("No")),
    (Money, write_money),
    (Wording, _both),
    (PricedItem, _item),
    (Weekday, _weekday),
    (StrEnum, label_of),
    (date, write_date),
)
