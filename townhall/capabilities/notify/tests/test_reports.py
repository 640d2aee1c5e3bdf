"""What mail servers report, as they write it; and who may report it."""

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from townhall.capabilities.notify import models, operations, permissions
from townhall.capabilities.notify.records import Complained, EmailReport, Receipt, Status
from townhall.capabilities.notify.rules.reports import read_report
from townhall.capabilities.notify.rules.return_paths import find_message_id, write_return_path
from townhall.capabilities.notify.tests.make import ELSEWHERE, make_actor, send
from townhall.capabilities.notify.tests.peers import Peer, listening
from townhall.machinery.errors import Invalid, NotAllowed

Answer = Any  # a test client's response
PATH = "/notify/suppliers/mail/"
BOUNCES = "bounces@barset.example"
SCRIPT = Path(__file__).parents[4] / "docs/how-to/production/townhall-mail-report"


def status_report(*fields: str, original: str = "") -> bytes:
    """RFC 3464, as Postfix writes it."""
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example.com (Mail Delivery System)
To: {BOUNCES}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

This is a MIME-encapsulated message.

--x
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not
be delivered. 550 5.7.1 and other numbers stand here, too.

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
X-Postfix-Queue-ID: 4XyZ
Arrival-Date: Mon, 23 Nov 2026 09:00:00 +0000 (GMT)

Final-Recipient: rfc822; ann@example.com
{chr(10).join(fields)}

--x
Content-Type: text/rfc822-headers

From: Barset <noreply@barset.example>
Subject: 5.1.1
{original}

--x--
""".encode()


def words(text: str, *headers: str, by: str = "MAILER-DAEMON@mx.example.com") -> bytes:
    """A bounce without fields."""
    return "\n".join([f"From: {by}", *headers, "", text]).encode()


def complaint(*fields: str, date: str = "Mon, 23 Nov 2026 09:05:00 +0000") -> bytes:
    """RFC 5965."""
    return f"""From: <feedback@mail.example.com>
Date: {date}
Subject: FW: Collection on Monday
To: {BOUNCES}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="y"

--y
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report.
--y
Content-Type: message/feedback-report

{chr(10).join(fields)}
User-Agent: SomeGenerator/1.0
Version: 1

--y
Content-Type: message/rfc822

From: Barset <noreply@barset.example>
Subject: Collection on Monday

