"""The Markdown that GOV.UK Notify knows, as plain text and as HTML; nothing else is special.

Headings (# and ##), bulleted and numbered lists, inset text (^), a rule (---), links. Every other
character is written as it is, and escaped in HTML.
https://www.notifications.service.gov.uk/using-notify/formatting
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from html import escape

WIDTH = 65  # of the lines under headings and of rules, in plain text

_RULE = re.compile(r"^ *([-*_])( *\1){2,} *$")
_HEADING = re.compile(r"^ *(#{1,6})(.*)$")
_BULLET = re.compile(r"^ *[•*-] +(.*)$")
_NUMBERED = re.compile(r"^ *\d+\. +(.*)$")
_INSET = re.compile(r"^ *\^ ?(.*)$")
_INLINE = re.compile(
    r"\\(?P<literal>[\\`*_{}\[\]()#+.!^~|>-])"
    r"|\[(?P<words>[^\[\]]+)\]\((?P<target>(?:https?://|mailto:|tel:)[^\s()<>\"]+)\)"
    r"|(?P<url>https?://[^\s<>\"]+[^\s<>\".,:;!?'’)\]])"
)


class Kind(Enum):
    PARAGRAPH = auto()
    HEADING = auto()
    SUBHEADING = auto()
    BULLETS = auto()
    NUMBERED = auto()
    INSET = auto()
    RULE = auto()


@dataclass(frozen=True, slots=True)
class Block:
    kind: Kind
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    words: str
    target: str = ""  # of a link


# The attributes of each tag: an email has its own, since mail programs keep no stylesheet.
Look = Mapping[str, str]
_TEXT = "font-size:19px;line-height:25px;color:#0b0c0c"
IN_EMAIL: Look = {
    "p": f' style="margin:0 0 20px 0;{_TEXT}"',
    "h2": ' style="margin:0 0 15px 0;padding:10px 0 0 0;font-size:27px;line-height:35px"',
    "h3": ' style="margin:0 0 15px 0;padding:10px 0 0 0;font-size:19px;line-height:25px"',
    "ul": f' style="margin:0 0 20px 20px;padding:0;{_TEXT}"',
    "ol": f' style="margin:0 0 20px 20px;padding:0;{_TEXT}"',
    "li": ' style="margin:5px 0;padding:0 0 0 5px"',
    "blockquote": ' style="margin:0 0 20px 0;border-left:10px solid #b1b4b6;'
    'padding:15px 0 0.1px 15px"',
    "hr": ' style="border:0;height:1px;background:#b1b4b6;margin:30px 0"',
    "a": ' style="word-wrap:break-word;color:#1d70b8"',
}
ON_PAGE: Look = {
    "p": ' class="govuk-body"',
    "h2": ' class="govuk-heading-m"',
    "h3": ' class="govuk-heading-s"',
    "ul": ' class="govuk-list govuk-list--bullet"',
    "ol": ' class="govuk-list govuk-list--number"',
    "li": "",
    "blockquote": ' class="govuk-inset-text"',
    "hr": ' class="govuk-section-break govuk-section-break--visible govuk-section-break--m"',
    "a": ' class="govuk-link"',
}


def write_text(body: str) -> str:
    """The body as people without HTML read it."""
    written = "\n\n".join(_block_as_text(block) for block in read_blocks(body))
    return f"{written}\n"


def write_html(body: str, look: Look) -> str:
    """The body as HTML, with everything escaped that a sender or a value brought."""
    return "\n".join(_block_as_html(block, look) for block in read_blocks(body))


def read_blocks(body: str) -> Iterator[Block]:
    """The body's paragraphs, headings and lists; their lines still have links in them."""
    kind, lines = Kind.PARAGRAPH, list[str]()
    for line in [*body.splitlines(), ""]:
        found, words = _read(line)
        goes_on = lines and (found is kind or (found is Kind.PARAGRAPH and kind is Kind.INSET))
        if lines and (not line.strip() or not goes_on):
            yield Block(kind, tuple(lines))
            lines = []
        if not line.strip():
            continue
        if found in (Kind.HEADING, Kind.SUBHEADING, Kind.RULE):
            yield Block(found, (words,))
            continue
        kind = kind if lines else found
        lines.append(words)


def read_line(line: str) -> Iterator[Piece]:
    """What a line of a block is made of: words and links, without the marks."""
    place = 0
    for match in _INLINE.finditer(line):
        yield Piece(line[place : match.start()])
        place = match.end()
        if match["literal"]:
            yield Piece(match["literal"])
        elif match["url"]:
            yield Piece(match["url"], match["url"])
        else:
            yield Piece(match["words"], match["target"])
    yield Piece(line[place:])


def _read(line: str) -> tuple[Kind, str]:
    """What a line is, and its words without the mark that says so."""
    if _RULE.match(line):
        return Kind.RULE, ""
    if heading := _HEADING.match(line):
        kind = {1: Kind.HEADING, 2: Kind.SUBHEADING}.get(len(heading[1]), Kind.PARAGRAPH)
        return kind, heading[2].strip().rstrip("#").rstrip()
    marks = ((Kind.BULLETS, _BULLET), (Kind.NUMBERED, _NUMBERED), (Kind.INSET, _INSET))
    for kind, mark in marks:
        if match := mark.match(line):
            return kind, match[1]
    return Kind.PARAGRAPH, line.strip()


def _block_as_text(block: Block) -> str:
    lines = [_inline(line, str, _link_as_text) for line in block.lines]
    match block.kind:
        case Kind.HEADING:
            return f"\n{lines[0]}\n{'=' * WIDTH}"
        case Kind.SUBHEADING:
            return f"\n{lines[0]}\n{'-' * WIDTH}"
        case Kind.RULE:
            return ("=-" * WIDTH)[:WIDTH]
        case Kind.BULLETS:
            return "\n".join(f"• {line}" for line in lines)
        case Kind.NUMBERED:
            return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
    return "\n".join(lines)


def _link_as_text(words: str, target: str) -> str:
    return target if words == target else f"{words}: {target}"


def _block_as_html(block: Block, look: Look) -> str:
    def link(words: str, target: str) -> str:
        return f'<a{look["a"]} href="{escape(target)}">{escape(words)}</a>'

    def tag(name: str, inside: str) -> str:
        return f"<{name}{look[name]}>{inside}</{name}>"

    lines = [_inline(line, escape, link) for line in block.lines]
    match block.kind:
        case Kind.HEADING | Kind.SUBHEADING:
            return tag("h2" if block.kind is Kind.HEADING else "h3", lines[0])
        case Kind.BULLETS | Kind.NUMBERED:
            items = "".join(tag("li", line) for line in lines)
            return tag("ul" if block.kind is Kind.BULLETS else "ol", items)
        case Kind.RULE:
            return f"<hr{look['hr']}>"
        case Kind.INSET:
            return tag("blockquote", tag("p", "<br>".join(lines)))
    return tag("p", "<br>".join(lines))


def _inline(
    line: str, write_words: Callable[[str], str], write_link: Callable[[str, str], str]
) -> str:
    return "".join(
        write_link(piece.words, piece.target) if piece.target else write_words(piece.words)
        for piece in read_line(line)
    )
