"""A mail server that has its moods, on loopback, and the email that is brought to it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any, cast
from uuid import UUID

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from townhall.capabilities.notify.providers.smtp import SmtpCarrier
from townhall.capabilities.notify.records import Attachment, Mail
from townhall.capabilities.notify.rendering.email import write_mail
from townhall.capabilities.notify.tests.make import BARSET

SENDER = "noreply@barset.example"
MESSAGE_ID = UUID(int=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    sender: str  # on the envelope
    options: tuple[str, ...]  # what was asked of the server beside, with the recipient last
    content: bytes
    connection: object  # our end of it


class PostOffice:
    """A handler of aiosmtpd: keeps what it takes, and refuses by the name of the recipient."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []

    async def handle_EHLO(  # noqa: N802  # aiosmtpd's name and order
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:1], *(["250-DSN"] * isinstance(server, Telling)), *responses[1:]]

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
        asked = tuple(getattr(server, "asked", ()))
        content = cast(bytes, envelope.content)
        self.taken.append(
            Taken(
                sender=cast(str, envelope.mail_from),
                options=asked,
                content=content,
                connection=session.peer,
            )
        )
        return "250 OK"


class Telling(SMTP):
    """Tells what becomes of messages (RFC 3461), which aiosmtpd itself does not know."""

    asked: list[str]

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802  # aiosmtpd's name
        self.asked = []
        await super().smtp_MAIL(self._without_options(arg or ""))

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802  # aiosmtpd's name
        await super().smtp_RCPT(self._without_options(arg or ""))

    def _without_options(self, arg: str) -> str:
        address, *options = arg.split()
        known = [each for each in options if each.partition("=")[0] in ("RET", "ENVID", "NOTIFY")]
        self.asked += known
        return " ".join([address, *(each for each in options if each not in known)])


class Rude(SMTP):
    """Takes the message and then hangs up without a word."""

    async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802  # aiosmtpd's name
        await self.push("554 go away")


class Office(Controller):
    kind: type[SMTP] = SMTP

    def factory(self) -> SMTP:
        return self.kind(self.handler, **self.SMTP_kwargs)


@contextmanager
def post_office(kind: type[SMTP] = SMTP, **options: Any) -> Iterator[Controller]:
    """`options` are aiosmtpd's. Any: of several kinds."""
    office = type("ThisOffice", (Office,), {"kind": kind})(
        PostOffice(), hostname="127.0.0.1", port=free_port(), **options
    )
    office.start()
    try:
        yield office
    finally:
        office.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def carrier_to(office: Controller, *, bounces: str = "") -> SmtpCarrier:
    url = f"smtp://127.0.0.1:{office.port}"
    return SmtpCarrier(url=url, sender=SENDER, bounces=bounces)


def carry(carrier: SmtpCarrier, to: str = "ann@example.com") -> None:
    carrier.carry(make_letter(to), to=to, organisation_id=BARSET.id)


def taken_by(office: Controller) -> list[Taken]:
    return cast(PostOffice, office.handler).taken


def make_letter(to: str = "ann@example.com", **changes: object) -> EmailMessage:
    usual: dict[str, object] = {
        "message_id": MESSAGE_ID,
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
