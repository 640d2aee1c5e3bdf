"""Files in what programs post: which are taken, and what is wrong with the others."""

import base64
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import Settings

from townhall.capabilities.notify import models, operations, records
from townhall.capabilities.notify.tests.channels import LETTER, SMS, letter, text
from townhall.capabilities.notify.tests.make import SENDER, make_actor, make_key
from townhall.capabilities.notify.tests.uploads import (
    CONTACT,
    PDF,
    asked,
    open_page,
    send,
    upload,
)
from townhall.capabilities.notify.tests.wire import body, post, refused
from townhall.machinery.testing import EICAR, run_tasks

pytestmark = pytest.mark.django_db

Answer = Any  # a test client's response


@pytest.fixture(autouse=True)
def _contact() -> None:
    operations.set_contact(make_actor(), contact=CONTACT, sender=SENDER)


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
    virus = upload(EICAR, filename="a.txt")

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
