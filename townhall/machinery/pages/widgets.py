"""Controls made of several inputs: a date, and words in every language."""

from datetime import date

from django import forms

from townhall.machinery.wording import LANGUAGES, Wording


class DateParts(forms.MultiWidget):
    """Day, month and year, posted as `<name>_day`, `<name>_month` and `<name>_year`."""

    def __init__(self) -> None:
        super().__init__(dict.fromkeys(("day", "month", "year"), forms.TextInput))

    def decompress(self, value: date | None) -> list[str]:
        return [str(value.day), str(value.month), str(value.year)] if value else ["", "", ""]


class EveryLanguage(forms.MultiWidget):
    """One input for each language, posted as `<name>_en` and `<name>_cy`."""

    def __init__(self, *, rows: int) -> None:
        self.rows = rows
        one = forms.TextInput if rows == 1 else forms.Textarea
        super().__init__(dict.fromkeys(LANGUAGES, one))

    def decompress(self, value: Wording | None) -> list[str]:
        return [value.en, value.cy] if value else ["" for _ in LANGUAGES]
