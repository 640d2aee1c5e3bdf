"""Who knows the addresses of an area."""

from typing import Protocol, cast
from uuid import UUID

from townhall.capabilities.places import records
from townhall.machinery.providers import chosen


class AddressBook(Protocol):
    """Every adapter passes tests/test_providers.py."""

    def find(self, organisation_id: UUID, postcode: str) -> list[records.Address]:
        """All addresses with this postcode ("AA3 1AB") in the organisation's area, in any order."""

    def get(self, organisation_id: UUID, uprn: str) -> records.Address | None:
        """The address with this UPRN, written without leading noughts, if it is in the area."""

    def check(self) -> str:
        """What is wrong, and what to do about it; "" if all is well."""


def address_book() -> AddressBook:
    return cast(AddressBook, chosen("places"))
