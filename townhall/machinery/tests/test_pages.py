"""Fields, tags and values as people see them; nothing here needs the database."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from townhall.machinery.money import Money
from townhall.machinery.pages import fields, writing
from townhall.machinery.pages.colour import BLACK, WHITE, contrast, write_theme
from townhall.machinery.pages.forms import Form
from townhall.machinery.wording import Wording

DAY = date(2026, 11, 23)


class Collection(Form):
    name = fields.Text(label="Full name", hint="As on your bill", missing="Enter your name")
    day = fields.Choice(
        label="Day", choices=[("mon", "Monday"), ("tue", "Tuesday")], hints={"tue": "2 places left"}
    )
    items = fields.Choices(choices=[("a", "Sofa"), ("b", "Bed"), ("c", "Rug")], most=2)
    moved_on = fields.Date(label="When did you move in?", latest=DAY)
    price = fields.MoneyAmount(label="Price", lowest=Money(100))
    says = fields.EachLanguage(label="What to say")
    note = fields.LongText(label="Note", max_length=20, required=False)
    phone = fields.Phone(label="Telephone number", required=False)
    places = fields.Number(label="Places", lowest=1, highest=9)


ANSWERS = {
    "name": "Sam Green",
    "day": "tue",
    "items": ["a", "c"],
    "moved_on_day": "3",
    "moved_on_month": "2",
    "moved_on_year": "2020",
    "price": "£1,234.50",
    "says_en": "Hello",
    "says_cy": "Helo",
    "phone": "+44 7700 900982",
    "places": "9",
}


def shown(template: str, **context: object) -> str:
    text = Template("{% load govuk %}" + template).render(Context(context))
    return re.sub(r"\s+", " ", text).strip()


def errors_of(changes: Mapping[str, object]) -> dict[str, list[str]]:
    errors = Collection({**ANSWERS, **changes}).errors
    return {name: [str(each) for each in says] for name, says in errors.items()}


def test_answers_become_clean_values() -> None:
    form = Collection(ANSWERS)

    assert form.is_valid(), form.errors
    assert form.cleaned_data == {
        "name": "Sam Green",
        "day": "tue",
        "items": ["a", "c"],
        "moved_on": date(2020, 2, 3),
        "price": Money(123450),
        "says": Wording("Hello", "Helo"),
        "note": "",
        "phone": "07700 900982",
        "places": 9,
    }


@pytest.mark.parametrize(
    ("name", "changes", "says"),
    [
        ("name", {"name": " "}, "Enter your name"),
        ("items", {"items": ["a", "b", "c"]}, "Choose 2 or fewer"),
        ("moved_on", {"moved_on_day": ""}, "The date must include a day, a month and a year"),
        ("moved_on", {"moved_on_day": "31"}, "Enter a real date, like 27 3 2027"),
        ("moved_on", {"moved_on_year": "20"}, "The year must have 4 numbers"),
        ("moved_on", {"moved_on_year": "2027"}, "The date must be 23 November 2026 or earlier"),
        ("price", {"price": "ten"}, "Enter an amount in pounds and pence, like 12.50"),
        ("price", {"price": "1.005"}, "Enter an amount in pounds and pence, like 12.50"),
        ("price", {"price": "0.99"}, "Enter £1 or more"),
        ("says", {"says_en": ""}, "Enter the words in English"),
        ("note", {"note": "x" * 21}, "Use 20 characters or fewer"),
        ("places", {"places": "10"}, "Enter 9 or less"),
        ("places", {"places": "one"}, "Enter a whole number, like 12"),
    ],
)
def test_a_wrong_answer_says_how_to_put_it_right(
    name: str, changes: Mapping[str, object], says: str
) -> None:
    errors = errors_of(changes)

    assert errors == {name: [says]}


def test_an_input_is_described_by_its_hint_and_its_error() -> None:
    form = Collection({})

    html = shown("{% field form.name %}", form=form)

    assert 'aria-describedby="id_name-hint id_name-error"' in html
    assert '<div id="id_name-hint" class="govuk-hint">As on your bill</div>' in html
    assert '<span class="govuk-visually-hidden">Error:</span> Enter your name' in html
    assert "govuk-input--error" in html
    assert "required" not in html


def test_what_people_typed_is_shown_again_and_escaped() -> None:
    form = Collection({"name": "<b>", "moved_on_day": "31", "price": "<i>"})

    html = shown("{{ form }}", form=form)

    assert 'value="&lt;b&gt;"' in html
    assert 'value="&lt;i&gt;"' in html
    assert 'name="moved_on_day" value="31"' in html


def test_each_radio_has_its_own_hint() -> None:
    html = shown("{% field form.day %}", form=Collection(initial={"day": "tue"}))

    assert 'id="id_day" name="day" type="radio" value="mon">' in html
    assert 'value="tue" checked aria-describedby="id_day-2-item-hint">' in html
    assert "2 places left" in html


def test_the_question_of_a_page_is_its_heading() -> None:
    form = Collection()

    assert '<h1 class="govuk-label-wrapper">' in shown(
        "{% field form.name heading=True %}", form=form
    )
    assert '<h1 class="govuk-fieldset__heading">Day</h1>' in shown(
        "{% field form.day heading=True %}", form=form
    )


def test_a_question_that_may_be_left_out_says_so() -> None:
    assert "Note (optional)" in shown("{% field form.note %}", form=Collection())


def test_the_error_summary_links_to_the_first_input_of_each_answer() -> None:
    form = Collection({**ANSWERS, "day": "", "moved_on_day": "", "says_en": ""})
    form.is_valid()
    form.add_error(None, "That day is full")

    html = shown("{% error_summary form %}", form=form)

    assert re.findall(r'href="#(\w+)"', html) == ["id_day", "id_moved_on_day", "id_says_en"]
    assert "<li>That day is full</li>" in html


def test_no_error_summary_is_shown_when_all_is_well() -> None:
    assert shown("{% error_summary form missing %}", form=Collection(ANSWERS)) == ""


def test_a_button_submits_once() -> None:
    html = shown('{% button text name="do" value="pay" %}', text="Pay <now>")

    assert 'data-prevent-double-click="true"' in html
    assert "Pay &lt;now&gt;</button>" in html


def test_a_list_leads_to_its_next_page_and_back_to_the_first() -> None:
    request = RequestFactory().get("/staff/cases/", {"team": "waste", "place": "abc"})

    html = shown("{% pagination page %}", request=request, page=SimpleNamespace(next_place="d:e"))

    assert 'href="/staff/cases/?team=waste&amp;place=d%3Ae"' in html
    assert 'href="/staff/cases/?team=waste" rel="prev"' in html


def test_a_list_of_one_page_has_no_links() -> None:
    request = RequestFactory().get("/staff/cases/")

    assert (
        shown("{% pagination page %}", request=request, page=SimpleNamespace(next_place=None)) == ""
    )


def test_a_summary_row_says_what_its_change_link_changes() -> None:
    html = shown('{% summary_row "Name" "Sam Green" "/name" %}')

    assert 'Change<span class="govuk-visually-hidden"> Name</span>' in html


@pytest.mark.parametrize(
    ("money", "reads"),
    [
        (Money(1234), "£12.34"),
        (Money(1200), "£12"),
        (Money(123450), "£1,234.50"),
        (Money(-5), "−£0.05"),
        (Money(0), "£0"),
        (Money(123450, "EUR"), "€1,234.50"),
        (Money(123450, "JPY"), "JP¥123,450"),
        (Money(1250, "KWD"), "1.250 KWD"),
        (Money(5000, "IQD"), "5 IQD"),
        (Money(-1250, "CHF"), "−12.50 CHF"),
        (Money(500, "SEK"), "5 SEK"),
    ],
)
def test_money_reads_as_people_write_it(money: Money, reads: str) -> None:
    assert shown("{{ money|money }}", money=money) == reads


@pytest.mark.parametrize(
    ("at", "reads"),
    [
        (time(0, 0), "midnight"),
        (time(12, 0), "midday"),
        (time(9, 0), "9am"),
        (time(22, 30), "10:30pm"),
        (datetime(2026, 7, 1, 9, 5, tzinfo=UTC), "10:05am"),
    ],
)
def test_a_time_reads_as_the_clocks_here_show_it(at: time | datetime, reads: str) -> None:
    assert writing.write_time(at) == reads


def test_dates_read_in_the_language_of_the_moment() -> None:
    assert writing.write_weekday(DAY) == "Monday 23 November 2026"
    assert writing.write_moment(datetime(2026, 11, 23, 10, 30, tzinfo=UTC)) == (
        "23 November 2026 at 10:30am"
    )
    with override("cy"):
        assert writing.write_weekday(DAY) == "Dydd Llun 23 Tachwedd 2026"


@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#1d70b8", "#ffdd00", "#767676"])
def test_text_on_any_colour_can_be_read(colour: str) -> None:
    css = write_theme(colour)

    text = WHITE if WHITE in css.partition("text:")[2] else BLACK
    assert contrast(text, colour) >= 4.5


def test_what_is_no_colour_never_reaches_the_stylesheet() -> None:
    assert "url(" not in write_theme("red}body{background:url(//x)")
