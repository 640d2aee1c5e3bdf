"""What a text says when it is sent, and how many parts that takes."""

import pytest

from townhall.capabilities.notify.rendering.texts import count_fragments, write_sms


@pytest.mark.parametrize(
    ("body", "values", "expected"),
    [
        ("Hello ((First name))", {"first_name": "Jo"}, "Hello Jo"),
        ("Bring ((things)).", {"things": ["a", " b\u200b ", None, "c"]}, "Bring a, b and c."),
        ("Bring ((things)).", {"things": ["a"]}, "Bring a."),
        ("Bring ((things)).", {"things": []}, "Bring."),
        ("((late??You are ((days)) days late))", {"late": "yes", "days": 3}, "You are 3 days late"),
        ("((late??You are ((days)) days late))!", {"late": "no"}, "!"),
        ("Hello ((name))", {}, "Hello ((name))"),
        ("# Not *Markdown*\n* here", {}, "# Not *Markdown*\n* here"),
        ("<b>&amp;</b>", {}, "<b>&amp;</b>"),
    ],
)
def test_a_text_is_filled_in(body: str, values: dict[str, object], expected: str) -> None:
    assert write_sms(body, values) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("  a\r\nb \r\n", "a\nb"),
        ("a \t\u00a0 b\n \n\n\n  c", "a b\n\nc"),
        ("Dear Jo , hello .", "Dear Jo, hello."),
        ("a\rb", "a\nb"),
    ],
)
def test_space_is_tidied(body: str, expected: str) -> None:
    assert write_sms(body, {}) == expected


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        ("‘It’s’ “so” – or—so…", "'It's' \"so\" - or-so..."),
        ("a\tb\u00a0c\u202fd", "a b c d"),
        ("GOV.\u200bUK\ufeff", "GOV.UK"),
        ("£5, €5, à la Ç, Ñ, ß [~]", "£5, €5, à la Ç, Ñ, ß [~]"),
        ("Tŷ, dŵr, ŴÊŶ ẁẅÿ", "Tŷ, dŵr, ŴÊŶ ẁẅÿ"),
        ("dw\u0302r", "dŵr"),  # typed as two
        ("ç Č ő ã", "c C o a"),
        ("ấ ệ", "â e"),  # more than one accent
        ("😬 中 я œ ½ ≠ ™", "? ? ? ? ? ? ?"),
        ("\x1b", "?"),
    ],
)
def test_letters_are_made_plain_enough_for_phones(body: str, sent: str) -> None:
    assert write_sms(body, {}) == sent
    assert write_sms("((value))", {"value": body}) == sent


@pytest.mark.parametrize(
    ("text", "fragments"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("é" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("a" * 918, 6),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("[" + "a" * 159, 2),
        ("ŵ" * 70, 1),
        ("ŵ" + "a" * 70, 2),
        ("ŵ" + "a" * 133, 2),
        ("ŵ" + "a" * 134, 3),
        ("ŵ" + "[" * 69, 1),  # nothing counts twice in UCS-2
    ],
)
def test_fragments_are_counted_as_they_are_billed(text: str, fragments: int) -> None:
    assert count_fragments(text) == fragments
