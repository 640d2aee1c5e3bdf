"""Sending from the pages: one message, or a list."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from townhall.capabilities.notify import models, operations
from townhall.capabilities.notify.records import FIRST_SENDER, Channel, Status
from townhall.capabilities.notify.rules.tables import read_file
from townhall.capabilities.notify.tests.bulk import batch_of, send
from townhall.capabilities.notify.tests.channels import make
from townhall.capabilities.notify.tests.make import (
    SENDER,
    make_actor,
    make_key,
    make_live,
    make_template,
)
from townhall.capabilities.notify.tests.test_pages import url
from townhall.machinery.errors import Invalid
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _live(db: None) -> None:
    """The senders of these tests have gone live."""
    for sender in (SENDER, FIRST_SENDER):
        make_live(sender)


HEADER = "email address,name,day,items\n"
GOOD = f"{HEADER}ann@example.com,Ann,Monday,a sofa\nbo@example.com,=Bo,Monday,a bed\n"
NOW = {"day": "now", "hour": "9"}


class Browser:
    """Somebody's, with its session."""

    def __init__(self, actor: str = "staff") -> None:
        self.client = Client(headers={"X-Test-Actor": actor})

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def post(self, path: str, data: dict[str, Any] | None = None) -> Any:
        return self.client.post(path, data or {})

    def upload(self, template_id: object, content: bytes | str, name: str = "people.csv") -> Any:
        raw = content.encode() if isinstance(content, str) else content
        return self.post(url("upload_list", template_id), {"file": SimpleUploadedFile(name, raw)})


def in_a_week() -> dict[str, str]:
    return {"day": str(timezone.localdate() + timedelta(days=6)), "hour": "9"}


def test_one_message_is_asked_for_page_by_page_checked_and_sent() -> None:
    staff, template = Browser(), make(Channel.EMAIL, "Dear ((name)), come on ((day))")

    wrong = staff.post(url("send_one", template.id, 0), {"to": "x@"})
    steps = [
        staff.post(url("send_one", template.id, step), data)["Location"]
        for step, data in enumerate(
            [{"to": "ann@example.com"}, {"value": "Ann"}, {"value": "Monday <b>"}]
        )
    ]
    checked = staff.get(steps[-1]).content.decode()
    sent = staff.post(steps[-1], NOW)
    again = staff.post(steps[-1], NOW)
    run_tasks()

    assert wrong.status_code == 422
    assert steps == [url("send_one", template.id, number) for number in (1, 2)] + [
        url("check_one", template.id)
    ]
    assert "Dear Ann, come on Monday &lt;b&gt;" in checked
    assert "ann@example.com" in checked
    assert sent["Location"] == url("send_template", template.id)
    assert again["Location"] == url("send_one", template.id, 0)
    assert models.SandboxMessage.objects.get().subject == "About Ann"


def test_one_letter_is_looked_at_as_it_will_be_printed() -> None:
    staff, template = Browser(), make(Channel.LETTER)

    nothing_yet = staff.get(url("letter_of_one", template.id)).status_code
    staff.post(url("send_one", template.id, 0), {"to": "Ann\n1 Abbey Walk\nSW1A 1AA"})
    staff.post(url("send_one", template.id, 1), {"value": "Ann"})
    pdf = staff.get(url("letter_of_one", template.id))
    staff.post(url("check_one", template.id), NOW)

    assert nothing_yet == 404
    assert pdf.content.startswith(b"%PDF")
    assert models.Message.objects.get().to == "Ann\n1 Abbey Walk\nSW1A 1AA"


def test_one_message_is_scheduled_listed_and_cancelled() -> None:
    staff, template = Browser(), make(Channel.SMS, "It is time")
    staff.post(url("send_one", template.id, 0), {"to": "07700 900123"})

    past = {"day": str(timezone.localdate()), "hour": "0"}
    too_late = staff.post(url("check_one", template.id), past)
    sent = staff.post(url("check_one", template.id), in_a_week())
    listed = staff.get(sent["Location"]).content.decode()
    message = models.Message.objects.get()
    staff.post(url("cancel_message", message.id))

    assert too_late.status_code == 422
    assert sent["Location"] == url("scheduled")
    assert "447700900123" in listed
    message.refresh_from_db()
    assert message.status == Status.CANCELLED


