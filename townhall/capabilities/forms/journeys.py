"""The way through a journey: what is asked next, which answers do; and which journeys there are."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from unicodedata import category
from uuid import UUID

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pydantic import TypeAdapter

from townhall.capabilities.forms.errors import NoSuchJourney, Unfit
from townhall.capabilities.forms.records import (
    Answers,
    Condition,
    Journey,
    Kind,
    Line,
    Option,
    Page,
    Question,
    Submitted,
    Value,
)
from townhall.machinery.actors import Actor

Source = Callable[[Actor, Answers], Iterable[Option]]
Submit = Callable[[Actor, Answers, UUID], Submitted]
Summary = Callable[[Actor, Answers], Iterable[Line]]
Check = Callable[[Actor, Answers], None]
Prefill = Callable[[Actor], Mapping[str, str]]
Fit = Callable[[Actor, Journey], Journey]
OptionsOf = Callable[[Question, Answers], Sequence[Option]]

LONGEST = {Kind.TEXT: 200, Kind.TEXTAREA: 2000, Kind.EMAIL: 254, Kind.PHONE: 40, Kind.POSTCODE: 20}
UNSEEN = frozenset({"Cc", "Cs"})  # Unicode's categories of controls and surrogates
HOME = "GB"  # where a telephone number without a country is from
POSTCODE = re.compile(r"(GIR0AA|[A-Z]{1,2}[0-9][0-9A-Z]?)([0-9][A-Z]{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A journey and the functions of the service whose journey it is."""

    journey: Journey
    submit: Submit
    sources: Mapping[str, Source] = field(default_factory=dict)
    checks: Mapping[str, Check] = field(default_factory=dict)
    summary: Summary | None = None
    prefill: Prefill | None = None
    fit: Fit | None = None


_offers: dict[str, Offer] = {}


def offer_journey(
    journey: Journey,
    *,
    submit: Submit,
    sources: Mapping[str, Source] | None = None,
    checks: Mapping[str, Check] | None = None,
    summary: Summary | None = None,
    prefill: Prefill | None = None,
    fit: Fit | None = None,
) -> None:
    """Make a journey known; the service's own `journeys.py` does so when it is imported.

    `submit` writes the request, in the transaction that marks the answers as sent: it is called
    with the asker, the answers and the draft's id, calls one operation and no errand, and what it
    refuses is shown above the answers; a refusal's `fields` say which questions to go back to.
    `sources` make the options of questions with `options_from`, and may wait for the outside.
    `checks`, by question, refuse an answer as soon as it is given. `summary` adds lines to "check
    your answers", like the price. `prefill` says what we know of someone who has signed in.
    `fit` changes the journey as the organisation's dials want it.
    """
    wanted = {question.options_from for question in journey.questions()} - {""}
    if unknown := wanted - set(sources or {}):
        raise ValueError(f"{journey.slug}: no source is named {', '.join(sorted(unknown))}")
    _offers[journey.slug] = Offer(
        journey=journey,
        submit=submit,
        sources=sources or {},
        checks=checks or {},
        summary=summary,
        prefill=prefill,
        fit=fit,
    )


def get_offer(actor: Actor, slug: str) -> Offer:
    """The journey, if this actor may take it. Raises NoSuchJourney and NotAllowed."""
    offer = _offers.get(slug)
    if offer is None:
        raise NoSuchJourney(_("There is no form of that name."))
    actor.require(offer.journey.permission)
    return offer


def find_journey(slug: str) -> Journey | None:
    """The journey, for whoever has answered it once; None if it is offered no more."""
    offer = _offers.get(slug)
    return offer.journey if offer else None


def path(journey: Journey, answers: Answers) -> list[Page]:
    """The pages that are asked, given these answers; an answer that is not asked for is ignored."""
    pages: list[Page] = []
    asked: set[str] = set()
    for page in journey.pages:
        if _applies(page.only_if, answers, asked):
            pages.append(page)
            asked |= {question.name for question in page.questions}
    return pages


def _applies(condition: Condition | None, answers: Answers, asked: set[str]) -> bool:
    if condition is None:
        return True
    value = answers.values.get(condition.question, "")
    chosen = [value] if isinstance(value, str) else value
    return condition.question in asked and condition.value in chosen


