"""The questions of a page as a form, made from the journey's records."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.datastructures import MultiValueDict

from townhall.capabilities.forms import journeys, records
from townhall.capabilities.forms.errors import Unfit
from townhall.capabilities.forms.records import Kind
from townhall.machinery.errors import Refused
from townhall.machinery.pages.components import Component
from townhall.machinery.pages.forms import Form

AUTOCOMPLETE = {Kind.EMAIL: "email", Kind.PHONE: "tel", Kind.POSTCODE: "postal-code"}
WIDTHS = {Kind.PHONE: 20, Kind.POSTCODE: 10}  # in characters


class Counts(forms.Widget):
    """A number for each option, posted as `<name>-<option>`."""

    def value_from_datadict(
        self, data: Mapping[str, object], files: object, name: str
    ) -> dict[str, str]:
        """With options that are not to be had any more, so that nobody loses one unseen."""
        start = f"{name}-"
        posted = {each.removeprefix(start): data[each] for each in data if each.startswith(start)}
        return {value: str(count) for value, count in posted.items()}


class Answer(forms.Field):
    """One question. The component shows what it finds here; the journey's rules clean it."""

    def __init__(
        self, question: records.Question, options: Sequence[records.Option], *, heading: bool
    ) -> None:
        self.question, self.options, self.heading = question, options, heading
        if question.kind is Kind.TEXTAREA:
            self.max_length = journeys.longest(question)
        super().__init__(
            widget=_widget(question),
            label=str(question.label),
            help_text=str(question.hint),
            required=question.required,
        )

    def clean(self, value: object) -> records.Value:
        try:
            return journeys.clean(self.question, value, self.options)
        except Unfit as unfit:
            raise ValidationError(str(unfit)) from unfit


def _widget(question: records.Question) -> forms.Widget:
    if question.kind is Kind.COUNTS:
        return Counts()
    if question.kind is Kind.RADIOS:
        return forms.RadioSelect()
    if question.kind is Kind.CHECKBOXES:
        return forms.CheckboxSelectMultiple()
    autocomplete = question.autocomplete or AUTOCOMPLETE.get(question.kind, "")
    attributes = {"autocomplete": autocomplete} if autocomplete else {}
    if question.kind is Kind.TEXTAREA:
        return forms.Textarea(attrs=attributes | {"rows": "5"})
    if question.kind is Kind.EMAIL:
        return forms.EmailInput(attrs=attributes | {"spellcheck": "false"})
    if question.kind in WIDTHS:
        attributes["class"] = f"govuk-input--width-{WIDTHS[question.kind]}"
    if question.kind is Kind.PHONE:
        attributes["type"] = "tel"
    return forms.TextInput(attrs=attributes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An option as the page shows it."""

    id: str
    name: str
    option: records.Option
    chosen: str  # "checked", or how many; "" if neither


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Options under one heading, or under none."""

    heading: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the page shows it."""

    it: Component
    question: records.Question
    groups: tuple[Group, ...]

    @property
    def template(self) -> str:
        return f"forms/{'counts' if self.question.kind is Kind.COUNTS else 'options'}.html"

    @property
    def chooses(self) -> bool:
        return self.question.kind in records.CHOOSING

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to choose from."""
        options = [choice.option for group in self.groups for choice in group.choices]
        return self.chooses and all(option.unavailable for option in options)


class PageForm(Form):
    """The questions of one page."""

    def __init__(
        self,
        page: records.Page,
        options: Mapping[str, Sequence[records.Option]],
        *,
        typed: Mapping[str, object] | None = None,
        known: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(typed, initial=dict(known or {}))
        for question in page.questions:
            self.fields[question.name] = Answer(
                question, options[question.name], heading=not page.heading
            )

    def asked(self) -> Iterator[Asked]:
        """What the template shows, in order."""
        for name, answer in self.fields.items():
            if isinstance(answer, Answer):
                it = Component(self[name], heading=answer.heading)
                yield Asked(it, answer.question, _groups(it, answer))

    @property
    def is_stuck(self) -> bool:
        """Whether there is nothing to choose from where something must be chosen."""
        return any(asked.question.required and asked.is_empty for asked in self.asked())

    def refuse(self, refusal: Refused) -> None:
        """Show what the service refused, at the questions it names or else at the first."""
        named = getattr(refusal, "fields", {})
        at = {name: text for name, text in named.items() if name in self.fields}
        for name, text in at.items() or [(next(iter(self.fields)), str(refusal))]:
            self.add_error(name, text)


def typed_again(page: records.Page, answers: records.Answers) -> MultiValueDict[str, object]:
    """What a browser would send to answer the page as it has been answered."""
    typed: MultiValueDict[str, object] = MultiValueDict()
    for question in page.questions:
        value = answers.values.get(question.name, "")
        if isinstance(value, dict):
            for each, count in value.items():
                typed[f"{question.name}-{each}"] = str(count)
        elif isinstance(value, list):
            typed.setlist(question.name, list(value))
        elif value and question.kind is Kind.PHONE:
            typed[question.name] = journeys.write_phone(value)
        else:
            typed[question.name] = value
    return typed


def _groups(it: Component, answer: Answer) -> tuple[Group, ...]:
    choices = _choices(it, answer)
    grouped = groupby(choices, key=lambda choice: str(choice.option.group))
    return tuple(Group(heading=heading, choices=tuple(some)) for heading, some in grouped)


def _choices(it: Component, answer: Answer) -> Iterator[Choice]:
    """The first that can be chosen has the question's own id: the error summary leads to it."""
    chosen = _chosen(it.field, answer.question.kind)
    options = answer.options
    first = next((option for option in options if not option.unavailable), None)
    for place, option in enumerate(options, start=1):
        yield Choice(
            id=it.id if option is first else f"{it.id}-{place}",
            name=f"{it.field.html_name}-{option.value}"
            if answer.question.kind is Kind.COUNTS
            else it.field.html_name,
            option=option,
            chosen=chosen.get(option.value, ""),
        )


def _chosen(field: BoundField, kind: Kind) -> Mapping[str, str]:
    value = field.value()
    if isinstance(value, dict):
        return {each: count for each, count in value.items() if kind is Kind.COUNTS}
    several = value if isinstance(value, list) else [value]
    return {str(each): "checked" for each in several if each}
