"""A field of any Django form as the GOV.UK component that fits its widget."""

from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from townhall.machinery.pages.widgets import DateParts, EveryLanguage, Several

# For each kind of widget, the first that fits: the template, and the class of its input.
COMPONENTS: tuple[tuple[type[forms.Widget], str, str], ...] = (
    (DateParts, "date", "govuk-input govuk-date-input__input"),
    (EveryLanguage, "languages", "govuk-input"),
    (forms.CheckboxSelectMultiple, "options", "govuk-checkboxes__input"),
    (forms.RadioSelect, "options", "govuk-radios__input"),
    (forms.CheckboxInput, "checkbox", "govuk-checkboxes__input"),
    (forms.Select, "control", "govuk-select"),
    (forms.Textarea, "control", "govuk-textarea"),
    (forms.FileInput, "control", "govuk-file-upload"),
    (forms.Widget, "control", "govuk-input"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One radio or checkbox."""

    id: str
    value: str
    label: str
    hint: str
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One input of a control that has several."""

    id: str
    label: str
    language: str
    html: SafeString


class Component:
    """What the templates in `machinery/fields` show of a field."""

    def __init__(self, field: BoundField, *, heading: bool) -> None:
        self.field = field
        self.heading = heading or getattr(field.field, "heading", False)
        self.id = field.id_for_label or field.auto_id or field.html_name
        widget = field.field.widget
        if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple | Several):
            self.id = field.auto_id or field.html_name
        self.template, self.input_class = next(
            (template, name) for kind, template, name in COMPONENTS if isinstance(widget, kind)
        )

    @property
    def label(self) -> str:
        """The label, marked where an answer is not needed."""
        if self.field.field.required or self.template == "checkbox":
            return str(self.field.label)
        return _("%(question)s (optional)") % {"question": self.field.label}

    @property
    def hint(self) -> str:
        return str(self.field.help_text)

    @property
    def hint_id(self) -> str:
        return f"{self.id}-hint"

    @property
    def error_id(self) -> str:
        return f"{self.id}-error"

    @property
    def first_id(self) -> str:
        """The id of the input that a link from the error summary goes to."""
        parts = self.parts
        return parts[0].id if parts else self.id

    @property
    def described_by(self) -> str:
        ids = [
            self.hint_id if self.hint else "",
            self.error_id if self.field.errors else "",
            f"{self.id}-info" if self.limit else "",
        ]
        return " ".join(each for each in ids if each)

    @property
    def limit(self) -> int | None:
        """How many characters a long answer may have, where that is shown."""
        if not isinstance(self.field.field.widget, forms.Textarea):
            return None
        return getattr(self.field.field, "max_length", None)

    @property
    def limit_text(self) -> str:
        return _("You can enter up to %(limit)d characters") % {"limit": self.limit}

    @property
    def counts(self) -> list[tuple[str, str]]:
        """What the character count says, in the attributes that its script reads."""
        left = _("You have %{count} characters remaining")
        over = _("You have %{count} characters too many")
        plurals = ("zero", "one", "two", "few", "many", "other")
        return [
            *((f"characters-under-limit.{each}", left) for each in plurals if each != "one"),
            ("characters-under-limit.one", _("You have %{count} character remaining")),
            ("characters-at-limit", _("You have 0 characters remaining")),
            *((f"characters-over-limit.{each}", over) for each in plurals if each != "one"),
            ("characters-over-limit.one", _("You have %{count} character too many")),
        ]

    @property
    def affixes(self) -> tuple[str, str]:
        """What stands before and after the input, like a pound sign."""
        field = self.field.field
        return str(getattr(field, "prefix", "")), str(getattr(field, "suffix", ""))

    @property
    def control(self) -> SafeString:
        """The input itself."""
        extra: dict[str, str | bool] = {
            "class": self._classes(self.field.field.widget),
            "id": self.id,
        }
        if self.described_by:
            extra["aria-describedby"] = self.described_by
        return self.field.as_widget(attrs=extra)

    @property
    def kind(self) -> str:
        """`radios` or `checkboxes`."""
        widget = self.field.field.widget
        if isinstance(widget, forms.CheckboxSelectMultiple):  # which is a RadioSelect to Django
            return "checkboxes"
        return "radios" if isinstance(widget, forms.RadioSelect) else "checkboxes"

    @property
    def options(self) -> list[Option]:
        hints = getattr(self.field.field, "hints", {})
        return [
            Option(
                id=self.id if place == 0 else f"{self.id}-{place + 1}",
                value=str(each.data["value"]),
                label=str(each.data["label"]),
                hint=str(hints.get(str(each.data["value"]), "")),
                checked=bool(each.data["selected"]),
            )
            for place, each in enumerate(self.field.subwidgets)
        ]

    @property
    def parts(self) -> list[Part]:
        """The inputs of a date, or of words in every language."""
        widget = self.field.field.widget
        if not isinstance(widget, Several):
            return []
        values = self.field.value()
        if not isinstance(values, list):
            values = widget.decompress(values)
        return [
            self._part(name, one, value)
            for name, one, value in zip(widget.names, widget.widgets, values, strict=True)
        ]

    def _part(self, name: str, widget: forms.Widget, value: str) -> Part:
        part_id = f"{self.id}_{name}"
        in_date = self.template == "date"
        attributes = {"id": part_id, "class": self._classes(widget)}
        if in_date:
            attributes["class"] += f" govuk-input--width-{4 if name == 'year' else 2}"
            attributes["inputmode"] = "numeric"
        else:
            attributes["lang"] = name
        if isinstance(widget, forms.Textarea):
            attributes["rows"] = str(getattr(self.field.field.widget, "rows", 1))
        return Part(
            id=part_id,
            label=_date_part(name) if in_date else get_language_info(name)["name_local"],
            language="" if in_date else name,
            html=widget.render(f"{self.field.html_name}_{name}", value, attributes),
        )

    def _classes(self, widget: forms.Widget) -> str:
        name = self.input_class
        if isinstance(widget, forms.Textarea):
            name = "govuk-textarea"
        base = name.split(maxsplit=1)[0]
        classes = [name, str(widget.attrs.get("class", ""))]
        if self.limit:
            classes.append("govuk-js-character-count")
        if self.field.errors:
            classes.append(f"{base}--error")
        return " ".join(each for each in classes if each)


def _date_part(name: str) -> str:
    return {"day": _("Day"), "month": _("Month"), "year": _("Year")}[name]
