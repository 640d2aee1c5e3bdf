"""Which files may be sent, known by what is in them; the kinds are those of GOV.UK Notify."""

import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO

import filetype

from townhall.capabilities.notify.errors import NotAFile, TooLarge
from townhall.capabilities.notify.records import Attachment
from townhall.machinery.files import MEGABYTE

MOST_BYTES = 2 * MEGABYTE  # of one file by link, and of all attachments of an email together
LONGEST_NAME = 100
OFFICE = "application/vnd.openxmlformats-officedocument"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IN_OLD_WORD = "WordDocument".encode("utf-16-le")  # the name of a stream in it
_MACROS = b"vbaProject.bin"
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    content_type: str
    has: Callable[[bytes], bool]  # whether a file is of this kind


def _of_type(content_type: str) -> Callable[[bytes], bool]:
    return lambda content: filetype.guess_mime(content) == content_type


def _is_old_word(content: bytes) -> bool:
    return content.startswith(_OLD_OFFICE) and _IN_OLD_WORD in content


def _has_part(name: str) -> Callable[[bytes], bool]:
    """Whether it is an Office file with a part of that name, and without macros."""
    return lambda content: name in _parts(content) and _MACROS not in content


def _is_open_document(content: bytes) -> bool:
    declared = b"mimetypeapplication/vnd.oasis.opendocument.text"
    return declared in content[:200] and "content.xml" in _parts(content)


def _parts(content: bytes) -> frozenset[str]:
    """The names in a ZIP archive; none if it is no archive."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return frozenset(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return frozenset()


def _is_text(content: bytes) -> bool:
    """Whether all of it can be read; how it begins says nothing, since "BM" may begin a text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _reads(content, "utf-16")
    return _reads(content, "utf-8") or _reads(content, "cp1252")


def _reads(content: bytes, encoding: str) -> bool:
    try:
        return not _NO_TEXT.search(content.decode(encoding))
    except UnicodeError:
        return False


def _is_json(content: bytes) -> bool:
    """Whether it is data: "7" alone would be JSON too."""
    try:
        return isinstance(json.loads(content), dict | list)
    except (ValueError, RecursionError):
        return False


_JPEG = Kind(content_type="image/jpeg", has=_of_type("image/jpeg"))
KINDS: Mapping[str, Kind] = {
    "csv": Kind(content_type="text/csv", has=_is_text),
    "doc": Kind(content_type="application/msword", has=_is_old_word),
    "docx": Kind(
        content_type=f"{OFFICE}.wordprocessingml.document", has=_has_part("word/document.xml")
    ),
    "jpeg": _JPEG,
    "jpg": _JPEG,
    "json": Kind(content_type="application/json", has=_is_json),
    "odt": Kind(content_type="application/vnd.oasis.opendocument.text", has=_is_open_document),
    "pdf": Kind(content_type="application/pdf", has=_of_type("application/pdf")),
    "png": Kind(content_type="image/png", has=_of_type("image/png")),
    "rtf": Kind(content_type="application/rtf", has=_of_type("application/rtf")),
    "txt": Kind(content_type="text/plain", has=_is_text),
    "xlsx": Kind(content_type=f"{OFFICE}.spreadsheetml.sheet", has=_has_part("xl/workbook.xml")),
}
ENDINGS = {kind.content_type: ending for ending, kind in KINDS.items()}
SUPPORTED = ", ".join(f"'.{ending}'" for ending in KINDS)
# Without a name it is the first of these that fits: any JSON is text too.
_UNNAMED = ("pdf", "png", "jpg", "rtf", "doc", "docx", "xlsx", "odt", "json", "txt")


def check_file(content: bytes, *, name: str = "", is_csv: bool = False) -> Attachment:
    """The file under a tidy name and with the type that it has. Raises NotAFile or TooLarge.

    The messages are GOV.UK Notify's where it has one. It looks at the name only, or without one at
    the content only; here both must agree.
    """
    if len(content) > MOST_BYTES:
        raise TooLarge("Uploaded file exceeds file size limit of 2MB")
    if not content:
        raise NotAFile("The file is empty")
    if not name:
        ending = _find_ending(content, is_csv=is_csv)
        name = f"file.{ending}"
    else:
        name, ending = _check_name(content, name)
    return Attachment(filename=name, content_type=KINDS[ending].content_type, content=content)


def _find_ending(content: bytes, *, is_csv: bool) -> str:
    ending = next((each for each in _UNNAMED if KINDS[each].has(content)), "")
    if not ending:
        kind = filetype.guess_mime(content) or "application/octet-stream"
        raise NotAFile(f"Unsupported file type '{kind}'. Supported types are: {SUPPORTED}")
    return "csv" if is_csv and ending in ("json", "txt") else ending


def _check_name(content: bytes, given: str) -> tuple[str, str]:
    """A name without folders and unseen characters, and its ending."""
    if len(given) > LONGEST_NAME:
        raise NotAFile(f"`filename` cannot be longer than {LONGEST_NAME} characters")
    name = _UNSEEN.sub("", re.split(r"[/\\]", given)[-1]).strip()
    ending = name.rpartition(".")[2].lower()
    if ending not in KINDS:
        raise NotAFile(f"Unsupported file type '.{ending}'. Supported types are: {SUPPORTED}")
    if not KINDS[ending].has(content):
        raise NotAFile(f"`filename` ends with .{ending} but the file is not of that type")
    return name, ending
