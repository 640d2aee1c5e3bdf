"""Letters that others made, and everything that can be wrong with them."""

from collections.abc import Callable
from contextlib import suppress
from io import BytesIO

import pytest
import typst
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    TextStringObject,
)

from townhall.capabilities.notify.errors import NotALetter
from townhall.capabilities.notify.rules.precompiled import check_precompiled

GOOD = "Mx A Person/1 High Street/AB1 1AA"
FRENCH = "Mx A Person/1 Rue/France"


def typeset(
    address: str = GOOD,
    *,
    paper: str = 'paper: "a4"',
    first: str = "",
    pages: int = 1,
    last: str = "",
) -> bytes:
    """A letter; `first` and `last` are Typst for the first and the last page."""
    lines = " \\ ".join(address.split("/"))
    source = f"""
        #set page({paper}, margin: 0pt)
        #set text(size: 7pt)
        #set par(leading: 2pt)
        #place(top + left, dx: 25mm, dy: 40mm)[{lines}]
        #place(top + left, dx: 25mm, dy: 100mm)[Dear Mx Person]
        {first}
        {"#pagebreak() #place(dx: 20mm, dy: 20mm)[More]" * (pages - 1)}
        {last}
    """
    pdf = typst.compile(source.encode(), format="pdf")
    assert isinstance(pdf, bytes)
    return pdf


def placed(words: str, x: float, y: float) -> str:
    return f"#place(top + left, dx: {x}mm, dy: {y}mm)[{words}]"


def changed(change: Callable[[PdfWriter], object], pdf: bytes | None = None) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(pdf or typeset()))
    change(writer)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def drawn(*, has_font_file: bool, stream: bytes) -> bytes:
    """A page whose text is written as older programs do: one text object, moved line by line."""
    descriptor = DictionaryObject({NameObject("/Type"): NameObject("/FontDescriptor")})
    if has_font_file:
        descriptor[NameObject("/FontFile2")] = DecodedStreamObject()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/TrueType"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/FontDescriptor"): descriptor,
        }
    )
    fonts = DictionaryObject({NameObject("/F1"): font})
    content = DecodedStreamObject()
    content.set_data(stream)
    writer = PdfWriter()
    page = writer.add_blank_page(width=595, height=842)
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    page[NameObject("/Contents")] = content
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


LINES = b"BT /F1 10 Tf 12 TL 72 715 Td (Mx A) Tj ( Person) Tj T* (1 High Street) Tj T* (AB1 1AA) Tj"


def turn(writer: PdfWriter) -> None:
    """Lay the page on its side, and say that it is to be turned back for reading."""
    page = writer.pages[0]
    page.rotate(90).transfer_rotation_to_content()
    page.rotate(-90)


def shift(writer: PdfWriter) -> None:
    page = writer.pages[0]
    page.add_transformation((1, 0, 0, 1, 100, -50))
    corners = (100, -50, 100 + 595.28, -50 + 841.89)
    page[NameObject("/MediaBox")] = ArrayObject(FloatObject(corner) for corner in corners)


def add_script(writer: PdfWriter) -> None:
    action = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert(1)"),
        }
    )
    writer.root_object[NameObject("/OpenAction")] = action


@pytest.mark.parametrize(
    ("pdf", "pages"),
    [
        (typeset(), 1),
        (typeset(pages=10), 10),
        (typeset(paper="width: 211.5mm, height: 295.5mm"), 1),
        (typeset(first=placed("Town Hall", 130, 10) + placed("Crest", 16, 20)), 1),
        (typeset(first=placed("NOTIFY", 5, 3)), 1),
        (drawn(has_font_file=True, stream=LINES + b" ET"), 1),
        (changed(turn), 1),
        (changed(shift), 1),
    ],
)
def test_what_can_be_posted(pdf: bytes, pages: int) -> None:
    letter = check_precompiled(pdf)

    assert letter.address.lines == ("Mx A Person", "1 High Street", "AB1 1AA")
    assert letter.pages == pages


WHOLE_FILE: tuple[int, ...] = ()


@pytest.mark.parametrize(
    ("pdf", "fault", "pages"),
    [
        (b"", "no-encoded-string", WHOLE_FILE),
        (b"%PDF-1.7 and no more", "unable-to-read-the-file", WHOLE_FILE),
        (b"PK\x03\x04", "unable-to-read-the-file", WHOLE_FILE),
        (typeset()[:2000], "unable-to-read-the-file", WHOLE_FILE),
        (changed(lambda writer: writer.encrypt("")), "letter-is-encrypted", WHOLE_FILE),
        (changed(add_script), "letter-has-javascript", ()),
        (typeset(pages=11), "letter-too-long", WHOLE_FILE),
        (typeset(paper='paper: "us-letter"'), "letter-not-a4-portrait-oriented", (1,)),
        (typeset(paper='paper: "a4", flipped: true'), "letter-not-a4-portrait-oriented", (1,)),
        (
            changed(lambda w: w.pages[1].rotate(90), typeset(pages=3)),
            "letter-not-a4-portrait-oriented",
            (2,),
        ),
        (typeset(first=placed("Ref", 12, 150)), "content-outside-printable-area", (1,)),
        (typeset(first=placed("Ref", 25, 80)), "content-outside-printable-area", (1,)),
        (typeset(first=placed("Ref", 30, 33)), "content-outside-printable-area", (1,)),
        (typeset(pages=2, last=placed("Ref", 30, 294)), "content-outside-printable-area", (2,)),
        (
            typeset(pages=2, last=placed("word " * 40, 160, 50)),
            "content-outside-printable-area",
            (2,),
        ),
        (typeset(pages=2, last=placed("NOTIFY", 5, 3)), "notify-tag-found-in-content", (2,)),
        (drawn(has_font_file=False, stream=LINES + b" ET"), "fonts-not-embedded", (1,)),
        (typeset(""), "address-is-empty", (1,)),
        (typeset("Mx A Person/AB1 1AA"), "not-enough-address-lines", (1,)),
        (typeset("A/B/C/D/E/F/G/AB1 1AA"), "too-many-address-lines", (1,)),
        (typeset("A/B/C"), "not-a-real-uk-postcode", (1,)),
        (typeset(FRENCH), "cant-send-international-letters", (1,)),
    ],
)
def test_what_cannot_be_posted(pdf: bytes, fault: str, pages: tuple[int, ...]) -> None:
    with pytest.raises(NotALetter) as refusal:
        check_precompiled(pdf)

    assert (refusal.value.fault, refusal.value.pages) == (fault, pages)
    assert str(refusal.value)


def test_abroad_if_it_may_go_there() -> None:
    assert check_precompiled(typeset(FRENCH), abroad=True).address.zone == "europe"


@pytest.mark.parametrize("seed", range(40))
def test_a_broken_file_is_refused_and_never_breaks_us(seed: int) -> None:
    good = typeset()
    place = seed * len(good) // 40
    broken = good[:place] + bytes([seed * 6 % 256]) * 7 + good[place + 7 :]

    with suppress(NotALetter):
        assert check_precompiled(broken).pages == 1
