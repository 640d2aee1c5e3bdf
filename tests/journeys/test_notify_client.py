"""GOV.UK Notify's own Python client, unmodified, against the demo as `make up` prints it."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any, cast

import pytest
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient
from notifications_python_client.utils import prepare_upload

from tests.journeys.conftest import Visitor
from tests.journeys.town import MailServer, Town, text_of


@pytest.fixture(scope="module")
def printed(town: Town) -> tuple[str, str]:
    """The key and the template that `make up` prints."""
    said = town.manage("greet", "--address", town.url)
    found = re.search(r"key +(\S+)\s+template +(\S+)", said)
    assert found, said
    return found[1], found[2]


def client_for(town: Town, key: str) -> Any:  # Any: the client has no types
    return cast(Any, NotificationsAPIClient)(key, base_url=town.url)


def test_it_sends_an_email_and_reads_its_status(
    town: Town, mail: MailServer, printed: tuple[str, str]
) -> None:
    key, template_id = printed
    client = client_for(town, key)

    sent = client.send_email_notification(
        email_address="hana.hughes@resident.example",
        template_id=template_id,
        personalisation={"name": "Hana"},
        reference="mine",
    )

    letter = mail.wait_for("hana.hughes@resident.example", "Hello Hana")
    assert "Dear Hana" in text_of(letter)
    assert sent["content"]["subject"] == "Hello Hana"
    town.wait_for_rows(
        f"SELECT count(*) FROM notify_message WHERE id = '{sent['id']}' AND status <> 'sending'"
    )
    read = client.get_notification_by_id(sent["id"])
    assert (read["status"], read["reference"]) == ("sending", "mine")


def test_a_file_goes_from_a_program_to_somebodys_phone(
    town: Town, mail: MailServer, printed: tuple[str, str], visitor: Callable[..., Visitor]
) -> None:
    (key, template_id), somebody = printed, visitor(width=320)

    client_for(town, key).send_email_notification(
        email_address="ira.ingram@resident.example",
        template_id=template_id,
        personalisation={"name": cast(Any, prepare_upload)(BytesIO(b"%PDF-1.5"), "yours.pdf")},
    )

    link = re.search(
        r"http\S+/files/\S+", text_of(mail.wait_for("ira.ingram@resident.example", ""))
    )
    assert link
    somebody.go(link[0])
    somebody.sees("01632 960100")
    somebody.press("Continue")
    somebody.fill("Email address", "ivy@resident.example")
    somebody.press("Continue")
    somebody.sees("The file was sent to another email address")
    somebody.fill("Email address", "ira.ingram@resident.example")
    somebody.press("Continue")
    with somebody.page.expect_download() as download:
        somebody.page.get_by_role("button", name="Download", exact=True).click()
    assert download.value.suggested_filename == "yours.pdf"
    assert download.value.path().read_bytes() == b"%PDF-1.5"
    somebody.go(link[0][:-3])
    somebody.sees("The file is not available")


def test_a_wrong_key_is_refused_in_notifys_own_words(town: Town, printed: tuple[str, str]) -> None:
    key, template_id = printed
    client = client_for(town, key[:-1] + ("0" if key[-1] != "0" else "1"))

    with pytest.raises(HTTPError) as refused:
        client.send_email_notification(
            email_address="hana.hughes@resident.example", template_id=template_id
        )

    assert refused.value.status_code == 403
