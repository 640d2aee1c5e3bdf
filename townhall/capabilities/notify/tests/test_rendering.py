"""The tables of GOV.UK Notify's rules, and what an email is made of."""

from datetime import UTC, datetime
from email.message import EmailMessage
from uuid import UUID

import pytest

from townhall.capabilities.notify.errors import MissingPersonalisation
from townhall.capabilities.notify.records import Attachment, Mail
from townhall.capabilities.notify.rendering.email import write_mail
from townhall.capabilities.notify.rendering.markdown import write_html, write_text
from townhall.capabilities.notify.rendering.placeholders import (
    fill_body,
    fill_subject,
    names_in,
    require_values,
)
from townhall.capabilities.notify.rendering.sanitising import sanitise

BARE = dict.fromkeys(("p", "h2", "h3", "ul", "ol", "li", "blockquote", "hr", "a"), "")


@pytest.mark.parametrize(
    ("template", "values", "expected"),
    [
        ("no placeholders", {}, "no placeholders"),
        ("Hello ((name))", {"name": "Jo"}, "Hello Jo"),
        ("((first name)) ((First-Name)) ((FIRST_NAME))", {"firstname": "Jo"}, "Jo Jo Jo"),
        ("((name))", {" Na-me_": "Jo"}, "Jo"),
        ("((n)) and ((flag))", {"n": 0, "flag": False}, "0 and False"),
        ("((name))", {"name": "Jo", "extra": "ignored"}, "Jo"),
        ("((name))", {"name": ""}, ""),
        ("(((name)))", {"name": "Jo"}, "(Jo)"),
        ("((one))", {"one": "((two))", "two": "no"}, "((two))"),
        ("((late??You are late))", {"late": "yes"}, "You are late"),
        ("((late??You are late))", {"late": True}, "You are late"),
        ("((late??You are late))!", {"late": "no"}, "!"),
        ("((late??You are late))!", {"late": 0}, "!"),
        ("((late??Why?? Late))", {"LATE": "Include"}, "Why?? Late"),
        ("((a??b??c))", {"a": "show"}, "b??c"),
        ("((late??It is ((n)) days late.))", {"late": "yes", "n": 3}, "It is 3 days late."),
        ("((late??It is ((n)) days late.))!", {"late": "no"}, "!"),
        ("((late??((n))))((n))", {"late": "yes", "n": 3}, "33"),
        ("((a??1((b??2((c))))))-", {"a": "y", "b": "y", "c": 3}, "123-"),
        ("((a??1((b??2((c))))))-", {"a": "y", "b": "n", "c": 3}, "1-"),
        ("((a??((things))))", {"a": "y", "things": ["b"]}, "* b"),
        ("((a??((b))))", {"a": "y", "b": "((c))", "c": "no"}, "((c))"),
        ("((a??b (c) ((d))))", {"a": "y", "d": "D"}, "((a??b (c) D))"),
        ("((a ((b)) c))", {"b": "B"}, "((a B c))"),
        ("((a??((b))", {"a": "y", "b": "B"}, "((a??B"),
        ("((a??((b))))", {}, "((a??((b))))"),
        ("You have ((things))", {"things": ["a", " b "]}, "You have \n\n* a\n* b"),
        ("((things))", {"things": [None, "", "a\u200b"]}, "* a"),
        ("none: ((things))", {"things": []}, "none:"),
        ("a\r\n((name))\r\n", {"name": "Jo"}, "a\r\nJo"),
        ("<b>((name))</b>", {"name": "<i>"}, "<b><i></b>"),
    ],
)
def test_a_body_is_filled_in(template: str, values: dict[str, object], expected: str) -> None:
    assert fill_body(template, values) == expected


@pytest.mark.parametrize(
    ("template", "values", "expected"),
    [
        ("((things))", {"things": ["a", "b", "c"]}, "a, b and c"),
        ("((things))", {"things": ["a"]}, "a"),
        ("Bin((late?? ((n)) days late))", {"late": True, "n": 3}, "Bin 3 days late"),
        ("((name))", {"name": "two\r\nlines\x0bor three\u2028four"}, "two lines or three four"),
        ("Your 'bin' - now", {}, "Your ‘bin’ – now"),
        ('It\'s "here" .', {}, "It’s “here”."),
        ("a-b", {}, "a-b"),
    ],
)
def test_a_subject_is_one_line(template: str, values: dict[str, object], expected: str) -> None:
    assert fill_subject(template, values) == expected


def test_placeholders_are_named_once_each_as_first_written() -> None:
    found = names_in("((Day)) ((flag??text))", "((day)) ((name)) (not) ((a(b)))")

    assert found == ("Day", "flag", "name")


def test_placeholders_in_conditional_text_are_named_after_their_flag() -> None:
    found = names_in("((late??((Days)) late ((a??((b)))))) ((days)) ((late))")

    assert found == ("late", "Days", "a", "b")


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({"late": "no"}, ""),
        ({"late": "yes", "days": 3}, ""),
        ({"late": "yes"}, "days"),
        ({"late": ["yes"]}, "days"),
        ({}, "late"),
        ({"days": 3}, "late"),
    ],
)
def test_conditional_text_needs_values_when_it_is_shown(
    values: dict[str, object], missing: str
) -> None:
    template = "((late??It is ((days)) days late.))"

    if not missing:
        require_values(values, template)
        return
    with pytest.raises(MissingPersonalisation, match=f"^Missing personalisation: {missing}$"):
        require_values(values, template)


