"""Files behind a link in an email: from the program that sends one to whoever downloads it."""

import base64
import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import clamd
import pytest
import time_machine
from django.core.signing import TimestampSigner
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from townhall.capabilities.notify import errors, models, operations, permissions, queries, records
from townhall.capabilities.notify.records import KeyType
from townhall.capabilities.notify.tests.channels import LETTER, SMS, letter, text
from townhall.capabilities.notify.tests.make import (
    ELSEWHERE,
    PERSON,
    SENDER,
    VALUES,
    make_actor,
    make_key,
)
from townhall.capabilities.notify.tests.wire import body, post, refused
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed
from townhall.machinery.models import AuditEntry
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db

Answer = Any  # a test client's response
PDF = b"%PDF-1.5 test"
CONTACT = "01632 960001"
LINK = re.compile(r"http://testserver/files/([0-9a-f-]{36})/\?key=([\w-]{32})")


@pytest.fixture(autouse=True)
def _contact() -> None:
    operations.set_contact(make_actor(), contact=CONTACT, sender=SENDER)


def upload(content: bytes = PDF, **more: object) -> dict[str, object]:
    return {"file": base64.b64encode(content).decode(), **more}


def asked(value: object, **changes: object) -> dict[str, object]:
    """An email whose ((name)) is a file."""
    return body(personalisation={**VALUES, "name": value}, **changes)


def send(value: object | None = None, **changes: object) -> str:
    """Send a file; where its link leads."""
    answer = post(make_key(name=str(uuid4())), asked(value or upload(), **changes))
    assert answer.status_code == 201, answer.content
    match = LINK.search(answer.json()["content"]["body"])
    assert match, answer.json()
    return match[0]


def open_page(url: str, page: str = "", **changes: str) -> Answer:
    """A page behind a link, by a browser without cookies or signing in."""
    parts = urlsplit(url)
    asked = {**dict(parse_qsl(parts.query)), **changes}
    return Client().get(f"{parts.path}{page}", asked, headers={"X-Test-Actor": "stranger"})


def confirm(url: str, address: str) -> Answer:
    parts = urlsplit(url)
    browser = Client(enforce_csrf_checks=True)  # no cookie, no token
    headers = {"X-Test-Actor": "stranger"}
    at = f"{parts.path}confirm/?{parts.query}"
    return browser.post(at, {"address": address}, headers=headers)


def holder(organisation_id: Any = None) -> Actor:
    made = make_actor(permissions.OPEN_FILES)
    return Actor("link:file", made.may, organisation_id or made.organisation_id)


def parts(url: str) -> dict[str, Any]:
    match = LINK.search(url)
    assert match
    return {"file_id": match[1], "key": match[2]}


