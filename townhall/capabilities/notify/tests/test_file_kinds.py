"""Which files may be sent, whom people contact about them, and how they are sealed."""

import zipfile
from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from townhall.capabilities.notify.errors import NotAContact, NotAFile, TooLarge
from townhall.capabilities.notify.rules import seals
from townhall.capabilities.notify.rules.contacts import clean_contact, kind_of
from townhall.capabilities.notify.rules.files import KINDS, MOST_BYTES, check_file

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"


def archive(names: Sequence[str]) -> bytes:
    """A ZIP archive of files that say what kind they are of."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as into:
        for name in names:
            into.writestr(name, ODT if name == "mimetype" else "<x/>" * 3_000)
    return written.getvalue()


OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le")
FILES = {
    "csv": b"name,day\r\nAnn,Monday\r\n",
    "doc": OLD_WORD,
    "docx": archive(["_rels/.rels", "customXml/item1.xml", "a.xml", "b.xml", "word/document.xml"]),
    "jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(100),
    "json": b' {"a": [1]}',
    "odt": archive(["mimetype", "content.xml"]),
    "pdf": b"%PDF-1.5 test",
    "png": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "rtf": b"{\\rtf1\\ansi Hello}",
    "txt": "BMW, £5, tŷ".encode(),
    "xlsx": archive(["docProps/app.xml", "[Content_Types].xml", "xl/workbook.xml"]),
}
NO_FILES = {
    "a program": b"MZ\x90\x00" + bytes(200),
    "a Linux program": b"\x7fELF\x02\x01\x01" + bytes(200),
    "an archive": archive(["a.exe"]),
    "a document with macros": archive(["word/document.xml", "word/vbaProject.bin"]),
    "an old spreadsheet": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "another picture": b"GIF89a" + bytes(100),
    "no archive": b"PK\x03\x04" + bytes(100),
    "noise": bytes(range(256)),
}


@pytest.mark.parametrize("ending", FILES)
def test_a_file_is_known_by_what_is_in_it(ending: str) -> None:
    content = FILES[ending]

    named = check_file(content, name=f"My file.{ending.upper()}")
    unnamed = check_file(content, is_csv=ending == "csv")

    assert named.filename == f"My file.{ending.upper()}"
    assert unnamed.filename == f"file.{ending}"
    assert named.content_type == unnamed.content_type == KINDS[ending].content_type
    assert named.content == content


@pytest.mark.parametrize("what", NO_FILES)
def test_what_is_of_no_kind_is_refused_under_any_name(what: str) -> None:
    with pytest.raises(NotAFile, match=r"Supported types are: '\.csv', '\.doc', '\.docx'"):
        check_file(NO_FILES[what])
    for ending in KINDS:
        with pytest.raises(NotAFile, match=f"ends with .{ending} but"):
            check_file(NO_FILES[what], name=f"a.{ending}")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("a.exe", "Unsupported file type '.exe'. Supported types are: '.csv'"),
        ("a.pdf.html", "Unsupported file type '.html'"),
        ("a.", "Unsupported file type '.'"),
        ("x" * 97 + ".pdf", "`filename` cannot be longer than 100 characters"),
        ("a.png", "`filename` ends with .png but the file is not of that type"),
    ],
)
def test_a_name_must_fit_the_file(name: str, says: str) -> None:
    with pytest.raises(NotAFile, match=says):
        check_file(FILES["pdf"], name=name)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("../../etc/a.pdf", "a.pdf"), ("C:\\a.pdf", "a.pdf"), ("a\r\nb\u202e.pdf", "ab.pdf")],
)
def test_a_name_is_tidied(given: str, kept: str) -> None:
    assert check_file(FILES["pdf"], name=given).filename == kept


def test_a_file_has_something_in_it_and_no_more_than_2_mb() -> None:
    assert check_file(b"%PDF" + bytes(MOST_BYTES - 4)).content_type == "application/pdf"
    with pytest.raises(TooLarge):
        check_file(b"%PDF" + bytes(MOST_BYTES - 3))
    with pytest.raises(NotAFile, match="empty"):
        check_file(b"", name="a.txt")


@pytest.mark.parametrize(
    ("typed", "kept", "kind"),
    [
        (" https://barset.example/contact ", "https://barset.example/contact", "link"),
        ("HTTPS://barset.example", "HTTPS://barset.example", "link"),
        ("bins@barset.example", "bins@barset.example", "email"),
        ("01632  960001", "01632 960001", "phone"),
        ("+33 6 39 98 12 34", "+33 6 39 98 12 34", "phone"),
    ],
)
def test_contact_details_are_a_page_an_address_or_a_number(
    typed: str, kept: str, kind: str
) -> None:
    assert clean_contact(typed) == kept
    assert kind_of(kept) == kind


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "us",
        "http://barset.example",
        "javascript:alert(1)//@",
        "https://",
        "a@",
        "12",
        "x" * 251,
    ],
)
def test_what_reaches_nobody_is_refused(typed: str) -> None:
    with pytest.raises(NotAContact):
        clean_contact(typed)


def test_only_the_key_opens_a_seal() -> None:
    key, other = seals.make_key(), seals.make_key()
    sealed = seals.seal(key, b"words")

    assert seals.unseal(key, sealed) == b"words"
    assert len(key) == 32
    assert b"words" not in sealed
    for wrong_key, wrong in ((other, sealed), (key, sealed[:-1] + b"\0"), (key, sealed[:20])):
        with pytest.raises(ValueError, match="another key"):
            seals.unseal(wrong_key, wrong)
    assert seals.fits(key, seals.digest_of(key))
    assert not seals.fits(other, seals.digest_of(key))
    assert seals.is_address(key, "ANN@example.com", seals.digest_of_address(key, "ann@Example.com"))
    assert not seals.is_address(key, "bob@example.com", seals.digest_of_address(key, "ann@e.org"))


def test_a_proof_is_of_one_file_and_lasts_a_quarter_of_an_hour() -> None:
    file_id, begun = uuid4(), timezone.now()
    with time_machine.travel(begun, tick=False):
        proof = seals.make_proof(file_id)
    with time_machine.travel(begun + timedelta(minutes=14), tick=False):
        assert seals.proves(proof, file_id)
        assert not seals.proves(proof, uuid4())
        assert not seals.proves(f"{file_id}:x:y", file_id)
        assert not seals.proves("", file_id)
    with time_machine.travel(begun + timedelta(minutes=16), tick=False):
        assert not seals.proves(proof, file_id)