Dear Ann
--y--
""".encode()


def failed(status: Status, cause: str) -> EmailReport:
    return EmailReport(receipt=Receipt(status=status, cause=cause))


def complained(kind: str, made_at: datetime | None) -> EmailReport:
    return EmailReport(complaint=Complained(supplier_reference="arf", kind=kind, made_at=made_at))


PERMANENT, TEMPORARY = Status.PERMANENT_FAILURE, Status.TEMPORARY_FAILURE
DELIVERED = EmailReport(receipt=Receipt(status=Status.DELIVERED, cause=""))
NOTHING = EmailReport()
AT = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)

READ = [
    (status_report("Action: failed", "Status: 5.1.1"), failed(PERMANENT, "smtp 5.1.1")),
    (status_report("Action: Failed", "Status: 5.2.2 (full)"), failed(PERMANENT, "smtp 5.2.2")),
    (status_report("Action: failed", "Status: 4.4.7"), failed(TEMPORARY, "smtp 4.4.7")),
    (status_report("Action: failed"), failed(TEMPORARY, "smtp")),
    (
        status_report("Action: failed", "Diagnostic-Code: smtp; 550 No such user"),
        failed(PERMANENT, "smtp 550"),
    ),
    (status_report("Action: delivered", "Status: 2.0.0"), DELIVERED),
    (status_report("Action: expanded", "Status: 2.0.0"), DELIVERED),
    (status_report("Action: relayed", "Status: 2.0.0"), NOTHING),
    (status_report("Action: delayed", "Status: 4.4.1"), NOTHING),
    (status_report("Status: 5.1.1"), NOTHING),
    (words("Sorry, no mailbox here by that name. (#5.1.1)"), failed(PERMANENT, "smtp 5.1.1")),
    (words("I'm not going to try again. (#4.4.1)"), failed(TEMPORARY, "smtp 4.4.1")),
    (
        words("host mx said: 550 No such user", "X-Failed-Recipients: ann@example.com"),
        failed(PERMANENT, "smtp 550"),
    ),
    (words("exim 4.94.2: 550 5.1.1 No such user"), failed(PERMANENT, "smtp 5.1.1")),
    (words("It failed.", "X-Failed-Recipients: ann@example.com"), failed(TEMPORARY, "smtp")),
    (words("Telephone 01632 5960001, room 5.1"), NOTHING),
    (words("Not yet: 4.4.1", "Subject: Warning: message delayed 24 hours"), NOTHING),
    (words("I am away. 5.1.1", "Auto-Submitted: auto-replied", by="ann@example.com"), NOTHING),
    (complaint("Feedback-Type: abuse"), complained("abuse", AT)),
    (complaint("Feedback-Type: FRAUD", date="soon"), complained("fraud", None)),
    (complaint("Feedback-Type: <b>"), complained("", AT)),
    (complaint("Feedback-Type: not-spam"), NOTHING),
    (complaint("Feedback-Type: auth-failure"), NOTHING),
    (b"", NOTHING),
    (b"\xff\xfe\r\n\r\n\xff", NOTHING),
    (b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/\n\n", NOTHING),
    (b"Content-Type: message/delivery-status\n\nAction: failed\n", NOTHING),
]


@pytest.mark.parametrize(("mail", "expected"), READ)
def test_a_report_is_read(mail: bytes, expected: EmailReport) -> None:
    assert read_report(mail) == expected
    assert read_report(mail.replace(b"\n", b"\r\n")) == expected


def test_a_mail_that_python_cannot_read_is_refused_in_words() -> None:
    deep = b"Content-Type: message/rfc822\n\n" * 1_500

    with pytest.raises(Invalid, match="cannot be read"):
        read_report(deep)


def test_a_return_path_is_read_whatever_became_of_its_letters() -> None:
    message_id = uuid4()
    path = write_return_path(BOUNCES, message_id, key="new")
    local = path.partition("@")[0]

    assert len(local) <= 64
    assert find_message_id(path.upper(), keys=["newer", "new"]) == message_id
    assert find_message_id(f"X: <{path}>; {path}", keys=["new"]) == message_id
    for forged in (
        path.replace(message_id.hex, uuid4().hex),
        path.replace(local[-3:], "aaa"),
        BOUNCES,
        "",
        f"bounces+{message_id.hex}@barset.example",
    ):
        assert find_message_id(forged, keys=["new"]) is None
    assert find_message_id(path, keys=["old"]) is None


def tell(mail: bytes, to: str) -> Answer:
    return Client().post(PATH, mail, content_type="message/rfc822", headers={"Envelope-To": to})


def path_of(message_id: UUID, settings: Settings) -> str:
    return write_return_path(BOUNCES, message_id, key=settings.SECRET_KEY)


def send_email() -> UUID:
    """An email that a mail server has taken."""
    message = send()
    operations.mark_sent(make_actor(), message.id)
    return message.id


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mail", "expected"),
    [
        (status_report("Action: failed", "Status: 5.1.1"), Status.PERMANENT_FAILURE),
        (status_report("Action: failed", "Status: 4.4.7"), Status.TEMPORARY_FAILURE),
        (status_report("Action: delivered"), Status.DELIVERED),
        (status_report("Action: delayed"), Status.SENDING),
        (words("no mailbox here (#5.1.1)"), Status.PERMANENT_FAILURE),
    ],
)
def test_a_report_says_what_became_of_an_email(
    settings: Settings, mail: bytes, expected: Status
) -> None:
    message_id = send_email()
    models.Message.objects.update(organisation_id=ELSEWHERE.id)  # one address is for all of them

    answers = [tell(mail, path_of(message_id, settings)) for _each in range(2)]
    late = tell(status_report("Action: delivered"), path_of(message_id, settings))

    assert [answer.status_code for answer in [*answers, late]] == [204] * 3
    assert models.Message.objects.get().status == (
        Status.DELIVERED if expected == Status.SENDING else expected
    )


@pytest.mark.django_db
def test_a_complaint_may_name_the_message_itself(settings: Settings) -> None:
    """Mail providers send complaints to one address that they were told, not to the return path."""
    message_id = send_email()
    named = f"Original-Mail-From: <{path_of(message_id, settings)}>"
    mail = complaint("Feedback-Type: abuse", named)

    answers = [tell(mail, "complaints@barset.example") for _each in range(2)]

    kept = models.Complaint.objects.get()
    assert [answer.status_code for answer in answers] == [204, 204]
    assert (kept.message_id, kept.kind, kept.complained_at) == (message_id, "abuse", AT)


@pytest.mark.django_db
def test_who_does_not_know_the_return_path_is_refused_in_words(settings: Settings) -> None:
    message_id = send_email()
    mail = status_report("Action: failed", "Status: 5.1.1")
    forged = path_of(message_id, settings).replace(".", ".aaaa", 1)

    refused = [tell(mail, to) for to in (BOUNCES, "", "ŵ", "\xff", forged)]
    unknown = tell(mail, path_of(uuid4(), settings))
    large = tell(b"x" * 1_000_001, path_of(message_id, settings))
    form = Client().post(PATH, {"mail": "x"}, headers={"Envelope-To": "x"})

    assert [answer.status_code for answer in refused] == [403] * 5
    assert refused[0].json()["title"] == "Neither the address nor the mail names a message of ours."
    assert (unknown.status_code, unknown.json()["type"]) == (404, "notify.no_such_message")
    assert (large.status_code, form.status_code) == (422, 422)
    assert Client().get(PATH).status_code == 405
    assert models.Message.objects.get().status == Status.SENDING
    with pytest.raises(NotAllowed):
        operations.take_mail_report(make_actor(permissions.SEND), to="", mail=b"")


@pytest.fixture
def peer() -> Iterator[Peer]:
    with listening() as peer:
        yield peer


@pytest.mark.parametrize(
    ("status", "code", "says"),
    [(204, 0, ""), (403, 65, "why"), (404, 65, "why"), (422, 65, "why"), (503, 75, "")],
)
def test_the_mail_servers_script_hands_a_report_over(
    peer: Peer, status: int, code: int, says: str
) -> None:
    peer.answers = [(status, {}, b"why" if status != 204 else b"")]
    to = "bounces+a'$(b)@barset.example"

    done = subprocess.run(
        [str(SCRIPT), to],
        input=b"Subject: x\r\n\r\n" + b"x" * 1_200_000,
        env={"TOWNHALL_URL": peer.url, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        timeout=30,
        check=False,
    )

    (asked,) = peer.asked
    assert (done.returncode, done.stdout, done.stderr.decode().strip()) == (code, b"", says)
    assert (asked.path, asked.headers["envelope-to"]) == (PATH, to)
    assert asked.headers["content-type"] == "message/rfc822"
    assert asked.body == (b"Subject: x\r\n\r\n" + b"x" * 1_200_000)[:1_000_000]


def test_the_mail_servers_script_tries_later_when_nobody_answers() -> None:
    done = subprocess.run(
        [str(SCRIPT)],
        input=b"Subject: x\n\n",
        env={"TOWNHALL_URL": "http://127.0.0.1:9", "RECIPIENT": "x", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        timeout=30,
        check=False,
    )

    assert done.returncode == 75
