"""What is asked next, and which answers do."""

import dataclasses

import pytest

from townhall.capabilities.forms import journeys
from townhall.capabilities.forms.errors import Unfit
from townhall.capabilities.forms.records import (
    Answers,
    Condition,
    Kind,
    Option,
    Page,
    Question,
    Value,
)
from townhall.capabilities.forms.tests import make

SOFA = Option(value="sofa", label="Sofa")
BED = Option(value="bed", label="Bed")
PIANO = Option(value="piano", label="Piano", unavailable="Too heavy")
THINGS = (SOFA, BED, PIANO)


def make_question(kind: Kind, **changes: object) -> Question:
    options = THINGS if kind in (Kind.RADIOS, Kind.CHECKBOXES, Kind.COUNTS) else ()
    question = Question(name="it", kind=kind, label="It", options=options)
    return dataclasses.replace(question, **changes)  # type: ignore[arg-type]  # a test's own words


def slugs(**values: Value) -> list[str]:
    return [page.slug for page in journeys.path(make.JOURNEY, Answers(values))]


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (Kind.TEXT, "  Ada\r\n  Lovelace\x00 ", "Ada Lovelace"),
        (Kind.TEXT, "می\u200cخواهم \ud800", "می\u200cخواهم"),
        (Kind.TEXTAREA, "one\r\ntwo\x07\n", "one\ntwo"),
        (Kind.EMAIL, " ada@example.com ", "ada@example.com"),
        (Kind.PHONE, "(07700) 900 123", "+447700900123"),
        (Kind.PHONE, "+33 1 23 45 67 89", "+33123456789"),
        (Kind.POSTCODE, "sw1a-1aa.", "SW1A 1AA"),
        (Kind.RADIOS, "bed", "bed"),
        (Kind.CHECKBOXES, ["bed", "sofa", "bed"], ["sofa", "bed"]),
        (Kind.COUNTS, {"sofa": "2", "bed": " ", "piano": "0"}, {"sofa": 2}),
    ],
)
def test_what_is_typed_becomes_a_value_and_a_value_stays_one(
    kind: Kind, typed: object, value: Value
) -> None:
    question = make_question(kind)

    cleaned = journeys.clean(question, typed, question.options)

    assert cleaned == value
    assert journeys.clean(question, cleaned, question.options) == value


@pytest.mark.parametrize(
    ("kind", "typed", "says"),
    [
        (Kind.TEXT, " \x00 ", "Enter an answer"),
        (Kind.TEXT, "x" * 201, "It must be 200 characters or fewer"),
        (Kind.EMAIL, "ada@", "correct format"),
        (Kind.PHONE, "12", "like 01632 960 001"),
        (Kind.PHONE, "ring me", "like 01632 960 001"),
        (Kind.POSTCODE, "AA3", "full UK postcode"),
        (Kind.RADIOS, "", "Select one"),
        (Kind.RADIOS, "piano", "not available"),
        (Kind.RADIOS, "ship", "not available"),
        (Kind.CHECKBOXES, [], "at least 1"),
        (Kind.CHECKBOXES, "sofa", "at least 1"),
        (Kind.CHECKBOXES, ["ship"], "not available"),
        (Kind.COUNTS, {}, "at least 1"),
        (Kind.COUNTS, {"sofa": "-1"}, "whole number"),
        (Kind.COUNTS, {"sofa": "²"}, "whole number"),
        (Kind.COUNTS, {"sofa": "9" * 5000}, "whole number"),
        (Kind.COUNTS, {"sofa": "3", "bed": "3"}, "up to 5. You have chosen 6"),
        (Kind.COUNTS, {"ship": "1"}, "not available"),
    ],
)
def test_what_does_not_do_says_what_would(kind: Kind, typed: object, says: str) -> None:
    question = make_question(kind, most=5)

    with pytest.raises(Unfit, match=says):
        journeys.clean(question, typed, question.options)


@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_not_required_may_be_left_out(kind: Kind) -> None:
    question = make_question(kind, required=False, least=2)

    assert not journeys.clean(question, None, question.options)


def test_a_page_is_asked_only_if_its_condition_holds() -> None:
    assert "address-by-hand" not in slugs()
    assert "address-by-hand" not in slugs(address="1")
    assert "address-by-hand" in slugs(address="other")


def test_a_condition_on_a_question_that_is_not_asked_does_not_hold() -> None:
    deeper = Page(
        slug="flat",
        questions=(make_question(Kind.TEXT),),
        only_if=Condition(question="line", value="Flats"),
    )
    journey = dataclasses.replace(make.JOURNEY, pages=(*make.JOURNEY.pages, deeper))

    pages = journeys.path(journey, Answers({"address": "1", "line": "Flats"}))

    assert deeper not in pages
    assert deeper in journeys.path(journey, Answers({"address": "other", "line": "Flats"}))


def test_answers_that_are_not_asked_for_are_left_out() -> None:
    answers = Answers({"address": "1", "line": "Nowhere", "nonsense": "x"})

    assert journeys.asked_for(make.JOURNEY, answers).values == {"address": "1"}


def test_the_stamp_changes_with_the_answers_and_not_with_their_order() -> None:
    ours = make.OURS

    one = journeys.stamp(ours, Answers({"a": "1", "b": {"x": 1}}))

    assert one == journeys.stamp(ours, Answers({"b": {"x": 1}, "a": "1"}))
    assert one != journeys.stamp(ours, Answers({"a": "1", "b": {"x": 2}}))
    assert one != journeys.stamp(make.THEIRS, Answers({"a": "1", "b": {"x": 1}}))


def test_a_journey_that_cannot_work_is_told_at_once() -> None:
    first = make.JOURNEY.pages[0]

    with pytest.raises(ValueError, match="name of another"):
        dataclasses.replace(make.JOURNEY, pages=(first, first))
    with pytest.raises(ValueError, match="earlier question"):
        dataclasses.replace(make.JOURNEY, pages=make.JOURNEY.pages[2:])
    with pytest.raises(ValueError, match="need a heading"):
        dataclasses.replace(first, guidance="Read this")
    with pytest.raises(ValueError, match="kinds that choose"):
        make_question(Kind.TEXT, options_from="days")
    with pytest.raises(ValueError, match="no source is named"):
        journeys.offer_journey(make.JOURNEY, submit=make.submit)