def asked_for(journey: Journey, answers: Answers) -> Answers:
    """Without the answers on pages that are not asked."""
    names = [question.name for page in path(journey, answers) for question in page.questions]
    return Answers({name: answers.values[name] for name in names if name in answers})


def first_unanswered(journey: Journey, answers: Answers) -> Page | None:
    pages = path(journey, answers)
    return next((page for page in pages if not is_answered(page, answers)), None)


def is_answered(page: Page, answers: Answers) -> bool:
    return all(question.name in answers for question in page.questions)


def next_page(journey: Journey, answers: Answers, page: Page) -> Page | None:
    """The page after this one; None if answers are checked then."""
    return next(iter(_after(journey, answers, page)), None)


def previous_page(journey: Journey, answers: Answers, page: Page) -> Page | None:
    pages = path(journey, answers)
    place = pages.index(page)
    return pages[place - 1] if place else None


def _after(journey: Journey, answers: Answers, page: Page) -> list[Page]:
    pages = path(journey, answers)
    return pages[pages.index(page) + 1 :]


def first_unfit(
    journey: Journey, answers: Answers, options_of: OptionsOf, *, after: Page | None = None
) -> Page | None:
    """The first page whose answers are missing, or do not do any more."""
    pages = _after(journey, answers, after) if after else path(journey, answers)
    return next((page for page in pages if not _fits(page, answers, options_of)), None)


def _fits(page: Page, answers: Answers, options_of: OptionsOf) -> bool:
    for question in page.questions:
        if question.name not in answers:
            return False
        try:
            clean(question, answers.values[question.name], options_of(question, answers))
        except Unfit:
            return False
    return True


def outdated(
    journey: Journey, before: Answers, now: Answers, page: Page, options_of: OptionsOf
) -> frozenset[str]:
    """The later questions that must be asked again since this page is answered otherwise."""
    if before.values == now.values:
        return frozenset()
    unfit = first_unfit(journey, now, options_of, after=page)
    names = {question.name for question in unfit.questions} if unfit else set()
    return frozenset(names & set(now.values))


def stamp(draft_id: UUID, answers: Answers) -> str:
    """A word for exactly these answers of this draft."""
    said = TypeAdapter(dict[str, Value]).dump_json(dict(sorted(answers.values.items())))
    return sha256(draft_id.bytes + said).hexdigest()[:24]


def lines(journey: Journey, answers: Answers, options_of: OptionsOf) -> Iterator[tuple[Page, Line]]:
    """What "check your answers" shows, in order, with the page where each was asked."""
    for page in path(journey, answers):
        for question in page.questions:
            value = answers.values.get(question.name, "")
            text = shown(question, value, options_of(question, answers))
            yield page, Line(label=str(question.short or question.label), value=text)


def shown(question: Question, value: Value, options: Sequence[Option]) -> str:
    """An answer as people read it."""
    labels = {option.value: str(option.label) for option in options}
    if isinstance(value, dict):
        counted = (f"{count} × {labels.get(each, each)}" for each, count in value.items())
        return "\n".join(counted) or _("None")
    if isinstance(value, list):
        return "\n".join(labels.get(each, each) for each in value) or _("None")
    if not value:
        return _("Not given")
    return write_phone(value) if question.kind is Kind.PHONE else labels.get(value, value)


def write_phone(number: str) -> str:
    """07700 900123, and +33 1 23 45 67 89 for another country."""
    parsed = phonenumbers.parse(number)
    kinds = phonenumbers.PhoneNumberFormat
    at_home = phonenumbers.region_code_for_country_code(parsed.country_code or 0) == HOME
    form = kinds.NATIONAL if at_home else kinds.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)


def clean(question: Question, typed: object, options: Sequence[Option]) -> Value:
    """What was typed as a value that does; what does already comes back as it is. Raises Unfit.

    `typed` is a string, for CHECKBOXES a list of them, and for COUNTS a mapping of options' values
    to how many of them.
    """
    if question.kind is Kind.COUNTS:
        return _clean_counts(question, typed, options)
    if question.kind is Kind.CHECKBOXES:
        return _clean_several(question, typed, options)
    text = _clean_text(question, typed)
    if not text:
        if question.required:
            raise Unfit(_required_message(question))
        return ""
    if question.kind is Kind.RADIOS:
        _keep_to_options(question, [text], options)
        return text
    limit = longest(question)
    if len(text) > limit:
        message = _("%(question)s must be %(limit)d characters or fewer")
        raise Unfit(message % {"question": question.short or question.label, "limit": limit})
    return _CLEANERS.get(question.kind, str)(text)


