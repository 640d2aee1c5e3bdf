import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from townhall.capabilities.places import models
from townhall.capabilities.places.queries import get_address, list_addresses
from townhall.capabilities.places.tests.make import NEIGHBOUR, NOBODY, STAFF, load, make_row
from townhall.machinery.errors import Invalid, NotAllowed, NotFound
from townhall.machinery.inspection import inspect_all

pytestmark = pytest.mark.django_db


def test_addresses_of_a_postcode_are_listed_in_walking_order() -> None:
    load(
        make_row(UPRN="1", house="10"),
        make_row(UPRN="2", house="Flat 2, 12"),
        make_row(UPRN="3", house="12A"),
        make_row(UPRN="4", house="2"),
        make_row(UPRN="5", house="12"),
        make_row(UPRN="6", house="1", street="Abbey Road"),
        make_row(UPRN="7", postcode="AA3 1AE"),
    )

    found = list_addresses(STAFF, postcode="aa31ab")

    assert [address.line_1 for address in found] == [
        "1 Abbey Road",
        "2 High Street",
        "10 High Street",
        "12 High Street",
        "Flat 2, 12 High Street",
        "12A High Street",
    ]


def test_an_address_is_whole() -> None:
    load(make_row(UPRN="000000000042", postcode="aa31ab"))

    address = get_address(STAFF, "42")

    assert (address.uprn, address.postcode) == ("42", "AA3 1AB")
    assert (address.line_1, address.line_2) == ("12A High Street", "Oldbridge")
    assert (address.street, address.town) == ("High Street", "Northtown")
    assert get_address(STAFF, "0042") == address


@pytest.mark.parametrize("uprn", ["43", "", "x", "1\x00", "1" * 40])
def test_an_address_that_is_not_there_is_not_found(uprn: str) -> None:
    load(make_row())

    with pytest.raises(NotFound):
        get_address(STAFF, uprn)


def test_what_is_no_postcode_is_refused() -> None:
    with pytest.raises(Invalid):
        list_addresses(STAFF, postcode="High Street")


def test_a_postcode_without_addresses_lists_none() -> None:
    assert list_addresses(STAFF, postcode="AA3 1AB") == []


def test_another_organisation_finds_nothing() -> None:
    load(make_row(UPRN="42"))

    assert list_addresses(NEIGHBOUR, postcode="AA3 1AB") == []
    with pytest.raises(NotFound):
        get_address(NEIGHBOUR, "42")


def test_addresses_are_found_with_permission_only() -> None:
    with pytest.raises(NotAllowed):
        list_addresses(NOBODY, postcode="AA3 1AB")
    with pytest.raises(NotAllowed):
        get_address(NOBODY, "42")
    with pytest.raises(NotAllowed):
        load(make_row(), actor=NOBODY)

    assert not models.Address.objects.exists()


def test_a_look_up_is_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    load(make_row(UPRN="1"), make_row(UPRN="2", house="14"))

    with django_assert_num_queries(1):
        list_addresses(STAFF, postcode="AA3 1AB")


def test_loading_again_updates_and_adds_and_keeps_the_rest() -> None:
    load(make_row(UPRN="1", house="10"), make_row(UPRN="2", house="12"))
    load(make_row(UPRN="1", house="99"), actor=NEIGHBOUR)

    for _repeated in range(2):
        count = load(make_row(UPRN="0001", house="10A"), make_row(UPRN="3", house="14"))

    found = list_addresses(STAFF, postcode="AA3 1AB")
    assert count == 2
    assert [(each.uprn, each.line_1) for each in found] == [
        ("1", "10A High Street"),
        ("2", "12 High Street"),
        ("3", "14 High Street"),
    ]
    assert get_address(NEIGHBOUR, "1").line_1 == "99 High Street"


def test_many_addresses_are_loaded_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("townhall.capabilities.places.operations.BATCH", 3)

    count = load(*(make_row(UPRN=str(number)) for number in range(1, 11)))

    assert count == models.Address.objects.count() == 10


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"UPRN": "abc"}, "number of up to 12 digits"),
        ({"UPRN": "1"}, "on line 2 already"),
        ({"postcode": "AB1"}, "full UK postcode"),
        ({"house": "", "street": " "}, "a house or a street"),
        ({"town": ""}, "a town"),
        ({"house": "x" * 61}, "60 characters or fewer"),
        ({"street": "High\nStreet"}, "line break or control character"),
        ({"locality": "Old\x00bridge"}, "line break or control character"),
    ],
)
def test_a_row_that_is_wrong_is_named_by_its_line_and_nothing_is_loaded(
    changes: dict[str, str], problem: str
) -> None:
    with pytest.raises(Invalid) as refused:
        load(make_row(UPRN="1"), {}, make_row(**{"UPRN": "2"} | changes))

    assert list(refused.value.fields) == ["line 4"]
    assert problem in refused.value.fields["line 4"]
    assert str(refused.value).startswith("Nothing was loaded: 1 line is wrong.\nline 4: ")
    assert not models.Address.objects.exists()


def test_a_file_that_is_all_wrong_is_not_told_line_by_line_for_ever() -> None:
    with pytest.raises(Invalid) as refused:
        load(*(make_row(UPRN="x") for _ in range(100)))

    assert len(str(refused.value).splitlines()) == 21
    assert len(refused.value.fields) == 100


def test_the_installation_check_names_who_has_no_addresses(settings: Settings) -> None:
    settings.ORGANISATIONS = "townhall.capabilities.places.tests.make.towns"
    load(make_row())

    [finding] = [each for each in inspect_all() if each.subject == "addresses"]

    assert "import_addresses FILE.csv --organisation southtown" in finding.advice
    assert "northtown" not in finding.advice
