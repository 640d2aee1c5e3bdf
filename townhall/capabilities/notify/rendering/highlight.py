"""((placeholders)) that stand out in what staff look at, as they do in GOV.UK Notify."""

import re

from django.utils.safestring import SafeString, mark_safe

from townhall.capabilities.notify.rendering.placeholders import PLACEHOLDER

# Private letters of Unicode stand for what becomes HTML once the text round it has been escaped.
_OPEN, _CLOSE, _BEFORE, _AFTER, _SPACE = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
_MARK = '<mark class="town-placeholder">'
_IN_TEXT = str.maketrans(
    {_OPEN: f"{_MARK}((", _CLOSE: "))</mark>", _BEFORE: _MARK, _AFTER: "</mark>", _SPACE: " "}
)
_AS_IT_WAS = str.maketrans({_OPEN: "((", _CLOSE: "))", _BEFORE: "", _AFTER: "", _SPACE: " "})
_IN_TAG = _AS_IT_WAS | {ord(_SPACE): "%20"}
_NOTHING = dict.fromkeys(map(ord, _OPEN + _CLOSE + _BEFORE + _AFTER + _SPACE))
_TAG = re.compile(r"(<[^>]*>)")


def mark(text: str) -> str:
    """The text with a stand-in for each mark round a placeholder; it can still be Markdown."""
    return PLACEHOLDER.sub(_mark, text.translate(_NOTHING))


def show(html: str) -> SafeString:
    """HTML that was made of marked text and is escaped already, with its marks in their place."""
    parts = _TAG.split(html)  # every other one is a tag: an address in a link has no marks
    shown = [part.translate(_IN_TAG if at % 2 else _IN_TEXT) for at, part in enumerate(parts)]
    return mark_safe("".join(shown))  # noqa: S308  # see above


def without_marks(text: str) -> str:
    """Marked text as it was."""
    return text.translate(_AS_IT_WAS)


def _mark(match: re.Match[str]) -> str:
    """Of conditional text only its ends: what is between may be several paragraphs."""
    name, is_conditional, conditional_text = match[1].partition("??")
    if "\n" in name or "\r" in name:
        return match[0]
    name = name.replace(" ", _SPACE)  # a link's address ends at a space
    if not is_conditional:
        return f"{_OPEN}{name}{_CLOSE}"
    inside = PLACEHOLDER.sub(_mark, conditional_text)
    return f"{_OPEN}{name}??{_AFTER}{inside}{_BEFORE}{_CLOSE}"
