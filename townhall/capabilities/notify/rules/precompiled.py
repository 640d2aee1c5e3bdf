"""Whether a PDF that someone else made can be printed, and whom it is to.

https://www.notifications.service.gov.uk/using-notify/guidance/letter-specification
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, TypeVar

from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from townhall.capabilities.notify.errors import NotALetter, NotAPostalAddress
from townhall.capabilities.notify.rules.postal import PostalAddress, read_address
from townhall.machinery.files import MEGABYTE

MOST_BYTES = 5 * MEGABYTE
MOST_PAGES = 10
A4 = (210.0, 297.0)  # mm
A4_MAY_BE_OUT_BY = 2.0  # mm
PRINT_MAY_BE_OUT_BY = 1.0  # mm
ADDRESS_MAY_BE_OUT_BY = 3.0  # mm
SAME_LINE_WITHIN = 1.0  # mm
_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_MM = 25.4 / 72  # in a point
_NARROW = 0.3  # of the height of the letters: an average width that no usual text is below
_WORDS = {
    "letter-too-long": f"Letters must be {MOST_PAGES} pages or less",
    "letter-not-a4-portrait-oriented": "Your letter is not A4 portrait size",
    "content-outside-printable-area": "Your content is outside the printable area",
    "notify-tag-found-in-content": "Your file includes a letter you’ve downloaded from Notify",
    "no-encoded-string": "The file is empty",
    "unable-to-read-the-file": "Notify cannot read this PDF",
    # GOV.UK Notify mends or ignores these; we have nothing to mend them with.
    "letter-is-encrypted": "The file must not have a password or be encrypted",
    "letter-has-javascript": "The file must not contain JavaScript",
    "fonts-not-embedded": "The fonts of the letter must be embedded",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Precompiled:
    address: PostalAddress
    pages: int


@dataclass(frozen=True, slots=True)
class Area:
    """In mm from the left and from the top of the page."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, x: float, y: float, *, out_by: float) -> bool:
        across = self.left - out_by <= x <= self.right + out_by
        return across and self.top - out_by <= y <= self.bottom + out_by


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text, its base line's beginning, and the nearest place it can end; in mm."""

    words: str
    x: float
    y: float
    end_x: float
    end_y: float
    has_font: bool  # in the file


ADDRESS = Area(24.6, 39.5, 120.0, 66.3)
FIRST_PAGE = (
    Area(15.0, 95.0, 195.0, 292.0),  # the letter
    Area(125.0, 5.0, 195.0, 95.0),  # who it is from
    Area(15.0, 5.0, 125.0, 30.0),  # a logo
    ADDRESS,
)
OTHER_PAGES = (Area(15.0, 5.0, 195.0, 292.0),)
TAG = Area(2.4, 1.3, 20.0, 10.0)  # where GOV.UK Notify prints NOTIFY, in white

Thing = TypeVar("Thing")


def check_precompiled(pdf: bytes, *, abroad: bool = False) -> Precompiled:
    """How many pages the letter has, and the address in its window. Raises NotALetter.

    What is looked at: the size of each page, encryption, JavaScript, fonts, and
    where text stands. Of a piece of text that is where it begins, and where it would end if its
    letters were narrow: a little over the right margin is not seen. Pictures, lines and colours
    are not looked at, nor is text in a picture or in letters drawn as shapes.

    The faults of addresses are those of `read_address`, which is also what `abroad` is for.
    """
    reader = _open(pdf)
    try:
        _check_whole(reader)
        return _read(reader.pages, abroad=abroad)
    except NotALetter:
        raise
    except Exception as error:  # a broken PDF can break anything in the reader
        raise _fault("unable-to-read-the-file") from error


def _open(pdf: bytes) -> PdfReader:
    if not pdf:
        raise _fault("no-encoded-string")
    try:
        return PdfReader(BytesIO(pdf))
    except Exception as error:  # as above
        raise _fault("unable-to-read-the-file") from error


def _check_whole(reader: PdfReader) -> None:
    if reader.is_encrypted:
        raise _fault("letter-is-encrypted")
    if not reader.pages:
        raise _fault("unable-to-read-the-file")
    if len(reader.pages) > MOST_PAGES:
        raise _fault("letter-too-long")
    if _has_script(reader):
        raise _fault("letter-has-javascript")


def _has_script(reader: PdfReader) -> bool:
    """Whether anything in the file is JavaScript, wherever it hangs."""
    seen: set[int] = set()
    waiting: list[Any] = [reader.trailer]  # what a PDF is made of has no narrower type
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, IndirectObject):
            if thing.idnum in seen:
                continue
            seen.add(thing.idnum)
            thing = thing.get_object()
        if isinstance(thing, DictionaryObject):
            if "/JS" in thing or thing.get("/S") == "/JavaScript":
                return True
            waiting.extend(thing.values())
        elif isinstance(thing, ArrayObject):
            waiting.extend(thing)
    return False


