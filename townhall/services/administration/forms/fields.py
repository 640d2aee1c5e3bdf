"""Questions that only settings ask."""

import re
from datetime import date
from typing import Any, Unpack, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.machinery.pages.colour import WHITE, contrast
from townhall.machinery.pages.fields import TOO_LONG, Asking, EachLanguage, LongText, Text
from townhall.machinery.wording import Wording

LEGIBLE = 4.5  # WCAG 2.2, 1.4.3: https://www.w3.org/TR/WCAG22/#contrast-minimum
MOST_DATES = 1000
DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y")


class Words(EachLanguage):
    """Words in every language, each of a limited length."""

    def __init__(self, *, most: int, rows: int = 1, **asking: Unpack[Asking]) -> None:
        self.most = most
        super().__init__(rows=rows, **asking)

    def to_python(self, value: object) -> Wording:
        typed = super().to_python(value) or Wording("")
        cleaned = Wording(*(_plain(each) for each in (typed.en, typed.cy)))
        if max(len(cleaned.en), len(cleaned.cy)) > self.most:
            raise ValidationError(TOO_LONG, params={"limit_value": self.most})
        return cleaned

    def validate(self, value: object) -> None:
        if self.required and not cast(Wording, value).en:
            raise ValidationError(self.error_messages["required"], code="required")


class ColourCode(Text):
    """A colour like #1d70b8 on which white text can be read."""

    def __init__(self, **asking: Unpack[Asking]) -> None:
        super().__init__(width=10, **asking)

    def to_python(self, value: object) -> str:
        typed = cast(str, super().to_python(value)).lower()
        if typed and not re.fullmatch(r"#[0-9a-f]{6}", typed):
            raise ValidationError(_("Enter a colour as # and 6 digits or letters, like #1d70b8"))
        if typed and contrast(typed, WHITE) < LEGIBLE:
            raise ValidationError(
                _("White text is hard to read on this colour. Enter a darker one")
            )
        return typed


class Dates(LongText):
    """Days, one on each line; cleans to a sorted tuple without doubles."""

    one = forms.DateField(input_formats=DATE_FORMATS)

    def clean(self, value: object) -> Any:  # Any: Django's signature
        typed = cast(str, super().clean(value))
        lines = [line.strip() for line in typed.splitlines() if line.strip()]
        if len(lines) > MOST_DATES:
            raise ValidationError(_("Enter %(most)d dates or fewer") % {"most": MOST_DATES})
        return tuple(sorted({self._read(line) for line in lines}))

    def _read(self, line: str) -> date:
        try:
            return cast(date, self.one.clean(line))
        except ValidationError as error:
            says = _("“%(line)s” is not a date. Enter each like 25/12/2026, on a line of its own")
            raise ValidationError(says % {"line": line[:40]}) from error

    def prepare_value(self, value: object) -> object:
        if not isinstance(value, tuple):
            return value
        return "\n".join(f"{day:%d/%m/%Y}" for day in value)


class Lines(LongText):
    """Words, some on each line; cleans to a tuple without doubles, in the order typed."""

    def clean(self, value: object) -> Any:  # Any: Django's signature
        typed = cast(str, super().clean(value))
        return tuple(dict.fromkeys(line.strip() for line in typed.splitlines() if line.strip()))

    def prepare_value(self, value: object) -> object:
        return "\n".join(value) if isinstance(value, tuple) else value


def _plain(words: str) -> str:
    if "\x00" in words:
        raise ValidationError(gettext_lazy("Enter the words without control characters"))
    return words.replace("\r\n", "\n")
