"""The price list: a row for each item, whose code never changes."""

import pytest
from django.test import Client
from django.urls import reverse

from townhall.machinery.dial_values import get_dial
from townhall.machinery.dials import PricedItem
from townhall.machinery.models import DialValue
from townhall.machinery.money import Money
from townhall.machinery.wording import Wording
from townhall.services.administration.tests.make import ADMINISTRATOR, OWNER

pytestmark = pytest.mark.django_db


def at() -> str:
    return reverse("administration:dial", args=[OWNER, "items"])


def typed(*rows: tuple[str, str, str, str], removed: tuple[int, ...] = ()) -> dict[str, str]:
    """What a browser posts for rows of code, English, Welsh and price, and three empty ones."""
    posted: dict[str, str] = {}
    for place, row in enumerate([*rows, *[("", "", "", "")] * 3]):
        names = (f"code_{place}", f"name_{place}_en", f"name_{place}_cy", f"price_{place}")
        posted |= dict(zip(names, row, strict=True))
    return posted | {f"remove_{place}": "on" for place in removed}


def items() -> tuple[PricedItem, ...]:
    found: tuple[PricedItem, ...] = get_dial(ADMINISTRATOR, OWNER, "items").value
    return found


BOAT, KITE = ("boat", "Boat", "Cwch", "5.00"), ("kite", "Kite", "", "0.00")


def test_the_page_has_a_row_for_each_item_and_three_more(administrator: Client) -> None:
    page = administrator.get(at()).text

    assert 'name="name_4_en"' in page
    assert 'name="name_5_en"' not in page
    assert 'value="Cwch"' in page
    assert page.count("Remove this item") == 2


def test_what_nobody_changed_stays_as_it_is(administrator: Client) -> None:
    before = items()

    assert administrator.post(at(), typed(BOAT, KITE)).status_code == 302

    assert items() == before


def test_a_renamed_item_keeps_its_code(administrator: Client) -> None:
    administrator.post(at(), typed(("boat", "Rowing boat", "", "6"), KITE))

    assert items()[0] == PricedItem("boat", Wording("Rowing boat"), Money(600))


def test_an_added_item_gets_a_code_of_its_own(administrator: Client) -> None:
    more = [("", "Sun hat", "", "2.50"), ("", "Boat", "", "7")]

    administrator.post(at(), typed(BOAT, KITE, *more))

    assert [each.code for each in items()] == ["boat", "kite", "sun-hat", "boat-2"]
    assert items()[2] == PricedItem("sun-hat", Wording("Sun hat"), Money(250))


def test_an_item_whose_name_has_no_letters_gets_a_code_too(administrator: Client) -> None:
    administrator.post(at(), typed(BOAT, ("", "沙发", "", "1")))

    assert items()[1].code == "item"


def test_a_removed_item_is_gone_even_if_its_row_makes_no_sense(administrator: Client) -> None:
    administrator.post(at(), typed(("boat", "", "x", "cheap"), KITE, removed=(0,)))

    assert [each.code for each in items()] == ["kite"]


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([("boat", "", "", "5")], "Enter the name in English"),
        ([("", "Hat", "", "")], "Enter a price"),
        ([("", "", "Het", "1")], "Enter the name in English"),
        ([("", "Hat", "", "-1")], "Enter £0 or more"),
        ([("", "Hat", "", "cheap")], "pounds and pence"),
        ([("", "x" * 101, "", "1")], "100 characters or fewer"),
        ([], "There must be at least 1"),
        ([BOAT, KITE, *[("", "Hat", "", "1")] * 3], "There can be at most 4"),
    ],
)
def test_a_list_that_makes_no_sense_comes_back(
    administrator: Client, rows: list[tuple[str, str, str, str]], complaint: str
) -> None:
    answer = administrator.post(at(), typed(*rows))

    assert answer.status_code == 422
    assert complaint in answer.text
    assert not DialValue.objects.exists()


@pytest.mark.parametrize(
    "posted", [{}, {"code_0": "boat"}, {"code_999": "x"}, {"code_0": "../x", "price_0": "1"}]
)
def test_half_a_form_is_no_bug(administrator: Client, posted: dict[str, str]) -> None:
    assert administrator.post(at(), posted).status_code == 422


def test_a_code_is_never_used_twice(administrator: Client) -> None:
    administrator.post(at(), typed(BOAT, BOAT, ("A B/..", "Kayak", "", "1")))

    assert [each.code for each in items()] == ["boat", "boat-2", "kayak"]