def _read(pages: Sequence[PageObject], *, abroad: bool) -> Precompiled:
    _refuse_pages("letter-not-a4-portrait-oriented", pages, lambda page: not _is_a4(page))
    texts = [list(_texts_of(page)) for page in pages]
    _refuse_pages("fonts-not-embedded", texts, lambda found: not all(t.has_font for t in found))
    _refuse_pages(
        "notify-tag-found-in-content",
        texts,
        lambda found: found is not texts[0] and any(_is_tag(text) for text in found),
    )
    _refuse_pages(
        "content-outside-printable-area",
        texts,
        lambda found: _is_outside(found, FIRST_PAGE if found is texts[0] else OTHER_PAGES),
    )
    try:
        address = read_address(_in_window(texts[0]), abroad=abroad)
    except NotAPostalAddress as error:
        raise NotALetter(str(error), fault=error.fault, pages=(1,)) from None
    return Precompiled(address=address, pages=len(pages))


def _refuse_pages(fault: str, things: Sequence[Thing], is_wrong: Callable[[Thing], bool]) -> None:
    wrong = tuple(number for number, thing in enumerate(things, start=1) if is_wrong(thing))
    if wrong:
        raise _fault(fault, wrong)


def _is_a4(page: PageObject) -> bool:
    size = (float(page.mediabox.width), float(page.mediabox.height))
    upright = size[::-1] if page.rotation % 180 else size
    return all(
        abs(points * page.user_unit * _MM - wanted) <= A4_MAY_BE_OUT_BY
        for points, wanted in zip(upright, A4, strict=True)
    )


def _texts_of(page: PageObject) -> Iterator[Text]:
    found: list[Text] = []

    def take(words: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        if words.strip():
            along = size * _NARROW * max(map(len, words.strip().splitlines()))
            x, y = _placed(page, _moved(cm, tm[4], tm[5]))
            end_x, end_y = _placed(page, _moved(cm, tm[4] + along * tm[0], tm[5] + along * tm[1]))
            found.append(Text(words.strip(), x, y, end_x, end_y, _is_embedded(font)))

    page.extract_text(visitor_text=take)
    yield from found


def _moved(matrix: Sequence[float], x: float, y: float) -> tuple[float, float]:
    a, b, c, d, right, up = map(float, matrix)
    return a * x + c * y + right, b * x + d * y + up


def _placed(page: PageObject, point: tuple[float, float]) -> tuple[float, float]:
    """From points of the PDF to mm from the left and the top, as the page is turned for reading."""
    box = page.mediabox
    x, y = point[0] - float(box.left), point[1] - float(box.bottom)
    width, height = float(box.width), float(box.height)
    turned = {
        0: (x, height - y),
        90: (y, x),
        180: (width - x, y),
        270: (height - y, width - x),
    }[page.rotation % 360]
    unit = page.user_unit * _MM
    return turned[0] * unit, turned[1] * unit


def _is_embedded(font: DictionaryObject | None) -> bool:
    if font is None:
        return False
    if font.get("/Subtype") == "/Type3":  # drawn in the file itself
        return True
    inner: Any = font  # as above
    if "/DescendantFonts" in font:
        inner = inner["/DescendantFonts"][0].get_object()
    descriptor = inner.get("/FontDescriptor")
    return descriptor is not None and any(name in descriptor for name in _FONT_FILES)


def _is_tag(text: Text) -> bool:
    return text.words == "NOTIFY" and TAG.holds(text.x, text.y, out_by=0)


def _is_outside(texts: Sequence[Text], areas: Sequence[Area]) -> bool:
    def is_inside(x: float, y: float) -> bool:
        return any(area.holds(x, y, out_by=PRINT_MAY_BE_OUT_BY) for area in areas)

    return any(
        not (is_inside(text.x, text.y) and is_inside(text.end_x, text.end_y))
        for text in texts
        if not _is_tag(text)
    )


def _in_window(texts: Sequence[Text]) -> str:
    """The lines that begin in the address block, each put together again from its pieces."""
    found = [text for text in texts if ADDRESS.holds(text.x, text.y, out_by=ADDRESS_MAY_BE_OUT_BY)]
    lines: list[list[Text]] = []
    for text in sorted(found, key=lambda text: text.y):
        if lines and text.y - lines[-1][0].y < SAME_LINE_WITHIN:
            lines[-1].append(text)
        else:
            lines.append([text])
    return "\n".join(
        " ".join(text.words for text in sorted(line, key=lambda text: text.x)) for line in lines
    )


def _fault(fault: str, pages: tuple[int, ...] = ()) -> NotALetter:
    return NotALetter(_WORDS[fault], fault=fault, pages=pages)
