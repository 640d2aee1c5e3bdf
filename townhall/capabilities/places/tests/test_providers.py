"""What every AddressBook has to do, whoever supplies it."""

from uuid import UUID, uuid4

import pytest
from pytest_django import Settings

from townhall.capabilities.places.providers import AddressBook, address_book
from townhall.capabilities.places.providers.own_list import OwnList
from townhall.capabilities.places.tests.make import NEIGHBOUR, TOWN, load, make_row

pytestmark = pytest.mark.django_db


def own_list() -> AddressBook:
    load(make_row(UPRN="1", house="2"), make_row(UPRN="2", house="10"))
    load(make_row(UPRN="3", house="4"), actor=NEIGHBOUR)
    return OwnList()


@pytest.fixture(params=[own_list])
def book(request: pytest.FixtureRequest, settings: Settings) -> AddressBook:
    """One with 2 and 10 High Street, AA3 1AB, in TOWN; 4 is next door, in OTHER_TOWN."""
    settings.ORGANISATIONS = "townhall.capabilities.places.tests.make.towns"
    made: AddressBook = request.param()
    return made


def test_it_finds_the_addresses_of_a_postcode_in_the_area(book: AddressBook) -> None:
    found = book.find(TOWN, "AA3 1AB")

    assert sorted(address.line_1 for address in found) == ["10 High Street", "2 High Street"]
    assert {address.postcode for address in found} == {"AA3 1AB"}


@pytest.mark.parametrize(("organisation_id", "postcode"), [(TOWN, "AB9 9ZZ"), (uuid4(), "AA3 1AB")])
def test_it_finds_nothing_where_there_is_nothing(
    book: AddressBook, organisation_id: UUID, postcode: str
) -> None:
    assert book.find(organisation_id, postcode) == []


def test_it_gets_an_address_of_the_area_by_its_uprn(book: AddressBook) -> None:
    address = book.get(TOWN, "1")

    assert address is not None
    assert (address.uprn, address.line_1, address.town) == ("1", "2 High Street", "Northtown")


@pytest.mark.parametrize("uprn", ["3", "999999999999"])
def test_it_gets_no_address_outside_the_area(book: AddressBook, uprn: str) -> None:
    assert book.get(TOWN, uprn) is None


def test_it_has_nothing_to_complain_of(book: AddressBook) -> None:
    assert book.check() == ""


def test_the_installation_says_which_it_is(settings: Settings) -> None:
    path = settings.PROVIDERS["places"][0]

    assert path == f"{OwnList.__module__}.{OwnList.__name__}"
    assert isinstance(address_book(), OwnList)
