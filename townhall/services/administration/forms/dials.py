"""A dial whose value is one answer."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from townhall.machinery.dial_values import Dial
from townhall.machinery.dials import Colour, Weekday, find_owner
from townhall.machinery.money import Money
from townhall.machinery.pages.fields import Choice, Choices, LongText, MoneyAmount, Number, Text
from townhall.machinery.pages.forms import Form
from townhall.machinery.pages.writing import write_money
from townhall.machinery.wording import Wording
from townhall.services.administration.forms.fields import ColourCode, Dates, Lines, Words

YES, NO = "yes", "no"
About = dict[str, Any]  # Any: what the fields of machinery.pages take, each for itself
LONGEST, LONG = 5000, 100  # characters: at most; and from where a box has several lines


class DialForm(Form):
    """The one question that sets a dial; its label is the page's heading."""

    def __init__(self, dial: Dial, data: Any = None) -> None:  # Any: a QueryDict
        self.dial = dial
        super().__init__(data, initial={"value": _initial(dial.value)})
        self.fields["value"] = field_for(dial)

    def clean_value(self) -> object:
        """What was answered, as the dial's own kind."""
        answer = self.cleaned_data["value"]
        if self.dial.kind is bool:
            return answer == YES
        if _is_choice(self.dial.kind):
            return cast(type[StrEnum], self.dial.kind)(answer)
        if self.dial.kind == tuple[Weekday, ...]:
            answer = tuple(Weekday(each) for each in answer)
        if isinstance(answer, tuple):
            check_count(self.dial, len(answer))
        return answer


def field_for(dial: Dial) -> forms.Field:
    """Raises LookupError for a kind that no form knows."""
    about: About = {"label": dial.label, "hint": hint_of(dial), "heading": True}
    if _is_choice(dial.kind):
        answers = [(each.value, label_of(each)) for each in cast(type[StrEnum], dial.kind)]
        return Choice(choices=answers, **about)
    if dial.kind not in _FIELDS:
        raise LookupError(f"No form sets a dial of the kind {dial.kind}")
    return _FIELDS[dial.kind](dial, about)


def _yes_or_no(dial: Dial, about: About) -> forms.Field:
    return Choice(choices=[(YES, _("Yes")), (NO, _("No"))], **about)


def _number(dial: Dial, about: About) -> forms.Field:
    return Number(lowest=dial.lowest, highest=dial.highest, **about)


def _money(dial: Dial, about: About) -> forms.Field:
    return MoneyAmount(lowest=dial.lowest, highest=dial.highest, **about)


def _colour(dial: Dial, about: About) -> forms.Field:
    return ColourCode(**about)


def _days(dial: Dial, about: About) -> forms.Field:
    names = [(day.value, str(WEEKDAYS[place])) for place, day in enumerate(Weekday)]
    return Choices(choices=names, required=bool(dial.lowest), **about)


def _dates(dial: Dial, about: About) -> forms.Field:
    return Dates(rows=8, required=bool(dial.lowest), **about)


def _lines(dial: Dial, about: About) -> forms.Field:
    return Lines(max_length=LONGEST, required=bool(dial.lowest), **about)


def _text(dial: Dial, about: About) -> forms.Field:
    """Words that may be left empty wherever they are at first."""
    most = dial.highest or LONGEST
    is_long = most > LONG and dial.highest is not None
    about["required"] = bool(dial.lowest) or not _is_empty_at_first(dial)
    if dial.kind is Wording:
        return Words(most=most, rows=5 if is_long else 1, **about)
    return LongText(max_length=most, **about) if is_long else Text(max_length=most, **about)


_FIELDS: dict[object, Callable[[Dial, About], forms.Field]] = {
    bool: _yes_or_no,
    int: _number,
    Money: _money,
    Colour: _colour,
    str: _text,
    Wording: _text,
    tuple[Weekday, ...]: _days,
    tuple[date, ...]: _dates,
    tuple[str, ...]: _lines,
}


def _is_empty_at_first(dial: Dial) -> bool:
    owner = find_owner(dial.owner)
    return owner is not None and not str(getattr(owner.dials(), dial.name))


def hint_of(dial: Dial) -> str:
    """The dial's own hint, then the bounds within which it is safe."""
    hints = [dial.hint, _form_of(dial), _bounds_of(dial)]
    return " ".join(each if each.endswith(".") else f"{each}." for each in hints if each)


def _form_of(dial: Dial) -> str:
    if dial.kind is Colour:
        return _("# and 6 digits or letters, like #1d70b8. White text must be readable on it")
    if dial.kind == tuple[date, ...]:
        return _("Enter each date on a line of its own, like 25/12/2026")
    if dial.kind == tuple[str, ...]:
        return _("Enter each on a line of its own")
    return ""


def _bounds_of(dial: Dial) -> str:
    lowest, highest = (_written(bound) for bound in (dial.lowest, dial.highest))
    if dial.kind is Wording:
        return _("Up to %(highest)s characters") % {"highest": highest} if highest else ""
    if dial.kind is str:
        return ""  # the box counts
    if lowest and highest:
        return _("From %(lowest)s to %(highest)s") % {"lowest": lowest, "highest": highest}
    if lowest:
        return _("At least %(lowest)s") % {"lowest": lowest}
    return _("At most %(highest)s") % {"highest": highest} if highest else ""


def _written(bound: object) -> str:
    if isinstance(bound, Money):
        return write_money(bound)
    return "" if bound is None else str(bound)


def check_count(dial: Dial, count: int) -> None:
    if dial.lowest is not None and count < dial.lowest:
        raise ValidationError(_("There must be at least %(lowest)s") % {"lowest": dial.lowest})
    if dial.highest is not None and count > dial.highest:
        raise ValidationError(_("There can be at most %(highest)s") % {"highest": dial.highest})


def label_of(choice: StrEnum) -> str:
    """What an answer is called: its `label`, if its kind has one, or its value in words."""
    named = getattr(choice, "label", None)
    return str(named) if named else _(choice.value.replace("-", " ").capitalize())


def _is_choice(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, StrEnum)


def _initial(value: object) -> object:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, tuple) and value and isinstance(value[0], Weekday):
        return [day.value for day in value]
    return value
