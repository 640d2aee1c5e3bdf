"""Letters on GOV.UK Notify's wire: written by us, or come as a PDF."""

import pytest

from townhall.capabilities.notify import models, operations
from townhall.capabilities.notify.errors import CodeTooLong
from townhall.capabilities.notify.records import Channel, KeyType, StepKind
from townhall.capabilities.notify.tests.channels import (
    ADDRESS,
    LETTER,
    SMS,
    letter,
    make,
    ready_letter,
    send_ready,
    set_to,
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


def test_a_letter_of_more_than_ten_pages_is_given_up_as_one_that_came_ready_would_be() -> None:
    key = make_key()
    values = ADDRESS | {"name": "\n\n---\n\n".join("abcdefghijk")}
    sent = post(key, letter(personalisation=values), path=LETTER).json()

    run_tasks()

    assert get(key, f"/v2/notifications/{sent['id']}").json()["status"] == "validation-failed"
    assert models.Step.objects.get(kind=StepKind.FAILED).words == "letter-too-long"
    assert not models.SandboxMessage.objects.exists()


def test_a_qr_code_that_would_hold_too_much_is_refused_in_notifys_words() -> None:
    template = make(Channel.LETTER, "qr: https://example.com/((name))")
    link = "https://example.com/" + "x" * 485
    asked = letter(template_id=str(template.id), personalisation=ADDRESS | {"name": "x" * 485})

    answer = post(make_key(), asked, path=LETTER)

    says = "Cannot create a usable QR code - the link is too long"
    size = {"data": link, "num_bytes": 505, "max_bytes": 504}
    error = {"error": "ValidationError", "message": says} | size
    assert (answer.status_code, answer.json()["errors"]) == (400, [error])
    with pytest.raises(CodeTooLong):
        make(Channel.LETTER, f"qr: {link}((name))")


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


@pytest.mark.parametrize(
    ("abroad", "status", "postage"),
    [(True, "accepted", "europe"), (False, "validation-failed", "first")],
)
def test_a_letter_that_came_ready_goes_abroad_if_letters_may(
    abroad: bool, status: str, postage: str
) -> None:
    set_to("abroad", abroad)
    key = make_key()
    pdf = ready_letter("Ann Arbour", "1 Rue de la Paix", "France")
    sent = send_ready(key, pdf, postage="first").json()

    run_tasks()

    read = get(key, f"/v2/notifications/{sent['id']}").json()
    assert (read["status"], read["postage"]) == (status, postage)


def test_a_letter_that_came_ready_can_have_five_megabytes() -> None:
    key, most = make_key(), 5 * 1024**2

    assert send_ready(key, bytes(most)).status_code == 201
    says = "Letter is too large. The PDF can be 5MB at most"
    refused(send_ready(key, bytes(most + 1)), 413, "BadRequestError", says)


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
