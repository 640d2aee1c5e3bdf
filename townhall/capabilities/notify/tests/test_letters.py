"""What a letter's PDF is: where its address stands, what can be read of it, and by whom."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pypdfium2
import pytest
from pypdf import PdfReader

from townhall.capabilities.notify.errors import NotALetter
from townhall.capabilities.notify.records import Sheet
from townhall.capabilities.notify.rendering.codes import codes_in
from townhall.capabilities.notify.rendering.letters import (
    count_pages,
    write_pdf,
)
from townhall.capabilities.notify.rules.precompiled import check_precompiled
from townhall.machinery.pages.codes import draw_code

MM = 25.4 / 72
SHEET = Sheet(
    address=("Mx A Person", "1 High Street", "Anytown", "AB1 1AA"),
    contact_block="Anytown Council\nTown Hall\nAB1 2BB",
    written_on=date(2026, 11, 23),
    subject="Your collection",
    body="Dear Mx Person",
    language="en",
)
LONG = "A house whose name goes on and on, since it has been joined to the one next door, " * 2
ADDRESSES = [
    SHEET.address,
    (LONG, "Anytown", "AB1 1AA"),
    ("Mx A Person", "Flat 1", LONG, "1 High Street", "Thorpe", "Anytown", "AB1 1AA"),
]


def written(body: str, **others: Any) -> str:
    """The words of a whole letter, page after page."""
    pages = pypdfium2.PdfDocument(write_pdf(replace(SHEET, body=body, **others)))
    return "\n".join(page.get_textpage().get_text_range() for page in pages).replace("\r", "")


def catalogue(pdf: bytes) -> Any:  # a PDF's dictionary has no narrower type
    return PdfReader(BytesIO(pdf)).trailer["/Root"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_address_stands_in_the_window(address: tuple[str, ...]) -> None:
    page = pypdfium2.PdfDocument(write_pdf(replace(SHEET, address=address)))[0]
    text = page.get_textpage()
    start = text.get_text_range().index(address[0][:20])
    end = text.get_text_range().index("AB1 1AA") + len("AB1 1AA")

    boxes = [text.get_charbox(place) for place in range(start, end)]

    drawn = [box for box in boxes if box[0] < box[2]]
    assert min(left for left, _bottom, _right, _top in drawn) * MM >= 24.6
    assert max(right for _left, _bottom, right, _top in drawn) * MM <= 24.6 + 95.4
    assert 297 - max(top for *_rest, top in drawn) * MM >= 39.5
    assert 297 - min(bottom for _left, bottom, *_rest in drawn) * MM <= 39.5 + 26.8


def test_nothing_is_printed_round_the_window() -> None:
    document = pypdfium2.PdfDocument(write_pdf(replace(SHEET, body="word " * 500)))
    image = document[0].render(scale=1 / MM, grayscale=True)  # a byte for each square millimetre
    grey, row = bytes(image.buffer), image.stride

    around = ((0, 0, 24, 297), (0, 30, 121, 39), (0, 67, 121, 94), (196, 0, 210, 297))

    darkest = [
        min(min(grey[y * row + left : y * row + right]) for y in range(top, bottom))
        for left, top, right, bottom in around
    ]
    assert darkest == [255] * 4
    assert min(grey) < 128


@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_screen_reader_can_read_it(language: str) -> None:
    pdf = write_pdf(replace(SHEET, language=language))

    root = catalogue(pdf)

    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    metadata = PdfReader(BytesIO(pdf)).metadata
    assert metadata is not None
    assert metadata.title == "Your collection"


def test_its_fonts_are_in_it_and_it_passes_for_a_letter_from_outside() -> None:
    letter = check_precompiled(write_pdf(replace(SHEET, body="Dear\n\n---\n\nAgain " + "w " * 900)))

    assert letter.address.lines == SHEET.address
    assert letter.pages == 2


def test_the_date_is_in_the_language_of_the_letter() -> None:
    assert "23 November 2026" in written("x")
    assert "23 Tachwedd 2026" in written("x", language="cy")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("one\ntwo\n\nthree", "one\ntwo\nthree"),
        ("# What next\n\nWait", "What next\nWait"),
        ("## Skipped a level", "Skipped a level"),
        ("* one\n* two", "• one\n• two"),
        ("1. one\n2. two", "1. one\n2. two"),
        ("^ inset", "inset"),
        ("see [the page](https://example.com/a) now", "see the page: example.com/a now"),
        ("https://example.com/a", "example.com/a"),
        ("[mail us](mailto:a@example.com)", "mail us: a@example.com"),
        (r"\# as typed", "# as typed"),
        ("#", ""),
        ("", ""),
    ],
)
def test_the_markdown_of_letters(body: str, expected: str) -> None:
    assert written(body).partition("Your collection")[2].strip() == expected


@pytest.mark.parametrize(
    "typed",
    [
        '#panic("no")',
        "$x$ *b* _i_ @ref <label> ~ // /* `raw`",
        '#import "@preview/x:1.0.0": y',
        "#sys.inputs.letter",
        'quotes " and \\n and \\u{41}',
        "<b>&amp;</b>",
    ],
)
def test_words_are_never_typst(typed: str) -> None:
    text = written(f"\\{typed}" if typed.startswith("#") else typed, subject=typed)

    assert text.count(typed) == 2


def test_a_line_that_begins_with_qr_is_a_code() -> None:
    """Which holds what it says: there is no reader of codes here, but there is only one writing."""
    link = "https://example.gov.uk/pay?n=((1))"
    body = f"Scan this\nQR : {link}\nor ring us\n\n* qr: not in a list"
    (page,) = pypdfium2.PdfDocument(write_pdf(replace(SHEET, body=body)))
    whole = page.get_textpage().get_text_range().replace("\r", "")

    assert whole.endswith("Scan this\nor ring us\n• qr: not in a list")
    assert codes_in(body) == [link]
    drawn = ElementTree.fromstring(draw_code(link))
    assert drawn.attrib["viewBox"] == "0 0 29 29"
    assert draw_code(link) != draw_code(link + "2")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("qr:" + "x" * 505, "qr-code-too-long"),
        ("qr:" + "ŵ" * 253, "qr-code-too-long"),
        ("qr: x\n" * 61, "letter-too-long"),
    ],
)
def test_codes_that_are_too_long_or_too_many_are_refused(body: str, fault: str) -> None:
    with pytest.raises(NotALetter) as refusal:
        write_pdf(replace(SHEET, body=body))

    assert refusal.value.fault == fault


@pytest.mark.parametrize("body", ["\n\n---\n\n".join("abcdefghijk"), "a" * 100_001])
def test_a_letter_of_more_than_ten_pages_is_refused(body: str) -> None:
    with pytest.raises(NotALetter) as refusal:
        write_pdf(replace(SHEET, body=body))

    assert refusal.value.fault == "letter-too-long"


@pytest.mark.parametrize("odd", ["a\x00b", "a\ud800b", "a\u202e\tb\u0301", "a" * 500, "e\u0301\t"])
def test_odd_characters_do_no_harm(odd: str) -> None:
    sheet = replace(SHEET, body=odd, subject=odd, contact_block=odd, address=(odd, "B", "N1 1AA"))

    assert count_pages(write_pdf(sheet)) == 1


def test_a_letter_that_no_font_can_print_is_refused() -> None:
    with pytest.raises(NotALetter) as refusal:
        write_pdf(replace(SHEET, body="\U00013000"))  # a hieroglyph

    assert refusal.value.fault == "unprintable-characters"


def test_pages_are_numbered_from_the_second() -> None:
    pdf = write_pdf(replace(SHEET, body="one\n\n---\n\ntwo\n\n***\n\nthree"))
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]

    assert count_pages(pdf) == 3
    assert [page.split()[-1] for page in pages] == ["one", "2", "3"]


def test_a_letter_is_the_same_each_time() -> None:
    assert write_pdf(SHEET) == write_pdf(SHEET)


def test_threads_may_write_letters_together() -> None:
    with ThreadPoolExecutor(4) as threads:
        pdfs = list(
            threads.map(lambda number: write_pdf(replace(SHEET, subject=number)), "abcdefgh")
        )

    assert [str(catalogue(pdf)["/Lang"]) for pdf in pdfs] == ["en"] * 8
    assert len(set(pdfs)) == 8
