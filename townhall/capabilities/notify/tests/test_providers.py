"""The contract that every carrier keeps; and SMTP against a real server that has its moods."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from townhall.capabilities.notify import models, queries
from townhall.capabilities.notify.errors import AnswerLost, RecipientRefused
from townhall.capabilities.notify.providers import Carrier
from townhall.capabilities.notify.providers.sandbox import SandboxCarrier
from townhall.capabilities.notify.providers.smtp import SmtpCarrier
from townhall.capabilities.notify.records import Attachment, Mail
from townhall.capabilities.notify.rendering.email import write_mail
from townhall.capabilities.notify.tests.make import BARSET, make_actor
from townhall.machinery.errors import Unavailable
from townhall.machinery.inspection import inspect_all

pytestmark = pytest.mark.django_db

SENDER = "noreply@barset.example"


class PostOffice:
    """A handler of aiosmtpd: keeps what it takes, and refuses by the name of the recipient."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name and order
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        local = address.partition("@")[0]
        if local == "dropped":
            cast(socket.socket, server.transport).close()
        envelope.rcpt_tos.append(address)
        replies = {"nobody": "550 5.1.1 no such mailbox", "busy": "451 4.3.0 try later"}
        return replies.get(local, "250 OK")

    async def handle_DATA(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        local = envelope.rcpt_tos[0].partition("@")[0]
        if local in ("spam", "full"):
            return {"spam": "554 5.7.1 spam", "full": "452 4.2.2 full"}[local]
        self.taken.append(cast(bytes, envelope.content))
        if local == "silent":
            cast(socket.socket, server.transport).close()
        return "250 OK"


class Rude(SMTP):
    """Takes the message and then hangs up without a word."""

    async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802  # aiosmtpd's name
        await self.push("554 go away")


class RudeController(Controller):
    def factory(self) -> SMTP:
        return Rude(self.handler, **self.SMTP_kwargs)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def office() -> Iterator[Controller]:
    controller = Controller(PostOffice(), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


def carrier_to(office: Controller) -> SmtpCarrier:
    return SmtpCarrier(url=f"smtp://127.0.0.1:{office.port}", sender=SENDER)


@pytest.fixture(params=["smtp", "sandbox"])
def carrier(request: pytest.FixtureRequest, office: Controller) -> Carrier:
    return carrier_to(office) if request.param == "smtp" else SandboxCarrier(sender=SENDER)


def make_letter(to: str = "ann@example.com", **changes: object) -> EmailMessage:
    usual: dict[str, object] = {
        "message_id": UUID(int=5),
        "from_name": "Cyngor Bârset",
        "from_address": SENDER,
        "to": to,
        "subject": "Casgliad ddydd Mawrth ŵ",
        "text": "Helô\n.\nllinell",
        "html": "<p>Helô</p>",
        "language": "cy",
        "unsubscribe_url": "",
        "reply_to": "",
        "attachments": (
            Attachment(filename="a.ics", content_type="text/calendar", content=b"BEGIN\r\n"),
        ),
        "written_at": datetime(2026, 11, 23, 9, tzinfo=UTC),
    }
    return write_mail(Mail(**usual | changes))  # type: ignore[arg-type]


def arrived(office: Controller) -> list[EmailMessage]:
    """What came out at the other end, by whichever carrier."""
    sources = cast(PostOffice, office.handler).taken
    sources = sources + [
        bytes(each.source) for each in models.SandboxMessage.objects.order_by("id")
    ]
    return [message_from_bytes(source, policy=default) for source in sources]


def test_every_carrier_brings_an_email_whole(carrier: Carrier, office: Controller) -> None:
    carrier.carry(make_letter(), to="ann@example.com", organisation_id=BARSET.id)

    (letter,) = arrived(office)
    assert letter["From"] == "Cyngor Bârset <noreply@barset.example>"
    assert letter["To"] == "ann@example.com"
    assert letter["Subject"] == "Casgliad ddydd Mawrth ŵ"
    assert letter["Message-ID"] == "<00000000-0000-0000-0000-000000000005@barset.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().split() == ["Helô", ".", "llinell"]
    assert "<p>Helô</p>" in html.get_content()
    (attached,) = letter.iter_attachments()
    assert attached.get_payload(decode=True) == b"BEGIN\r\n"


def test_every_carrier_takes_one_email_twice(carrier: Carrier, office: Controller) -> None:
    for _each in range(2):
        carrier.carry(make_letter(), to="ann@example.com", organisation_id=BARSET.id)

    ids = {letter["Message-ID"] for letter in arrived(office)}
    assert (len(arrived(office)), len(ids)) == (2, 1)


def test_every_carrier_says_that_it_is_well(carrier: Carrier, settings: Settings) -> None:
    settings.DEMO = True

    assert carrier.sender == SENDER
    assert carrier.check() == ""


def test_the_sandbox_says_that_it_reaches_nobody(settings: Settings) -> None:
    settings.DEMO = False

    assert "reach nobody" in SandboxCarrier(sender=SENDER).check()
    assert any("reach nobody" in finding.advice for finding in inspect_all())


def test_the_sandbox_keeps_organisations_apart() -> None:
    sandbox = SandboxCarrier(sender=SENDER)
    sandbox.carry(make_letter(), to="ann@example.com", organisation_id=UUID(int=2))

    assert queries.list_sandbox_messages(make_actor()).rows == []


@pytest.mark.parametrize(("local", "reply"), [("nobody", "550 5.1.1"), ("spam", "554 5.7.1")])
def test_a_final_no_is_not_tried_again(office: Controller, local: str, reply: str) -> None:
    to = f"{local}@example.com"

    with pytest.raises(RecipientRefused) as refusal:
        carrier_to(office).carry(make_letter(to), to=to, organisation_id=BARSET.id)

    assert refusal.value.reply == reply
    assert "example.com" not in str(refusal.value)


@pytest.mark.parametrize("local", ["busy", "full", "dropped"])
def test_a_server_with_trouble_is_asked_again_later(office: Controller, local: str) -> None:
    to = f"{local}@example.com"

    with pytest.raises(Unavailable):
        carrier_to(office).carry(make_letter(to), to=to, organisation_id=BARSET.id)

    assert arrived(office) == []


def test_an_answer_that_was_lost_leaves_open_if_it_was_taken(office: Controller) -> None:
    to = "silent@example.com"

    with pytest.raises(AnswerLost):
        carrier_to(office).carry(make_letter(to), to=to, organisation_id=BARSET.id)

    assert len(arrived(office)) == 1


def test_a_server_that_is_away_is_asked_again_later() -> None:
    away = SmtpCarrier(url=f"smtp://127.0.0.1:{free_port()}", sender=SENDER)

    with pytest.raises(Unavailable) as refusal:
        away.carry(make_letter(), to="ann@example.com", organisation_id=BARSET.id)

    assert not isinstance(refusal.value, AnswerLost)

    assert "127.0.0.1" in away.check()
    assert "ConnectionRefusedError" in away.check()


def test_what_goes_wrong_after_the_message_is_taken_changes_nothing() -> None:
    controller = RudeController(PostOffice(), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        carrier_to(controller).carry(make_letter(), to="ann@example.com", organisation_id=BARSET.id)
    finally:
        controller.stop()

    assert len(arrived(controller)) == 1


def test_a_password_is_never_sent_without_tls() -> None:
    asked: list[LoginPassword] = []

    def authenticate(*args: object) -> AuthResult:
        asked.append(cast(LoginPassword, args[-1]))
        return AuthResult(success=True)

    controller = Controller(
        PostOffice(),
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=authenticate,
        auth_require_tls=False,
    )
    controller.start()
    try:
        url = f"smtp://user:secret@127.0.0.1:{controller.port}"
        with pytest.raises(Unavailable):
            SmtpCarrier(url=url, sender=SENDER).carry(
                make_letter(), to="ann@example.com", organisation_id=BARSET.id
            )
    finally:
        controller.stop()

    assert asked == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 25, False, "", "")),
        ("smtp://mail.example:587", ("mail.example", 587, False, "", "")),
        ("smtps://me%40x:p%3Aw@mail.example", ("mail.example", 465, True, "me@x", "p:w")),
    ],
)
def test_the_address_of_a_mail_server_says_all(url: str, expected: tuple[object, ...]) -> None:
    carrier = SmtpCarrier(url=url, sender=SENDER)

    found = (carrier.host, carrier.port, carrier.implicit_tls, carrier.user, carrier.password)

    assert found == expected


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
def test_what_is_no_mail_server_is_refused_at_once(url: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        SmtpCarrier(url=url, sender=SENDER)
