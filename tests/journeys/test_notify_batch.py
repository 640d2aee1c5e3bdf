"""A template is made, a list with two faults is put right and sent, and its report read."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.conftest import Visitor
from tests.journeys.town import MailServer, text_of

HEADER = "email address,name\n"
PEOPLE = [f"list{number}@resident.example" for number in range(1, 9)]
GOOD = HEADER + "".join(f"{email},Person {number}\n" for number, email in enumerate(PEOPLE))
BAD = GOOD.replace("list2@resident.example", "list2.resident.example").replace("Person 6", "")


def test_a_list_is_put_right_sent_and_reported(
    visitor: Callable[..., Visitor], mail: MailServer
) -> None:
    staff = visitor()
    staff.be("administrator")
    make_template(staff)
    staff.press("Send it")
    staff.press("Send to a list of people")

    upload(staff, BAD)
    faults = staff.page.locator("main tbody tr")
    expect(faults).to_have_count(2)
    expect(faults.nth(0)).to_contain_text("Row 3")
    expect(faults.nth(0)).to_contain_text("Not a valid email address")
    expect(faults.nth(1)).to_contain_text("Row 8")
    expect(faults.nth(1)).to_contain_text("Missing")

    upload(staff, GOOD)
    staff.sees("Dear Person 0, this is for you.")
    staff.press("Send 8 messages")
    bar = staff.page.locator("progress")
    expect(bar).to_have_attribute("value", "8", timeout=30_000)  # without loading the page again
    expect(staff.page.locator("#state")).to_contain_text("Sent")
    staff.look()

    letters = [mail.wait_for(email, "A letter to everyone") for email in PEOPLE]
    assert "Dear Person 7" in text_of(letters[7])
    lines = download_report(staff)
    assert [line["To"] for line in lines] == PEOPLE
    assert [line["Row"] for line in lines] == [str(number) for number in range(2, 10)]
    assert {line["Status"] for line in lines} == {"sending"}


def make_template(staff: Visitor) -> None:
    staff.go("/notify/templates/new/email/")
    staff.fill("Title", "Letter to everyone")
    staff.page.locator("#id_subject_en").fill("A letter to everyone")
    staff.page.locator("#id_body_en").fill("Dear ((name)), this is for you.")
    staff.press("Save")


def upload(staff: Visitor, content: str) -> None:
    file = {"name": "everyone.csv", "mimeType": "text/csv", "buffer": content.encode()}
    staff.page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]  # a FilePayload
    staff.press("Upload the list")


def download_report(staff: Visitor) -> list[dict[str, str]]:
    with staff.page.expect_download() as downloading:
        staff.page.get_by_role("link", name="Download the report").click()
    written = Path(downloading.value.path()).read_text()
    return list(csv.DictReader(io.StringIO(written)))
