"""Addresses for tests."""

from uuid import uuid4

from townhall.capabilities.places import permissions
from townhall.capabilities.places.operations import import_addresses
from townhall.machinery.actors import Actor
from townhall.machinery.organisations import Organisation
from townhall.machinery.wording import Wording

TOWN, OTHER_TOWN = uuid4(), uuid4()
EVERYTHING = frozenset({permissions.FIND_ADDRESSES, permissions.LOAD_ADDRESSES})
STAFF = Actor("test", EVERYTHING, TOWN)
NEIGHBOUR = Actor("test", EVERYTHING, OTHER_TOWN)
NOBODY = Actor("stranger", frozenset(), TOWN)


def make_row(**changes: str) -> dict[str, str]:
    row = {
        "UPRN": "100000000001",
        "house": "12A",
        "street": "High Street",
        "locality": "Oldbridge",
        "town": "Northtown",
        "postcode": "AA3 1AB",
    }
    return row | changes


def load(*rows: dict[str, str], actor: Actor = STAFF) -> int:
    return import_addresses(actor, rows=rows)


def towns() -> list[Organisation]:
    """What ORGANISATIONS names in these tests."""
    return [_organisation("northtown"), _organisation("southtown")]


def _organisation(slug: str) -> Organisation:
    return Organisation(
        id=TOWN if slug == "northtown" else OTHER_TOWN,
        slug=slug,
        name=Wording(slug),
        colour="#1d70b8",
        logo_url="",
        contact=Wording(""),
    )
