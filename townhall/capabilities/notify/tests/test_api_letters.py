"""Letters on GOV.UK Notify's wire: written by us, or come as a PDF."""

import pytest

from townhall.capabilities.notify import models, operations
from townhall.capabilities.notify.records import KeyType
from townhall.capabilities.notify.tests.channels import (
    LETTER,
    SMS,
    letter,
    ready_letter,
    send_ready,
    text,
)
from townhall.capabilities.notify.tests.make import BARSET, make_key
from townhall.capabilities.notify.tests.wire import get, post, refused
from townhall.machinery.errors import Invalid
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db


def test_a_letter_is_printed_and_kept_as_a_pdf() -> None:
    key = make_key()
    sent = post(key, letter(), path=LETTER).json()
    early = get(key, f"/v2/notifications/{sent['id']}/pdf")

    run_tasks()

    says = "PDF not available yet, try again later"
    refused(early, 400, "PDFNotReadyError", says)
    answer = get(key, f"/v2/notifications/{sent['id']}/pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert bytes(models.SandboxMessage.objects.get().source) == answer.content
    read = get(key, f"/v2/notifications/{sent['id']}").json()
    assert (read["status"], read["line_1"], read["postcode"]) == (
        "accepted",
        "Ann Arbour",
        "SW1A 1AA",
    )
    assert read["cost_details"]["billable_sheets_of_paper"] == 1


def test_delivering_a_letter_twice_prints_it_once() -> None:
    key = make_key()
    post(key, letter(), path=LETTER)
    message = models.Message.objects.get()

    for _time in range(2):
        operations.deliver(message_id=message.id, organisation_id=BARSET.id)

    assert models.Paper.objects.count() == models.SandboxMessage.objects.count() == 1


def test_an_address_that_is_none_is_refused_in_notifys_words() -> None:
    values = {"address_line_1": "Ann", "name": "Ann"}

    answer = post(make_key(), letter(personalisation=values), path=LETTER)

    assert answer.status_code == 400
    assert answer.json()["errors"][0] == {
        "error": "ValidationError",
        "message": "Address must be at least 3 lines",
    }


def test_a_team_key_sends_no_letters() -> None:
    answer = post(make_key(KeyType.TEAM), letter(), path=LETTER)

    refused(answer, 403, "BadRequestError", "Cannot send letters with a team api key")


def test_a_letter_that_came_ready_is_looked_at_and_then_printed() -> None:
    key, pdf = make_key(), ready_letter()

    answer = send_ready(key, pdf, postage="first")

    sent = answer.json()
    assert sent == {"id": sent["id"], "reference": "r", "postage": "first"}
    before = get(key, f"/v2/notifications/{sent['id']}").json()
    run_tasks()
    after = get(key, f"/v2/notifications/{sent['id']}").json()
    assert (before["status"], after["status"]) == ("pending-virus-check", "accepted")
    assert after["line_1"] == "Ann Arbour"
    assert get(key, f"/v2/notifications/{sent['id']}/pdf").content == pdf


def test_a_letter_with_a_virus_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_virus(_content: bytes) -> bool:
        raise Invalid("a virus")

    monkeypatch.setattr("townhall.capabilities.notify.operations.papers.scan", find_virus)
    key = make_key()
    sent = send_ready(key, ready_letter()).json()

    run_tasks()

    read = get(key, f"/v2/notifications/{sent['id']}").json()
    assert read["status"] == "virus-scan-failed"
    assert not models.SandboxMessage.objects.exists()


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        (
            {"content": "£"},
            "BadRequestError",
            "Cannot decode letter content (invalid base64 encoding)",
        ),
        ({"content": 5}, "ValidationError", "content 5 is not of type string"),
        (
            {"postage": "third"},
            "ValidationError",
            "postage invalid. It must be first, second or economy.",
        ),
    ],
)
def test_a_misshapen_ready_letter_is_told_why(
    changes: dict[str, object], kind: str, message: str
) -> None:
    refused(send_ready(make_key(), b"x", **changes), 400, kind, message)


def test_letters_are_found_by_the_words_of_letters() -> None:
    key = make_key()
    sent = post(key, letter(), path=LETTER).json()["id"]
    post(key, text(), path=SMS)

    found = {
        status: [
            each["id"]
            for each in get(key, f"/v2/notifications?status={status}").json()["notifications"]
        ]
        for status in ("accepted", "received", "returned-letter", "cancelled")
    }

    assert found == {"accepted": [sent], "received": [], "returned-letter": [], "cancelled": []}
