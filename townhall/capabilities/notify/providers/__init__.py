"""Suppliers of each channel. Choose them in the PROVIDERS setting; add one as a module beside."""

from email.message import EmailMessage
from typing import Protocol, cast
from uuid import UUID

from townhall.capabilities.notify.records import Channel, PrintJob, Status, Text
from townhall.machinery import providers


class Carrier(Protocol):
    """Takes emails to where they go."""

    sender: str  # the address that every email comes from

    def carry(self, letter: EmailMessage, *, to: str, organisation_id: UUID) -> None:
        """Hand one email over; when this returns it is the carrier's.

        Raises RecipientRefused if it will never be taken for this recipient, and Unavailable if
        asking again later may help.
        """

    def check(self) -> str:
        """What is wrong with the carrier, in words; "" when it would take an email now."""


class Texter(Protocol):
    """Takes texts to telephones."""

    def carry(self, text: Text, *, organisation_id: UUID) -> Status:
        """Hand one text over, and say what is known of it then: SENDING, SENT or DELIVERED.

        Raises RecipientRefused if it will never be taken for this number, and Unavailable if
        asking again later may help.
        """

    def check(self) -> str:
        """What is wrong with the supplier, in words; "" when it would take a text now."""


class Printer(Protocol):
    """Prints letters and puts them in the post."""

    def carry(self, job: PrintJob, *, organisation_id: UUID) -> Status:
        """Hand one letter over, and say what is known of it then. Raises Unavailable."""

    def check(self) -> str:
        """What is wrong with the supplier, in words; "" when it would take a letter now."""


def carrier() -> Carrier:
    return cast(Carrier, providers.chosen("notify"))


def texter() -> Texter:
    return cast(Texter, providers.chosen("notify.texts"))


def printer() -> Printer:
    return cast(Printer, providers.chosen("notify.letters"))


def supplier_of(channel: str) -> str:
    """What the supplier of a channel is called: "smtp", "twilio"."""
    choose = {Channel.SMS: texter, Channel.LETTER: printer}.get(Channel(channel), carrier)
    return type(choose()).__module__.rsplit(".", 1)[-1]
