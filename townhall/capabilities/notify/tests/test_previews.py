"""What staff see of a wording: how people would see it, and what changed in it."""

from datetime import date

import pytest

from townhall.capabilities.notify.records import Channel
from townhall.capabilities.notify.rendering.changes import MOST_BY_WORD, compare
from townhall.capabilities.notify.rendering.highlight import mark, show, without_marks
from townhall.capabilities.notify.rendering.markdown import ON_PAGE, write_html
from townhall.capabilities.notify.rendering.preview import Preview, preview
from townhall.machinery.wording import Wording

PNG = "data:image/png;base64,iVBOR"


def in_short(html: str) -> str:
    return html.replace('<mark class="town-placeholder">', "{").replace("</mark>", "}")


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("Hi ((name)).", "<p>Hi {((name))}.</p>"),
        ("((a)) ((b c))", "<p>{((a))} {((b c))}</p>"),
        ("((late??Sorry))", "<p>{((late??}Sorry{))}</p>"),
        ("((late??((days)) late))", "<p>{((late??}{((days))} late{))}</p>"),
        ("((a??one\n\ntwo))", "<p>{((a??}one</p>\n<p>two{))}</p>"),
        ("((a\nb))", "<p>((a<br>b))</p>"),
        ("((<b>))", "<p>{((&lt;b&gt;))}</p>"),
        ("# ((a))", "<h2>{((a))}</h2>"),
        ("* ((a))", "<ul><li>{((a))}</li></ul>"),
        (
            "[((a))](https://x.example/((my id)))",
            '<p><a href="https://x.example/((my%20id))">{((a))}</a></p>',
        ),
        (
            "https://x.example/((id))",
            '<p><a href="https://x.example/((id))">https://x.example/{((id))}</a></p>',
        ),
        ("\ue000\ue001\ue002\ue003\ue004(a) ((", "<p>(a) ((</p>"),
    ],
)
def test_placeholders_stand_out(body: str, shown: str) -> None:
    html = write_html(mark(body), dict.fromkeys(ON_PAGE, ""))

    assert in_short(show(html)) == shown


def test_marks_can_be_taken_away_again() -> None:
    body = "Hi ((my name)), ((late??it is ((days)) late))"

    assert without_marks(mark(body)) == body


def shown(
    channel: Channel, body: str, welsh: str = "", subject: str = "On ((day))"
) -> list[Preview]:
    return preview(
        channel,
        Wording(subject, subject if welsh else ""),
        Wording(body, welsh),
        contact_block="Town Hall",
        written_on=date(2026, 11, 23),
        prefix="",
    )


def test_a_text_is_counted_as_it_would_be_sent() -> None:
    short, welsh = shown(Channel.SMS, "Hi  “((name))” <b>", "Dŵr " * 18)
    (long,) = shown(Channel.SMS, "x" * 919)

    assert in_short(short.html) == "Hi &quot;{((name))}&quot; &lt;b&gt;"
    assert (short.characters, short.texts, short.is_too_long) == (17, 1, False)
    assert (welsh.language, welsh.characters, welsh.texts) == ("cy", 71, 2)
    assert (long.characters, long.is_too_long) == (919, True)
    assert (short.is_guess, long.is_guess) == (True, False)


def test_an_email_has_its_subject() -> None:
    (only,) = shown(Channel.EMAIL, "# Hi")

    assert in_short(only.subject) == "On {((day))}"
    assert only.html == '<h2 class="govuk-heading-m">Hi</h2>'
    assert (only.pages, only.texts) == ((), 0)


def test_a_letter_is_shown_page_by_page_in_each_language() -> None:
    english, welsh = shown(Channel.LETTER, "Dear ((name))\n\n---\n\nMore", "Annwyl")

    assert [page[: len(PNG)] for page in english.pages] == [PNG, PNG]
    assert [page[: len(PNG)] for page in welsh.pages] == [PNG]
    assert "{((name))}" in in_short(english.html)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("a\n\n---\n\n" * 11, "A letter can have 10 pages. This one has more."),
        ("x " * 50_001, "A letter can have 10 pages. This one has more."),
        ("\U00013000", "The letter has characters that cannot be printed"),
    ],
)
def test_a_letter_that_cannot_be_printed_says_why_and_shows_its_words(
    body: str, fault: str
) -> None:
    (only,) = shown(Channel.LETTER, body)

    assert (only.pages, only.fault) == ((), fault)
    assert only.html


def compared(before: str, after: str) -> str:
    written = {"same": "%s", "added": "[+%s]", "removed": "[-%s]"}
    return "".join(written[each.kind] % each.words for each in compare(before, after))


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("", "Hello", "[+Hello]"),
        ("Hello", "", "[-Hello]"),
        ("Dear ((name))", "Dear ((full name))", "Dear (([+full ]name))"),
        ("by 7am.\n\nBye", "by 6am.\n\nBye", "by [-7am.][+6am.]\n\nBye"),
        ("a b c", "a c", "a [-b ]c"),
    ],
)
def test_what_changed_is_told_by_word(before: str, after: str, says: str) -> None:
    assert compared(before, after) == says


def test_what_changed_in_a_long_text_is_told_by_line() -> None:
    before = "one two\n" + "x" * MOST_BY_WORD
    after = "one three\n" + "x" * MOST_BY_WORD

    assert compared(before, after).startswith("[-one two\n][+one three\n]xxx")