def test_pages_in_the_middle_lead_to_the_first() -> None:
    staff, template = Browser(), make_template()

    for name, arguments in (("send_one", (2,)), ("send_one", (9,)), ("check_one", ())):
        answer = staff.get(url(name, template.id, *arguments))
        assert answer["Location"] == url("send_one", template.id, 0)


def test_every_fault_of_a_list_is_shown_and_nothing_is_kept() -> None:
    staff, template = Browser(), make_template()
    bad = f"{HEADER}not-an-address,Ann,Monday,a\nbo@example.com,,Monday,b\n"

    answer = staff.upload(template.id, bad)

    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("Row 2", "Not a valid email address", "Row 3", "Missing"):
        assert words in page
    assert not models.Batch.objects.exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty"),
        (b"email address\n", "no rows below"),
        (b"PK\x03\x04" + b"x" * 50, "cannot be read"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 50, "cannot be read"),
        (b"a\0b\nc", "cannot be read as CSV"),
        (b'a\n"' + b"x" * 200_000 + b'"', "cannot be read as CSV"),
    ],
)
def test_files_that_are_no_lists_are_refused(content: bytes, says: str) -> None:
    answer = Browser().upload(make_template().id, content)

    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_a_good_list_is_checked_sent_watched_and_reported() -> None:
    staff, template = Browser(), make_template()

    uploaded = staff.upload(template.id, GOOD)
    batch = models.Batch.objects.get()
    checked = staff.get(uploaded["Location"]).content.decode()
    in_list = staff.get(url("batches")).content.decode()
    sent = staff.post(uploaded["Location"], NOW)
    before = staff.get(sent["Location"]).content.decode()
    run_tasks()
    after = staff.get(sent["Location"]).content.decode()
    report = b"".join(staff.get(url("batch_report", batch.id)).streaming_content).decode()

    assert "Collection on Monday" in checked
    assert "people.csv" not in in_list
    assert "0 of 2 handed over" in before
    assert "data-live" in before
    assert "Being sent" in before
    assert "2 of 2 handed over" in after
    assert "data-live" not in after
    lines = report.splitlines()
    assert lines[0] == "Row,To,day,name,items,Status,Made,Sent,Completed"
    assert lines[1].startswith("2,ann@example.com,Monday,Ann,a sofa,sending,20")
    assert lines[2].startswith("3,bo@example.com,Monday,'=Bo,a bed,sending,20")
    assert "people.csv" in staff.get(url("batches")).content.decode()


def test_no_heading_is_a_formula_and_the_example_is_still_taken() -> None:
    staff, template = Browser(), make(Channel.EMAIL, "Hello ((=name)) ((+1))")

    example = staff.get(url("example_list", template.id)).content.decode()
    uploaded = staff.upload(template.id, example)
    batch = models.Batch.objects.get()
    staff.post(uploaded["Location"], NOW)
    run_tasks()
    report = b"".join(staff.get(url("batch_report", batch.id)).streaming_content).decode()

    assert example.splitlines() == [
        "email address,name,'=name,'+1",
        "name@example.com,name,'=name,'+1",
    ]
    assert report.splitlines()[0] == "Row,To,name,'=name,'+1,Status,Made,Sent,Completed"
    assert models.SandboxMessage.objects.count() == 1


def test_a_page_says_that_the_key_of_a_list_was_revoked() -> None:
    staff, key = Browser(), make_key()
    later = (timezone.now() + timedelta(days=1)).isoformat()
    batch = batch_of(send(key, scheduled_for=later))
    before = staff.get(url("batch", batch.id)).content.decode()

    operations.revoke_api_key(make_actor(), key.id)

    assert "has been revoked" not in before
    assert "has been revoked" in staff.get(url("batch", batch.id)).content.decode()
    staff.post(url("cancel_batch", batch.id))
    assert "has been revoked" not in staff.get(url("batch", batch.id)).content.decode()


def test_a_list_for_a_template_archived_meanwhile_is_not_sent() -> None:
    staff, template = Browser(), make_template()
    check = staff.upload(template.id, GOOD)["Location"]
    models.Template.objects.filter(id=template.id).update(archived_at=timezone.now())

    answer = staff.post(check, NOW)

    assert answer.status_code == 422
    assert "has been archived" in answer.content.decode()
    assert models.Batch.objects.get().state == "checked"


