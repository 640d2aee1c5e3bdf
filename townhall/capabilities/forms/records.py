"""A journey as data: its pages, questions and conditions; and the answers people give."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from django.utils.functional import Promise

from townhall.machinery.actors import Permission
from townhall.machinery.wording import Wording

Words = str | Promise | Wording
Value = str | list[str] | dict[str, int]  # as the kind of the question says

RESERVED = frozenset({"check", "again"})  # addresses of the journey's own pages


class Kind(StrEnum):
    TEXT = "text"  # one line
    TEXTAREA = "textarea"
    EMAIL = "email"
    PHONE = "phone"  # kept as E.164: "+447700900123"
    POSTCODE = "postcode"  # kept as "SW1A 1AA"
    RADIOS = "radios"  # one option
    CHECKBOXES = "checkboxes"  # some options
    COUNTS = "counts"  # so many of each option


CHOOSING = frozenset({Kind.RADIOS, Kind.CHECKBOXES, Kind.COUNTS})
COUNTING = frozenset({Kind.CHECKBOXES, Kind.COUNTS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing to choose. Options that follow each other with the same `group` stand under it."""

    value: str
    label: Words
    hint: Words = ""  # its price, say
    group: Words = ""  # "Week of 7 December"
    unavailable: Words = ""  # "Full": shown with it, and then it cannot be chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Holds if the answer to the question is the value, or has it among what was chosen."""

    question: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. What is chosen from stands in `options`, or comes from the source named."""

    name: str
    kind: Kind
    label: Words
    short: Words = ""  # what "check your answers" calls it; the label, unless given
    hint: Words = ""
    required: bool = True
    least: int = 1  # for CHECKBOXES and COUNTS: how many in all, if any
    most: int | None = None
    max_length: int | None = None  # of TEXT and TEXTAREA
    autocomplete: str = ""
    options: tuple[Option, ...] = ()
    options_from: str = ""
    required_message: Words = ""
    gone_message: Words = ""  # what was chosen is not to be had any more
    none_message: Words = ""  # there is nothing to choose from

    def __post_init__(self) -> None:
        chooses = bool(self.options) + bool(self.options_from)
        if chooses != (self.kind in CHOOSING):
            raise ValueError(f"{self.name}: options, or their source, go with kinds that choose")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What is asked at once: one question, as a rule, whose label is then the heading."""

    slug: str
    questions: tuple[Question, ...]
    heading: Words = ""
    guidance: Words = ""
    only_if: Condition | None = None

    def __post_init__(self) -> None:
        if not self.heading and (len(self.questions) != 1 or self.guidance):
            raise ValueError(f"{self.slug}: guidance, and several questions, need a heading")

    @property
    def title(self) -> str:
        return str(self.heading or self.questions[0].label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """All that one service asks, in order."""

    slug: str
    title: Words
    permission: Permission  # which whoever answers must hold
    pages: tuple[Page, ...]
    start_url: str  # the page that leads here
    submit_label: Words = ""
    declaration: Words = ""  # stands above the button that sends the answers

    def __post_init__(self) -> None:
        slugs = [page.slug for page in self.pages]
        names = [question.name for question in self.questions()]
        if len(set(slugs)) < len(slugs) or len(set(names)) < len(names) or RESERVED & set(slugs):
            raise ValueError(f"{self.slug}: a page or question has the name of another")
        asked: set[str] = set()
        for page in self.pages:
            if page.only_if and page.only_if.question not in asked:
                raise ValueError(f"{page.slug}: its condition is not about an earlier question")
            asked |= {question.name for question in page.questions}

    def questions(self) -> Iterator[Question]:
        for page in self.pages:
            yield from page.questions

    def with_question(self, name: str, **changes: object) -> "Journey":
        """The same journey with one question changed, as an organisation's dials want it."""
        pages = tuple(_with_question(page, name, changes) for page in self.pages)
        return replace(self, pages=pages)


def _with_question(page: Page, name: str, changes: Mapping[str, object]) -> Page:
    questions = tuple(
        replace(each, **changes) if each.name == name else each  # type: ignore[arg-type]  # named by the caller, checked by Question
        for each in page.questions
    )
    return replace(page, questions=questions)


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered, by the name of the question."""

    values: Mapping[str, Value] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str) -> str:
        """The answer to a question of one answer; "" if there is none."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def several(self, name: str) -> list[str]:
        """The values chosen of CHECKBOXES."""
        value = self.values.get(name)
        return list(value) if isinstance(value, list) else []

    def counts(self, name: str) -> dict[str, int]:
        """How many of each value of COUNTS; those of none are left out."""
        value = self.values.get(name)
        return dict(value) if isinstance(value, dict) else {}

    def without(self, names: frozenset[str]) -> "Answers":
        return Answers({name: value for name, value in self.values.items() if name not in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of "check your answers"."""

    label: str
    value: str  # may have several lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """What became of the answers: where whoever gave them goes next."""

    result_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Answers on their way.

    Not `Personal`: only the browser in which they were typed gets to read them, so there is no
    look at someone's data to tell anyone of.
    """

    id: UUID
    answers: Answers
    stamp: str  # changes with every change of the answers
    result_url: str  # "" until they are sent