def test_the_recipient_of_an_email_downloads_its_file_without_a_cookie() -> None:
    url = send(upload(filename="Your décision.pdf"), email_address="Ann@example.com")

    landing = open_page(url).content.decode()
    skipped = open_page(url, "download/")
    confirmed = confirm(url, " ann@Example.com ")
    page = Client().get(confirmed["Location"]).content.decode()
    answer = Client().get(confirmed["Location"].replace("/download/", "/content/"))

    assert "Barset Council sent you a file to download" in landing
    assert CONTACT in landing
    assert "/confirm/?key=" in landing
    assert (skipped.status_code, "/confirm/" in skipped["Location"]) == (302, True)
    assert "13\xa0bytes" in page
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    name = "attachment; filename*=utf-8''Your%20d%C3%A9cision.pdf"
    assert answer["Content-Disposition"] == name
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == (
        "private, no-store",
        "noindex, nofollow",
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies


def test_another_address_opens_nothing_and_nothing_is_said_of_the_right_one() -> None:
    url = send()

    for address in ("bob@example.com", "ann@example.org"):
        answer = confirm(url, address)
        page = answer.content.decode()
        assert (answer.status_code, "to another email address" in page) == (422, True)
        assert "ann@example.com" not in page
    assert confirm(url, "ann").status_code == 422
    forged = open_page(url, "content/", proof="x")
    others = open_page(url, "content/", proof=TimestampSigner(salt="x").sign(str(uuid4())))
    assert {forged.status_code, others.status_code} == {302}


def test_an_address_cannot_be_found_by_trying() -> None:
    url, now = send(), timezone.now()
    wanted = parts(url)

    for number in range(10):
        operations.guess_recipient(holder(), **wanted, address=f"{number}@example.com")
    with pytest.raises(errors.TooManyGuesses):
        operations.guess_recipient(holder(), **wanted, address="ann@example.com")
    assert "Wait an hour" in confirm(url, "ann@example.com").content.decode()
    with time_machine.travel(now + timedelta(minutes=61)):
        assert operations.guess_recipient(holder(), **wanted, address="ann@example.com").proof


def test_a_file_may_need_no_address() -> None:
    url = send(upload(b"a,b\n", is_csv=True, confirm_email_before_download=False))

    answer = open_page(url, "content/")

    assert "/download/?key=" in open_page(url).content.decode()
    assert open_page(url, "confirm/").status_code == 302
    assert (answer.content, answer["Content-Type"]) == (b"a,b\n", "text/csv")
    assert answer["Content-Disposition"] == 'attachment; filename="file.csv"'


def test_a_download_is_audited_and_told_to_the_person_whose_file_it_is() -> None:
    url = send(upload(confirm_email_before_download=False))
    models.Message.objects.update(person_id=PERSON)

    open_page(url)
    open_page(url, "download/")
    open_page(url, "content/")

    (entry,) = AuditEntry.objects.filter(action="notify.open_file")
    assert (entry.actor, entry.concerns, entry.subject_id) == (
        "link:file",
        [PERSON],
        str(parts(url)["file_id"]),
    )


def test_where_there_is_no_file_the_page_says_whom_to_contact() -> None:
    url = send(upload(retention_period="1 week"))
    pages = ("", "confirm/", "download/", "content/")

    wrong = [open_page(url, page, key="x" * 32) for page in pages]
    without = [open_page(f"http://testserver/files/{uuid4()}/", page) for page in pages]
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        late = [open_page(url, page) for page in pages]

    for answer in (*wrong, *without, *late):
        assert answer.status_code == 404
        assert "The file is not available" in answer.content.decode()
    for answer in (*wrong, *without):
        assert "Call us" in answer.content.decode()  # the organisation
    for answer in late:
        assert CONTACT in answer.content.decode()  # who sent the file


def test_another_organisation_does_not_find_it_nor_who_lacks_the_permission() -> None:
    wanted = parts(send(upload(confirm_email_before_download=False)))

    with pytest.raises(errors.NoSuchFile):
        queries.open_file(holder(ELSEWHERE.id), **wanted, proof="")
    for ask in (queries.open_file, queries.get_confirmed_file):
        with pytest.raises(NotAllowed):
            ask(make_actor(permissions.SEND), **wanted, proof="")
    with pytest.raises(NotAllowed):
        queries.get_linked_file(make_actor(permissions.SEND), **wanted)
    with pytest.raises(NotAllowed):
        operations.guess_recipient(make_actor(permissions.SEND), **wanted, address="a")
    with pytest.raises(NotAllowed):
        operations.wipe_files(make_actor(permissions.SEND))


def test_nothing_in_the_database_opens_a_file_once_its_message_is_wiped() -> None:
    url = send(upload(filename="ann.pdf"))
    run_tasks()
    models.Message.wipe(make_actor(), before=timezone.now())
    key = parts(url)["key"]

    row = models.LinkedFile.objects.values().get()
    message = models.Message.objects.values().get()

    for kept in (row, message):
        for value in kept.values():
            said = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            for secret in (key.encode(), PDF, b"ann"):
                assert secret not in said
    assert confirm(url, "ann@example.com").status_code == 302  # it outlives its message


def test_files_are_wiped_after_their_weeks() -> None:
    url = send(upload(retention_period="2 weeks"))
    kept = send()

    operations.wipe_files(make_actor())
    assert confirm(url, "ann@example.com").status_code == 302
    with time_machine.travel(timezone.now() + timedelta(weeks=2, minutes=1)):
        operations.wipe_old_files()
        operations.wipe_old_files()

    wiped = models.LinkedFile.objects.get(id=parts(url)["file_id"])
    assert (bytes(wiped.content), bytes(wiped.name), wiped.size) == (b"", b"", len(PDF))
    assert models.LinkedFile.objects.get(id=parts(kept)["file_id"]).wiped_at is None


REFUSED = [
    ({"file": False}, "file False is not of type string"),
    (
        {"file": "QQ==", "is_csv": "bad"},
        "is_csv Unsupported value for is_csv: bad. Use a boolean true or false value.",
    ),
    (
        {"file": "QQ==", "confirm_email_before_download": "potato"},
        "confirm_email_before_download Unsupported value for confirm_email_before_download: "
        "potato. Use a boolean true or false value.",
    ),
    (
        {"file": "QQ==", "retention_period": "9999 weeks"},
        "retention_period Unsupported value for retention_period: 9999 weeks. "
        "Supported periods are from 1 to 78 weeks.",
    ),
    (
        {"file": "QQ==", "retention_period": False},
        "retention_period Unsupported value for retention_period: False. "
        "Supported periods are from 1 to 78 weeks.",
    ),
    (
        {"file": "QQ==", "filename": "file"},
        "filename `filename` must end with a file extension. For example, filename.csv",
    ),
    (
        {"file": "QQ==", "filename": "a.csv", "is_csv": True},
        "Do not set a value for `is_csv` if `filename` is set.",
    ),
    (
        {"file": "QQ==", "other": 1},
        "Additional properties are not allowed (other was unexpected)",
    ),
]


@pytest.mark.parametrize(("value", "says"), REFUSED)
def test_a_file_of_the_wrong_shape_is_refused(value: object, says: str) -> None:
    refused(post(make_key(), asked(value)), 400, "ValidationError", says)


TYPES = (
    "Supported types are: '.csv', '.doc', '.docx', '.jpeg', '.jpg', '.json', '.odt', '.pdf', "
    "'.png', '.rtf', '.txt', '.xlsx'"
)


@pytest.mark.parametrize(
    ("value", "status", "says"),
    [
        ({"file": "not base64!"}, 400, "Document is not base64 encoded"),
        ({"file": ""}, 400, "The file is empty"),
        (upload(filename="a.exe"), 400, f"Unsupported file type '.exe'. {TYPES}"),
        (
            upload(b"MZ" + bytes(99)),
            400,
            f"Unsupported file type 'application/x-msdownload'. {TYPES}",
        ),
        (
            upload(filename=f"{'x' * 97}.pdf"),
            400,
            "`filename` cannot be longer than 100 characters",
        ),
        (upload(b"%PDF" + bytes(2**21)), 413, "Uploaded file exceeds file size limit of 2MB"),
    ],
)
def test_a_file_that_may_not_be_sent_is_refused(value: object, status: int, says: str) -> None:
    refused(post(make_key(), asked(value)), status, "BadRequestError", says)
    assert not models.Message.objects.exists()


@pytest.mark.parametrize(
    "value",
    [
        upload(filename=None, confirm_email_before_download=None, retention_period=None),
        upload(is_csv=None, retention_period="1 week"),
        upload(is_csv=False, retention_period=" 78 WEEKS "),
        upload(filename="a.pdf", is_csv=False),
        upload() | {"file": "JVBERi0x\nLjUgdGVz\ndA=="},
    ],
)
def test_what_clients_send_is_taken(value: object) -> None:
    assert open_page(send(value)).status_code == 200


def test_a_value_that_only_looks_like_a_file_is_written_as_it_is() -> None:
    answer = post(make_key(), asked({"potato": "QQ=="}))

    assert "{'potato': 'QQ=='}" in answer.json()["content"]["body"]


def test_only_an_email_has_files() -> None:
    for path, message in ((SMS, text()), (LETTER, letter())):
        values = {**message["personalisation"], "name": upload()}  # type: ignore[dict-item]  # JSON
        answer = post(make_key(name=path), message | {"personalisation": values}, path=path)
        refused(answer, 400, "BadRequestError", "Can only send a file by email")


def test_without_contact_details_no_file_is_sent() -> None:
    models.Sender.objects.update(contact="")

    answer = post(make_key(), asked(upload()))

    says = (
        "Send files by email has not been set up - add contact details for your service at "
        "http://testserver/notify/origins/"
    )
    refused(answer, 400, "BadRequestError", says)


def test_a_test_key_uploads_too_and_a_smoke_address_does_not() -> None:
    test_key, smoke = make_key(KeyType.TEST), "simulate-delivered@notifications.service.gov.uk"

    sent = post(test_key, asked(upload())).json()["content"]["body"]
    smoked = post(test_key, asked(upload(), email_address=smoke)).json()["content"]["body"]

    match = LINK.search(sent)
    assert match
    assert open_page(match[0]).status_code == 200
    assert "http://testserver/files/test-document" in smoked
    assert Client().get("/files/test-document").status_code == 200
    assert models.LinkedFile.objects.count() == models.Message.objects.count() == 1


def test_several_files_have_links_of_their_own_that_nothing_makes_harmless() -> None:
    values = {"day": "Monday", "name": upload(), "items": upload(b"a,b", filename="b.csv")}
    asked_for = body(personalisation=values, sanitise_content_for=["Name", "day"])

    answer = post(make_key(), asked_for).json()

    links = LINK.findall(answer["content"]["body"])
    assert len({file_id for file_id, _key in links}) == 2
    assert answer["sanitised_content"] == {}
    run_tasks()
    html = models.SandboxMessage.objects.get().record().html
    assert all(f"/files/{file_id}/?key={key}" in html for file_id, key in links)


def test_a_repeated_request_keeps_its_first_files() -> None:
    key, given = make_key(), {"Idempotency-Key": "file-7"}
    attachment = {"file": upload()["file"], "filename": "a.pdf"}
    repeated = asked(upload(), attachments=[attachment])

    first, again = (post(key, repeated, **given).json() for _time in range(2))

    assert first == again
    assert models.LinkedFile.objects.count() == models.Message.objects.count() == 1
    assert len(models.Message.objects.get().files) == 1


def test_a_refused_email_leaves_no_file() -> None:
    answer = post(make_key(), body(personalisation={"name": upload()}))

    refused(answer, 400, "BadRequestError", "Missing personalisation: day, items")
    assert not models.LinkedFile.objects.exists()


def attach(*files: object) -> Answer:
    return post(make_key(name=str(uuid4())), body(attachments=list(files)))


def test_attachments_arrive_with_the_email() -> None:
    csv = upload(b"a,b\n", filename="b.csv", content_type="text/csv")

    answer = attach(upload(filename="a.pdf"), csv)
    run_tasks()

    assert answer.status_code == 201
    assert models.SandboxMessage.objects.get().record().attachments == (
        records.Attachment(filename="a.pdf", content_type="application/pdf", content=PDF),
        records.Attachment(filename="b.csv", content_type="text/csv", content=b"a,b\n"),
    )


@pytest.mark.parametrize(
    ("attachments", "kind", "says"),
    [
        ({}, "ValidationError", "attachments is not of type array"),
        ([1], "ValidationError", "attachments must each be an object"),
        ([upload()], "ValidationError", "attachments must each have a filename, as a string"),
        (
            [upload(filename="a.pdf", is_csv=True)],
            "ValidationError",
            "attachments Additional properties are not allowed (is_csv was unexpected)",
        ),
        (
            [upload(filename="a.pdf", content_type="text/html")],
            "BadRequestError",
            "content_type of a.pdf must be application/pdf",
        ),
        (
            [upload(b"MZ" + bytes(99), filename="a.pdf")],
            "BadRequestError",
            "`filename` ends with .pdf but the file is not of that type",
        ),
    ],
)
def test_an_attachment_that_may_not_be_sent_is_refused(
    attachments: object, kind: str, says: str
) -> None:
    answer = post(make_key(), body(attachments=attachments))

    refused(answer, 400, kind, says)


def test_attachments_are_2_mb_together_at_most() -> None:
    half = upload(b"%PDF" + bytes(2**20), filename="a.pdf")

    answer = attach(half, half)

    says = "Attachments exceed the size limit of 2MB together"
    refused(answer, 413, "BadRequestError", says)


def test_a_virus_is_refused_and_nothing_is_let_through_that_cannot_be_scanned(
    scanner: str, settings: Settings
) -> None:
    settings.CLAMD = scanner
    virus = upload(clamd.EICAR, filename="a.txt")

    for answer in (post(make_key(), asked(virus)), attach(virus)):
        refused(answer, 400, "BadRequestError", "File did not pass the virus scan")
    assert open_page(send()).status_code == 200

    large = upload(b"%PDF" + bytes(2**20))
    says = "The file could not be scanned just now. Try again soon."
    refused(post(make_key(name="b"), asked(large)), 503, "ServiceUnavailableError", says)
    settings.CLAMD = "/nowhere"
    refused(attach(virus), 503, "ServiceUnavailableError", says)
    assert models.Message.objects.count() == 1


def test_a_letter_may_be_a_pdf_of_5_mb() -> None:
    for size, status in ((5 * 2**20, 201), (5 * 2**20 + 1, 413)):
        content = base64.b64encode(bytes(size)).decode()
        answer = post(make_key(name=str(size)), {"reference": "r", "content": content}, path=LETTER)
        assert answer.status_code == status, answer.content


def test_staff_give_the_contact_details() -> None:
    Client().post("/notify/origins/contact/?sender=main", {"contact": " a@barset.example "})
    wrong = Client().post("/notify/origins/contact/", {"contact": "http://barset.example"})

    assert queries.get_contact(make_actor(), sender="main") == "a@barset.example"
    assert (wrong.status_code, "starts with https://" in wrong.content.decode()) == (422, True)
    assert "a@barset.example" in Client().get("/notify/origins/").content.decode()
    with pytest.raises(NotAllowed):
        operations.set_contact(make_actor(permissions.SEND), contact=CONTACT)