def test_a_list_is_scheduled_paused_resumed_and_cancelled() -> None:
    staff, template = Browser(), make_template()
    check = staff.upload(template.id, GOOD)["Location"]
    staff.post(check, in_a_week())
    batch = models.Batch.objects.get()

    states = [batch.state]
    for name in ("pause_batch", "resume_batch", "cancel_batch"):
        assert staff.post(url(name, batch.id)).status_code == 302
        batch.refresh_from_db()
        states.append(batch.state)

    assert states == ["scheduled", "paused", "scheduled", "cancelled"]
    assert staff.get(check)["Location"] == url("batch", batch.id)
    assert "Cancelled" in staff.get(url("batch", batch.id)).content.decode()


def test_a_list_that_is_not_to_be_sent_is_forgotten() -> None:
    staff = Browser()
    staff.upload(make_template().id, GOOD)
    batch = models.Batch.objects.get()

    staff.post(url("cancel_batch", batch.id))

    assert not models.BatchChunk.objects.exists()
    assert not models.DayCount.objects.exists()


def test_the_example_is_a_list_that_is_taken() -> None:
    staff = Browser()

    for template in (make_template(), make(Channel.SMS), make(Channel.LETTER)):
        content = staff.get(url("example_list", template.id)).content
        assert staff.upload(template.id, content).status_code == 302


@pytest.mark.parametrize("name", ["send_template", "upload_list", "example_list"])
def test_sending_takes_its_permission_and_ones_own_template(name: str) -> None:
    template = make_template()

    assert Browser("stranger").get(url(name, template.id)).status_code == 403
    assert Browser("outsider").get(url(name, template.id)).status_code == 404


def test_a_spreadsheet_reads_like_the_csv_of_it() -> None:
    rows: list[list[Any]] = [
        ["email address", "name", "day", "items"],
        ["ann@example.com", "Ann", 3.0, "a"],
    ]

    for content in (_xlsx(rows), _ods(rows)):
        assert read_file(content) == [rows[0], ["ann@example.com", "Ann", "3", "a"]]
    with pytest.raises(Invalid):
        read_file(_xlsx(rows)[:300])


def test_a_sheet_that_says_it_is_huge_is_refused() -> None:
    last = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

    with pytest.raises(Invalid, match="The sheet is too large"):
        read_file(_xlsx([["a"]], beyond=last))


def test_an_archive_that_nothing_can_unpack_is_refused() -> None:
    content = bytearray(_xlsx([["a"], ["b"]]))
    entry = content.index(b"PK\x01\x02")
    content[entry + 6] = 255  # the version of ZIP that unpacking takes

    with pytest.raises(Invalid, match="cannot be read"):
        read_file(bytes(content[: entry + 40]))


def test_text_comes_in_several_encodings() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        assert read_file("a\tb\né\t1\n".encode(encoding)) == [["a", "b"], ["é", "1"]]


def _zip(files: dict[str, str]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


def _xlsx(rows: list[list[Any]], *, beyond: str = "") -> bytes:
    """The least that a spreadsheet program would open."""

    def cell(value: Any) -> str:
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
        return f"<c><v>{value}</v></c>"

    data = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    related = "http://schemas.openxmlformats.org/package/2006/relationships"
    return _zip(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
            'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{related}"><Relationship Id="r" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{related}"><Relationship '
            f'Id="s" Type="{office}/worksheet" Target="worksheets/a.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
            '<sheet name="a" sheetId="1" r:id="s"/></sheets></workbook>',
            "xl/worksheets/a.xml": f'<worksheet xmlns="{main}"><sheetData>{data}{beyond}'
            "</sheetData></worksheet>",
        }
    )


def _ods(rows: list[list[Any]]) -> bytes:
    def cell(value: Any) -> str:
        if isinstance(value, str):
            return (
                f'<table:table-cell office:value-type="string"><text:p>{value}</text:p>'
                "</table:table-cell>"
            )
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    data = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return _zip(
        {
            "mimetype": kind,
            "META-INF/manifest.xml": "<manifest/>",
            "content.xml": f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="a">{data}</table:table></office:spreadsheet>'
            "</office:body></office:document-content>",
        }
    )
