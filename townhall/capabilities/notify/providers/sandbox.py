"""Keeps every email where the demo's mailbox page shows it, as it would have arrived."""

from email.message import EmailMessage
from uuid import UUID

from django.apps import apps
from django.conf import settings


class SandboxCarrier:
    def __init__(self, sender: str) -> None:
        self.sender = sender

    def carry(self, letter: EmailMessage, *, to: str, organisation_id: UUID) -> None:
        mailbox = apps.get_model("notify", "SandboxEmail")  # rooms side by side do not import
        mailbox._default_manager.create(
            organisation_id=organisation_id,
            to=to,
            subject=str(letter["Subject"]),
            source=letter.as_bytes(),
        )

    def check(self) -> str:
        if settings.DEMO:
            return ""
        return (
            "Emails are kept here and reach nobody. Give TOWNHALL_SMTP the address of a mail "
            "server (smtp://user:password@host:587)."
        )
