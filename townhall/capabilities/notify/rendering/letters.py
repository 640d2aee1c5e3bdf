"""A letter as it goes to the printer: an A4 PDF that screen readers can read as well (PDF/UA-1).

The address stands where GOV.UK Notify's letter specification wants it. Typst sets the text, in the
serif that it brings along; letters it lacks come from the fonts of the machine.
https://www.notifications.service.gov.uk/using-notify/guidance/letter-specification
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from functools import cache
from io import BytesIO
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Any
from unicodedata import normalize

import typst
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import override
from pypdf import PdfReader

from townhall.capabilities.notify.errors import CodeTooLong, NotALetter
from townhall.capabilities.notify.records import Sheet
from townhall.capabilities.notify.rendering.codes import (
    apart,
    check_codes,
    code_in,
    codes_in,
)
from townhall.capabilities.notify.rendering.highlight import without_marks
from townhall.capabilities.notify.rendering.markdown import (
    Block,
    Kind,
    Piece,
    read_blocks,
    read_line,
)
from townhall.machinery.pages.codes import draw_code

_MAIN = b'#import "letter.typ": write\n#write(json("letter.json"))\n'
_SOURCE = Path(__file__).with_name("letter.typ").read_bytes()
_KINDS = {
    Kind.HEADING: "heading",
    Kind.SUBHEADING: "heading",
    Kind.BULLETS: "bullets",
    Kind.NUMBERED: "numbered",
    Kind.RULE: "page-break",
}
# Controls, half characters, and what turns the direction of writing (Typst has stumbled over that).
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_SCHEME = re.compile(r"^(https?://|mailto:|tel:)")
_LONG_WORD = re.compile(r"\S{60}(?=\S)")
MOST_PAGES = 10
MOST_LETTERS = 100_000  # twice what can stand on so many pages
MOST_CODES = 60  # more than can stand on so many pages; each takes a while to draw
PIXELS_AN_INCH = 100
_one_at_a_time = Lock()  # a compiler is one thread's while it works


def write_pdf(sheet: Sheet) -> bytes:
    """The letter of `set_letter`."""
    return set_letter(sheet)[0]


def set_letter(sheet: Sheet) -> tuple[bytes, int]:
    """The PDF and how many pages it has; the same bytes on a machine with the same fonts.

    In the body a rule (---) begins a new page, a link shows its address, and inset text is a
    paragraph, as in GOV.UK Notify's letters. Raises NotALetter where no font has a letter that was used,
    for more pages than a letter may have, and for a QR code that nobody could scan.
    """
    _check_length(len(sheet.body), most=MOST_LETTERS)
    _check_codes(without_marks(sheet.body))
    data = _data_of(sheet)
    pdf = _pdf_of(data | {"numbered": False}, sheet)
    pages = count_pages(pdf)
    _check_length(pages, most=MOST_PAGES)
    if pages > 1:  # numbers make setting it slower, and few letters need them
        pdf = _pdf_of(data | {"numbered": True}, sheet)
    return pdf, pages


def write_pictures(sheet: Sheet) -> tuple[bytes, ...]:
    """Each page as a PNG to look at, with the placeholders and the envelope's window marked.

    What `mark` puts into the body makes links of those whose address has a placeholder. Raises NotALetter.
    """
    set_letter(sheet)  # which looks at its length
    data = _data_of(sheet) | {"numbered": True, "preview": True}
    return _compile(data, sheet.written_on, format="png", ppi=PIXELS_AN_INCH)


def _check_length(length: int, *, most: int) -> None:
    if length > most:
        words = _("A letter can have %(most)d pages. This one has more.") % {"most": MOST_PAGES}
        raise NotALetter(words, fault="letter-too-long")


def _check_codes(body: str) -> None:
    _check_length(len(codes_in(body)), most=MOST_CODES)
    try:
        check_codes(body)
    except CodeTooLong as error:
        raise NotALetter(str(error), fault="qr-code-too-long") from error


def _pdf_of(data: dict[str, Any], sheet: Sheet) -> bytes:  # what becomes JSON
    (pdf,) = _compile(data, sheet.written_on, format="pdf", pdf_standards=["ua-1"])
    return pdf


def count_pages(pdf: bytes) -> int:
    return len(PdfReader(BytesIO(pdf)).pages)


def _compile(data: dict[str, Any], written_on: date, **how: Any) -> tuple[bytes, ...]:  # JSON's
    """The one PDF, or a picture of each page. Raises NotALetter."""
    written = json.dumps(data, ensure_ascii=False)
    if "preview" in data:
        written = without_marks(written)
    files = {"main": _MAIN, "letter.typ": _SOURCE, "letter.json": written.encode()}
    try:
        with _one_at_a_time:
            made = _compiler().compile(
                files,
                timestamp=datetime.combine(written_on, time(), UTC),
                **how,
            )
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        words = _("The letter has characters that cannot be printed")
        raise NotALetter(words, fault="unprintable-characters") from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        # Rust's panic is no Exception to Python, and would end the worker instead of the task.
        raise RuntimeError("Typst panicked") from None
    if made is None:
        raise TypeError("Typst wrote nothing")
    return (made,) if isinstance(made, bytes) else tuple(made)


@cache
def _compiler() -> typst.Compiler:
    """Made once: it reads the fonts, and what it learned of one letter helps with the next."""
    return typst.Compiler()


def _data_of(sheet: Sheet) -> dict[str, Any]:  # what becomes JSON
    subject = _clean(" ".join(sheet.subject.split()))
    with override(sheet.language):
        day = format_date(sheet.written_on, "j F Y")
    return {
        "language": sheet.language,
        "title": subject or day,
        "address": [_clean(line) for line in sheet.address],
        "contact": [_clean(line) for line in sheet.contact_block.splitlines()],
        "date": day,
        "subject": subject,
        "body": list(_blocks_of(sheet.body, level=1 if subject else 0)),
    }


def _blocks_of(body: str, *, level: int) -> Iterator[dict[str, Any]]:
    """`level` is that of the heading above, since PDF/UA lets none be skipped on the way down."""
    for block in chain.from_iterable(map(apart, read_blocks(body))):
        if code := _UNPRINTABLE.sub("", without_marks(code_in(block))):
            yield {
                "kind": "code",
                "level": level,
                "lines": [],
                "words": code,
                "picture": draw_code(code),
            }
            continue
        lines = _lines_of(block)
        if block.kind in (Kind.HEADING, Kind.SUBHEADING):
            if not _has_words(lines[0]):
                continue
            level = min(level + 1, 2 if block.kind is Kind.HEADING else 3)
        yield {"kind": _KINDS.get(block.kind, "paragraph"), "level": level, "lines": lines}


def _lines_of(block: Block) -> list[list[dict[str, str]]]:
    return [[_piece_of(piece) for piece in read_line(line)] for line in block.lines]


def _has_words(line: list[dict[str, str]]) -> bool:
    return any(piece["words"].strip() or piece["shown"] for piece in line)


def _piece_of(piece: Piece) -> dict[str, str]:
    """A link's words stand before its address, since paper cannot be clicked."""
    before = "" if piece.words == piece.target else f"{piece.words}: "
    return {
        "words": _clean(before if piece.target else piece.words),
        "target": _UNPRINTABLE.sub("", piece.target),
        "shown": _clean(_SCHEME.sub("", piece.target)),
    }


def _clean(words: str) -> str:
    """Without what no printer has, and with places where an endless word may break."""
    printable = _UNPRINTABLE.sub("", normalize("NFC", words)).replace("\t", " ")
    return _LONG_WORD.sub("\\g<0>\u200b", printable)