def longest(question: Question) -> int:
    """How many characters an answer may have."""
    return question.max_length or LONGEST[question.kind]


def _clean_text(question: Question, typed: object) -> str:
    """Without control characters, which no column takes; on one line, unless several are asked."""
    text = str(typed or "").replace("\r\n", "\n").replace("\r", "\n")
    if question.kind is not Kind.TEXTAREA:
        text = " ".join(text.split())
    return "".join(each for each in text if each == "\n" or category(each) not in UNSEEN).strip()


def _required_message(question: Question) -> str:
    if question.required_message:
        return str(question.required_message)
    if question.kind is Kind.RADIOS:
        return _("Select one of the answers")
    messages = {
        Kind.EMAIL: _("Enter an email address"),
        Kind.PHONE: _("Enter a telephone number"),
        Kind.POSTCODE: _("Enter a postcode"),
    }
    return messages.get(question.kind, _("Enter an answer"))


def _clean_email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError as error:
        message = _("Enter an email address in the correct format, like name@example.com")
        raise Unfit(message) from error
    return text


def _clean_phone(text: str) -> str:
    try:
        number = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException:
        number = phonenumbers.PhoneNumber()
    if not phonenumbers.is_possible_number(number):
        raise Unfit(
            _("Enter a telephone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192")
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _clean_postcode(text: str) -> str:
    found = POSTCODE.fullmatch(re.sub(r"[^0-9A-Z]", "", text.upper()))
    if found is None:
        raise Unfit(_("Enter a full UK postcode, like AA3 1AB"))
    return f"{found[1]} {found[2]}"


_CLEANERS: Mapping[Kind, Callable[[str], str]] = {
    Kind.EMAIL: _clean_email,
    Kind.PHONE: _clean_phone,
    Kind.POSTCODE: _clean_postcode,
}


def _clean_several(question: Question, typed: object, options: Sequence[Option]) -> list[str]:
    chosen = [str(each) for each in typed] if isinstance(typed, list | tuple) else []
    several = list(dict.fromkeys(chosen))
    _keep_to_bounds(question, len(several))
    _keep_to_options(question, several, options)
    return [option.value for option in options if option.value in several]


def _clean_counts(question: Question, typed: object, options: Sequence[Option]) -> dict[str, int]:
    given = typed if isinstance(typed, Mapping) else {}
    counts = {str(each): _clean_count(str(count).strip()) for each, count in given.items()}
    wanted = {each: count for each, count in counts.items() if count}
    _keep_to_bounds(question, sum(wanted.values()))
    _keep_to_options(question, wanted, options)
    return {option.value: wanted[option.value] for option in options if option.value in wanted}


def _clean_count(text: str) -> int:
    if not re.fullmatch(r"[0-9]{0,4}", text):
        raise Unfit(_("Enter how many as a whole number, like 2"))
    return int(text or 0)


def _keep_to_bounds(question: Question, total: int) -> None:
    if total == 0 and not question.required:
        return
    if total < question.least:
        raise Unfit(str(question.required_message) or _too_few(question.least))
    if question.most is not None and total > question.most:
        message = _("You can choose up to %(most)d. You have chosen %(total)d.")
        raise Unfit(message % {"most": question.most, "total": total})


def _too_few(least: int) -> str:
    return ngettext("Choose at least %(least)d", "Choose at least %(least)d", least) % {
        "least": least
    }


def _keep_to_options(
    question: Question, chosen: Sequence[str] | Mapping[str, int], options: Sequence[Option]
) -> None:
    """Raise Unfit if something chosen is not to be had: it never was, or not any more."""
    available = {option.value for option in options if not option.unavailable}
    if set(chosen) - available:
        message = _("What you chose is not available any more. Choose again.")
        raise Unfit(str(question.gone_message) or message)
