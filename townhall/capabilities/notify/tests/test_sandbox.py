"""The demo's mailbox: every message as it would have arrived."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from townhall.capabilities.notify import models, operations, queries, records
from townhall.capabilities.notify.records import Channel
from townhall.capabilities.notify.tests import wire
from townhall.capabilities.notify.tests.make import SENDER, make_actor, make_key, send
from townhall.machinery.testing import run_tasks
from townhall.machinery.wording import Wording

pytestmark = pytest.mark.django_db


def get(name: str, *args: object) -> Any:  # a test client's response
    return Client().get(
        reverse(f"notify_sandbox:{name}", args=args), headers={"X-Test-Actor": "stranger"}
    )


def receive() -> int:
    calendar = records.Attachment(
        filename="a.ics", content_type="text/calendar", content=b"BEGIN:VCALENDAR\r\n"
    )
    send(attachments=[calendar])
    run_tasks()
    return models.SandboxMessage.objects.latest("id").pk


def test_anyone_reads_the_sandbox_mailbox_newest_first() -> None:
    first, second = receive(), receive()

    page = get("mailbox").content.decode()

    places = [page.index(reverse("notify_sandbox:message", args=[pk])) for pk in (second, first)]
    assert places == sorted(places)


def test_the_mailbox_is_read_page_by_page() -> None:
    for _each in range(26):
        receive()

    first = queries.list_sandbox_messages(make_actor())
    rest = queries.list_sandbox_messages(make_actor(), place=first.next_place)

    ids = [line.id for line in [*first.rows, *rest.rows]]
    assert (len(first.rows), len(rest.rows), rest.next_place) == (25, 1, None)
    assert ids == sorted(ids, reverse=True)


def test_an_email_is_shown_whole_and_harmlessly() -> None:
    email_id = receive()

    page = get("message", email_id)
    framed = get("email_html", email_id)
    source = get("email_source", email_id)
    attached = get("attachment", email_id, 0)

    assert "• a sofa" in page.content.decode()
    assert "Message-ID" in page.content.decode()
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    policy = framed["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert b"Message-ID" in source.content
    assert (attached.content, attached["Content-Type"]) == (b"BEGIN:VCALENDAR\r\n", "text/calendar")
    assert attached["Content-Disposition"] == 'attachment; filename="a.ics"'


def test_an_email_or_attachment_that_is_not_there_is_not_found() -> None:
    email_id = receive()

    assert get("message", email_id + 1).status_code == 404
    assert get("attachment", email_id, 9).status_code == 404


def make_template(channel: Channel, **words: Any) -> str:  # Any: the words
    made = operations.make_template(
        make_actor(), title="Bin day", channel=channel, sender=SENDER, **words
    )
    return str(made.id)


def ask_for(path: str, **asked: object) -> int:
    answer = wire.post(make_key(), asked, path=f"/v2/notifications/{path}")
    assert answer.status_code == 201, answer.content
    run_tasks()
    return models.SandboxMessage.objects.latest("id").pk


def text() -> int:
    template_id = make_template(Channel.SMS, body=Wording("Hello ((name))\n<b>Bye"))
    values = {"name": "Ann"}
    return ask_for(
        "sms", phone_number="07700900123", template_id=template_id, personalisation=values
    )


def letter() -> int:
    template_id = make_template(Channel.LETTER, subject=Wording("Bins"), body=Wording("Hello"))
    values = {"address_line_1": "Ann", "address_line_2": "1 High Street", "postcode": "SW1A 1AA"}
    return ask_for("letter", template_id=template_id, personalisation=values)


def test_a_text_is_shown_with_its_sender_and_number() -> None:
    text_id = text()

    page = get("message", text_id).content.decode()
    listed = get("mailbox").content.decode()

    assert "Hello Ann<br>&lt;b&gt;Bye" in page
    assert "447700900123" in page
    assert "Barset Council" in page
    assert "Text message" in listed


def test_a_letters_pdf_can_be_opened() -> None:
    letter_id = letter()

    page = get("message", letter_id).content.decode()
    pdf = get("letter", letter_id)

    assert reverse("notify_sandbox:letter", args=[letter_id]) in page
    assert "Ann<br>1 High Street<br>SW1A 1AA" in page
    assert pdf.content.startswith(b"%PDF-")
    assert pdf["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("name", ["letter", "email_html", "email_source"])
def test_a_text_is_no_letter_and_no_email(name: str) -> None:
    assert get(name, text()).status_code == 404