@pytest.mark.parametrize("start", ["((a??", "((", "((a", "((a??((b))", "((a??" + "??" * 100])
def test_no_template_is_slow_to_search(start: str) -> None:
    """A pattern that went back over what it read would take minutes."""
    assert "(" not in "".join(names_in(start * 20_000))


def test_every_missing_value_is_named() -> None:
    with pytest.raises(MissingPersonalisation, match=r"^Missing personalisation: name, b$"):
        require_values({"a": "", "b": None}, "((name)) ((A))", "((b))")


@pytest.mark.parametrize(
    ("body", "html", "text"),
    [
        ("a\nb\r\n\r\n\nc", "<p>a<br>b</p>\n<p>c</p>", "a\nb\n\nc\n"),
        ("# Head", "<h2>Head</h2>", f"\nHead\n{'=' * 65}\n"),
        ("## Sub ##\ntext", "<h3>Sub</h3>\n<p>text</p>", f"\nSub\n{'-' * 65}\n\ntext\n"),
        ("### Third", "<p>Third</p>", "Third\n"),
        ("* a\n- b\n• c", "<ul><li>a</li><li>b</li><li>c</li></ul>", "• a\n• b\n• c\n"),
        ("1. a\n9. b", "<ol><li>a</li><li>b</li></ol>", "1. a\n2. b\n"),
        ("intro\n* a", "<p>intro</p>\n<ul><li>a</li></ul>", "intro\n\n• a\n"),
        ("^ set\nin", "<blockquote><p>set<br>in</p></blockquote>", "set\nin\n"),
        ("a\n---\nb", "<p>a</p>\n<hr>\n<p>b</p>", f"a\n\n{('=-' * 65)[:65]}\n\nb\n"),
        ("*not bold* -5", "<p>*not bold* -5</p>", "*not bold* -5\n"),
        (
            "[words](https://a.example/?b=1&c=2)",
            '<p><a href="https://a.example/?b=1&amp;c=2">words</a></p>',
            "words: https://a.example/?b=1&c=2\n",
        ),
        (
            "See https://a.example/b.",
            '<p>See <a href="https://a.example/b">https://a.example/b</a>.</p>',
            "See https://a.example/b.\n",
        ),
        (
            "[x](javascript:alert(1))",
            "<p>[x](javascript:alert(1))</p>",
            "[x](javascript:alert(1))\n",
        ),
        (
            '<script>"&',
            "<p>&lt;script&gt;&quot;&amp;</p>",
            '<script>"&\n',
        ),
        (
            'https://a.example/"onclick="x',
            '<p><a href="https://a.example/">https://a.example/</a>&quot;onclick=&quot;x</p>',
            'https://a.example/"onclick="x\n',
        ),
        (r"\# no \[link\]", "<p># no [link]</p>", "# no [link]\n"),
    ],
)
def test_markdown_as_html_and_as_text(body: str, html: str, text: str) -> None:
    assert write_html(body, BARE) == html
    assert write_text(body) == text


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ("Ann", "Ann"),
        ("Win at https://bad.example/x now", "Win at  now"),
        ("visit bad.example", "visit bad. example"),
        ("# Big [words](x)", r"\# Big \[words\]\(x\)"),
        ("- a\n1. b", "\\- a\n1\\. b"),
    ],
)
def test_a_sanitised_value_neither_links_nor_formats(value: str, safe: str) -> None:
    values, changed = sanitise({"First name": value, "other": "#"}, ["first_name"])

    assert values == {"First name": safe, "other": "#"}
    assert changed == ({} if safe == value else {"First name": safe})


def make_letter(**changes: object) -> EmailMessage:
    usual: dict[str, object] = {
        "message_id": UUID(int=5),
        "from_name": "Barset Council, Waste",
        "from_address": "noreply@barset.example",
        "to": "ann@exämple.com",
        "subject": "Casgliad ŵ\r\nBcc: all@example.com",
        "text": "Helo\n",
        "html": "<p>Helo</p>",
        "language": "cy",
        "unsubscribe_url": "",
        "reply_to": "",
        "attachments": (),
        "written_at": datetime(2026, 11, 23, 9, tzinfo=UTC),
    }
    return write_mail(Mail(**usual | changes))  # type: ignore[arg-type]


def test_a_letter_says_who_when_and_which() -> None:
    letter = make_letter(unsubscribe_url="https://a.example/u")

    assert letter["From"] == '"Barset Council, Waste" <noreply@barset.example>'
    assert letter["To"] == "ann@xn--exmple-cua.com"
    assert letter["Message-ID"] == "<00000000-0000-0000-0000-000000000005@barset.example>"
    assert letter["Date"] == "Mon, 23 Nov 2026 09:00:00 +0000"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"] == "<https://a.example/u>"
    assert letter["Bcc"] is None
    assert letter["Subject"] == "Casgliad ŵ Bcc: all@example.com"


def test_a_letter_has_text_html_and_attachments() -> None:
    calendar = Attachment(
        filename="collection.ics",
        content_type="text/calendar; method=PUBLISH",
        content=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    )

    letter = make_letter(attachments=(calendar,))

    assert [part.get_content_type() for part in letter.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    (attached,) = letter.iter_attachments()
    assert attached.get_payload(decode=True) == calendar.content
    assert attached.get_param("method") == "PUBLISH"
    assert attached.get_filename() == "collection.ics"
