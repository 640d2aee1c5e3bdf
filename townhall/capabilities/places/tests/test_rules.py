import pytest

from townhall.capabilities.places import rules
from townhall.machinery.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("AA3 1AB", "AA3 1AB"),
        ("aa31ab", "AA3 1AB"),
        ("  sw1a  1aa ", "SW1A 1AA"),
        ("M1 1AE", "M1 1AE"),
        ("m60-1nw", "M60 1NW"),
        ("CR2 6XH", "CR2 6XH"),
        ("DN55 1PT", "DN55 1PT"),
        ("W1A 1HQ", "W1A 1HQ"),
        ("EC1A 1BB.", "EC1A 1BB"),
        ("B33\t8T H", "B33 8TH"),
    ],
)
def test_a_postcode_is_read_however_it_is_typed(typed: str, written: str) -> None:
    assert rules.normalised_postcode(typed) == written


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "SW1A",
        "AA3 1A",
        "AA3 1ABE",
        "1AB 2CD",
        "ABC1 2DE",
        "AA3 1AI",  # no second half ends in one of C, I, K, M, O and V
        "AA3 1KD",
        "AA３ 1AB",  # a digit, but not of ours
        "AA3 1AB\x00",
        "12 High Street",
    ],
)
def test_what_is_no_postcode_is_refused_with_what_to_type(typed: str) -> None:
    with pytest.raises(Invalid, match="Enter a full UK postcode, like AA3 1AB") as refused:
        rules.normalised_postcode(typed)

    assert list(refused.value.fields) == ["postcode"]


@pytest.mark.parametrize(
    ("typed", "written"),
    [("100", "100"), ("000000000100", "100"), (" 123456789012 ", "123456789012")],
)
def test_a_uprn_is_kept_without_leading_noughts(typed: str, written: str) -> None:
    assert rules.normalised_uprn(typed) == written


@pytest.mark.parametrize("typed", ["", "0", "12a", "1234567890123", "-1", "1.5", "١٢"])
def test_what_is_no_uprn_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        rules.normalised_uprn(typed)


@pytest.mark.parametrize(
    ("house", "street", "line"),
    [
        ("12", "High Street", "12 High Street"),
        ("12A", "High Street", "12A High Street"),
        ("12-14", "High Street", "12-14 High Street"),
        ("Flat 2, 14", "High Street", "Flat 2, 14 High Street"),
        ("Flat 2", "High Street", "Flat 2, High Street"),
        ("Rose Cottage", "High Street", "Rose Cottage, High Street"),
        ("Rose Cottage", "", "Rose Cottage"),
        ("", "High Street", "High Street"),
    ],
)
def test_a_house_and_its_street_make_one_line(house: str, street: str, line: str) -> None:
    assert rules.first_line(house, street) == line


def test_houses_sort_in_the_order_one_walks() -> None:
    walked = [
        "1",
        "2",
        "10",
        "12",
        "Flat 1, 12",
        "Flat 2, 12",
        "Flat 10, 12",
        "12A",
        "12B",
        "14-16",
        "100",
        "Flat 2",
        "flat 10",
        "Rose Cottage",
        "Flat 1, Rose House",
        "Flat 3, Rose House",
    ]

    assert sorted(sorted(walked), key=rules.walking_place) == walked
