"""Carriers of email. Choose one in the PROVIDERS setting; add one as a module beside this."""

from email.message import EmailMessage
from typing import Protocol, cast
from uuid import UUID

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


def carrier() -> Carrier:
    return cast(Carrier, providers.chosen("notify"))
