"""Suppliers of each channel. Choose them in the PROVIDERS setting; add one as a module beside.

`name` tells a supplier from the others, in the database too: its address without what is secret.
"""

from email.message import EmailMessage
from typing import Protocol, cast
from uuid import UUID

from townhall.capabilities.notify.records import Channel, PrintJob, Status, Text
from townhall.machinery import providers


class Carrier(Protocol):
    """Takes emails to where they go."""

    name: str
    sender: str  # the address that every email comes from

    def carry(self, letter: EmailMessage, *, to: str, organisation_id: UUID) -> None:
        """Hand one email over; when this returns it is the carrier's.

        Raises RecipientRefused if it will never be taken for this recipient, Unavailable if it was
        not taken now, and AnswerLost if nobody can know.
        """

    def check(self) -> str:
        """What is wrong with the carrier, in words; "" when it would take an email now."""


class Texter(Protocol):
    """Takes texts to telephones."""

    name: str

    @property
    def texts_path(self) -> str:
        """Where it brings the texts that people send; "" if it brings none."""

    def carry(self, text: Text, *, organisation_id: UUID) -> Status:
        """Hand one text over, and say what is known of it then: SENDING, SENT or DELIVERED.

        Raises RecipientRefused if it will never be taken for this number, Unavailable if it was
        not taken now, and AnswerLost if nobody can know.
        """

    def check(self) -> str:
        """What is wrong with the supplier, in words; "" when it would take a text now."""


class Printer(Protocol):
    """Prints letters and puts them in the post."""

    name: str

    def carry(self, job: PrintJob, *, organisation_id: UUID) -> Status:
        """Hand one letter over, and say what is known of it then.

        Raises Unavailable if it was not taken now, and AnswerLost if nobody can know.
        """

    def check(self) -> str:
        """What is wrong with the supplier, in words; "" when it would take a letter now."""


def carrier() -> Carrier:
    """The preferred one."""
    return carriers()[0]


def carriers() -> tuple[Carrier, ...]:
    return cast(tuple[Carrier, ...], _chosen("notify"))


def texters() -> tuple[Texter, ...]:
    return cast(tuple[Texter, ...], _chosen("notify.texts"))


def printers() -> tuple[Printer, ...]:
    return cast(tuple[Printer, ...], _chosen("notify.letters"))


def preferred(channel: Channel) -> str:
    """The name of a channel's preferred supplier."""
    return names_of(channel)[0]


def names_of(channel: Channel) -> list[str]:
    """A channel's suppliers, the preferred one first."""
    match channel:
        case Channel.SMS:
            return [each.name for each in texters()]
        case Channel.LETTER:
            return [each.name for each in printers()]
    return [each.name for each in carriers()]


def _chosen(capability: str) -> tuple[object, ...]:
    found = providers.chosen(capability)
    return found if isinstance(found, tuple) else (found,)
