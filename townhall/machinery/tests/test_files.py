"""Files people give us: known by what is in them, and scanned by a real clamd if there is one."""

import socket
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings as installation
from django.core.files.storage import default_storage
from pytest_django import Settings

from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid, NotFound, Unavailable
from townhall.machinery.files import MEGABYTE, PICTURES, File, keep, read_file
from townhall.machinery.inspection import Finding, inspect_all
from townhall.machinery.models import StoredFile
from townhall.machinery.testing import EICAR

pytestmark = pytest.mark.django_db

TOWN, OTHER_TOWN = uuid4(), uuid4()
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(100)
NO_PICTURES = {
    "a program": b"MZ\x90\x00" + bytes(200),
    "a Linux program": b"\x7fELF\x02\x01\x01" + bytes(200),
    "a drawing with a script": b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
    "a page": b"<!doctype html><script>alert(1)</script>",
    "a page in disguise": b"<!-- \xff\xd8\xff --><html><body>Hello",
    "a picture of another kind": b"GIF89a" + bytes(100),
    "a document": b"%PDF-1.7" + bytes(100),
    "words": b"Hello",
    "nothing": b"",
}


def keep_picture(content: bytes, *, name: str = "sofa.jpg", most_bytes: int = MEGABYTE) -> UUID:
    actor = Actor("staff:crew", frozenset(), TOWN)
    return keep(actor, content, name=name, types=PICTURES, most_bytes=most_bytes)


def test_a_file_comes_back_as_it_was_given_with_the_type_of_what_is_in_it() -> None:
    kept = keep_picture(PNG, name="sofa.exe")

    assert read_file(TOWN, kept) == File(
        id=kept, name="sofa.exe", content_type="image/png", size=len(PNG), content=PNG
    )


@pytest.mark.parametrize("what", NO_PICTURES)
def test_what_only_calls_itself_a_picture_is_refused(what: str) -> None:
    with pytest.raises(Invalid, match="JPEG, PNG, WEBP"):
        keep_picture(NO_PICTURES[what], name="sofa.jpg")

    assert not StoredFile.objects.exists()


def test_a_file_may_be_as_large_as_it_may_and_no_larger() -> None:
    largest = JPEG.ljust(2 * MEGABYTE, b"\0")

    kept = keep_picture(largest, most_bytes=2 * MEGABYTE)

    assert read_file(TOWN, kept).size == 2 * MEGABYTE
    with pytest.raises(Invalid, match="smaller than 2MB"):
        keep_picture(largest + b"\0", most_bytes=2 * MEGABYTE)


def test_another_organisation_does_not_find_it() -> None:
    kept = keep_picture(PNG)

    with pytest.raises(NotFound):
        read_file(OTHER_TOWN, kept)


def test_its_name_says_nothing_about_where_it_lies() -> None:
    kept = keep_picture(PNG, name="../../../etc/passwd" + "x" * 100)

    stored = StoredFile.objects.get()
    path = Path(default_storage.path(stored.path))
    assert path == installation.MEDIA_ROOT / str(TOWN) / f"{kept}.png"
    assert path.stat().st_mode & 0o777 == 0o600
    assert stored.name == "x" * 100


def test_without_a_scanner_files_are_kept_and_known_as_not_scanned() -> None:
    keep_picture(PNG)

    assert not StoredFile.objects.get().scanned
    finding = scanner_finding()
    assert "TOWNHALL_CLAMD" in finding.advice
    assert not finding.is_fault


def test_a_scanner_that_does_not_answer_lets_nothing_through(settings: Settings) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.CLAMD = f"127.0.0.1:{nobody.getsockname()[1]}"

        with pytest.raises(Unavailable, match="Try again"):
            keep_picture(PNG)

        assert scanner_finding().is_fault
    assert not StoredFile.objects.exists()


def scanner_finding() -> Finding:
    (found,) = [each for each in inspect_all() if each.subject == "virus scanner"]
    return found


def test_a_clean_file_is_known_as_scanned(scanner: str, settings: Settings) -> None:
    settings.CLAMD = scanner

    keep_picture(PNG)

    assert StoredFile.objects.get().scanned
    assert scanner_finding() == Finding(subject="virus scanner")


def test_a_picture_with_a_virus_in_it_is_refused(scanner: str, settings: Settings) -> None:
    settings.CLAMD = scanner
    before = set(installation.MEDIA_ROOT.rglob("*"))

    with pytest.raises(Invalid, match=r"virus in it \(Town\.Eicar"):
        keep_picture(PNG + EICAR)

    assert not StoredFile.objects.exists()
    assert set(installation.MEDIA_ROOT.rglob("*")) == before


def test_what_the_scanner_could_not_look_through_is_not_called_clean(
    scanner: str, settings: Settings
) -> None:
    settings.CLAMD = scanner

    with pytest.raises(Unavailable):
        keep_picture(PNG.ljust(2 * MEGABYTE, b"\0"), most_bytes=3 * MEGABYTE)

    assert not StoredFile.objects.exists()
