"""Controls made of several inputs: a date, and words in every language."""

from datetime import date

from django import forms

from townhall.machinery.wording import LANGUAGES, Wording


class Several(forms.MultiWidget):
    """Several inputs for one answer, posted as `<field>_<name>` for each of the names."""

    def __init__(self, names: tuple[str, ...], one: type[forms.Widget]) -> None:
        self.names = names
        super().__init__(dict.fromkeys(names, one))


class DateParts(Several):
    """Day, month and year."""

    def __init__(self) -> None:
        super().__init__(("day", "month", "year"), forms.TextInput)

    def decompress(self, value: date | None) -> list[str]:
        return [str(value.day), str(value.month), str(value.year)] if value else ["", "", ""]


class EveryLanguage(Several):
    """One input for each language, of so many rows."""

    def __init__(self, *, rows: int) -> None:
        self.rows = rows
        super().__init__(LANGUAGES, forms.TextInput if rows == 1 else forms.Textarea)

    def decompress(self, value: Wording | None) -> list[str]:
        return [value.en, value.cy] if value else ["" for _ in LANGUAGES]
