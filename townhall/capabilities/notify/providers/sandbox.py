"""Keeps every message where the demo's mailbox page shows it, as it would have arrived."""

from email.message import EmailMessage
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db.models import Manager, Model

from townhall.capabilities.notify.records import Channel, PrintJob, Status, Text


class SandboxCarrier:
    name = "sandbox"

    def __init__(self, sender: str, bounces: str = "") -> None:
        self.sender = sender

    def carry(self, letter: EmailMessage, *, to: str, organisation_id: UUID) -> None:
        _mailbox().create(
            organisation_id=organisation_id,
            channel=Channel.EMAIL,
            to=to,
            subject=str(letter["Subject"]),
            source=letter.as_bytes(),
        )

    def check(self) -> str:
        return _kept_here(
            "Emails are kept here and reach nobody. Give TOWNHALL_SMTP the address of a mail "
            "server (smtp://user:password@host:587)."
        )


class SandboxTexter:
    name = "sandbox"
    texts_path = ""  # the mailbox's own page answers them

    def carry(self, text: Text, *, organisation_id: UUID) -> Status:
        _mailbox().create(
            organisation_id=organisation_id,
            channel=Channel.SMS,
            to=text.to,
            sent_by=text.sender,
            subject=text.body[:80],
            source=text.body.encode(),
        )
        return Status.DELIVERED

    def check(self) -> str:
        return _kept_here(
            "Texts are kept here and reach nobody. Give TOWNHALL_TEXTS the account that texts "
            "are sent with (twilio://account:token@+441632960000)."
        )


class SandboxPrinter:
    name = "sandbox"

    def carry(self, job: PrintJob, *, organisation_id: UUID) -> Status:
        _mailbox().create(
            organisation_id=organisation_id,
            channel=Channel.LETTER,
            to=job.to,
            subject=job.subject,
            source=job.pdf,
        )
        return Status.SENDING

    def check(self) -> str:
        return _kept_here(
            "Letters are kept here and nobody prints them. Give TOWNHALL_LETTERS the folder that "
            "your printers take them from."
        )


def _kept_here(advice: str) -> str:
    return "" if settings.DEMO else advice


def _mailbox() -> "Manager[Model]":
    # Rooms side by side do not import each other.
    return apps.get_model("notify", "SandboxMessage")._default_manager
