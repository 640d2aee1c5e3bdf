"""Sums in whole minor units, of which each currency has its own number."""

from decimal import Decimal

import pytest

from townhall.machinery.money import Money, is_currency
from townhall.machinery.pages.fields import MoneyAmount
from townhall.machinery.pages.forms import Form


@pytest.mark.parametrize(
    ("currency", "units"),
    [("GBP", "12.50"), ("JPY", "1250"), ("KWD", "1.250"), ("IQD", "1.250"), ("ALL", "12.50")],
)
def test_a_currency_has_as_many_digits_as_iso_4217_gives_it(currency: str, units: str) -> None:
    money = Money(1250, currency)

    assert str(money.units) == units
    assert Money(-5, currency).units < 0
    assert money.units == Decimal(units)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("GBP", True),
        ("CHF", True),
        ("XOF", True),
        ("DEM", False),  # marks of old
        ("XAU", False),  # gold
        ("XTS", False),  # for tests
        ("gbp", False),
        ("ZZZ", False),
        ("", False),
    ],
)
def test_a_currency_is_what_some_country_takes_today(code: str, expected: bool) -> None:
    assert is_currency(code) == expected


@pytest.mark.parametrize(
    ("currency", "typed", "minor"),
    [
        ("GBP", "£1,234.5", 123450),
        ("EUR", "€12", 1200),
        ("JPY", "JP¥ 1,250", 1250),
        ("KWD", "KWD 1.25", 1250),
    ],
)
def test_a_sum_is_typed_in_units_of_its_currency(currency: str, typed: str, minor: int) -> None:
    field = MoneyAmount(label="Price", currency=currency)

    money = field.clean(typed)

    assert money == Money(minor, currency)
    assert field.clean(field.prepare_value(money)) == money


@pytest.mark.parametrize(
    ("currency", "typed", "says"),
    [
        ("GBP", "1.005", "Enter an amount in pounds and pence, like 12.50"),
        ("EUR", "1.005", "Enter an amount, like 12.50"),
        ("JPY", "1.5", "Enter an amount, like 1250"),
        ("KWD", "1.0005", "Enter an amount, like 1.250"),
    ],
)
def test_a_sum_has_no_more_digits_than_its_currency(currency: str, typed: str, says: str) -> None:
    class Asked(Form):
        price = MoneyAmount(label="Price", currency=currency)

    assert Asked({"price": typed}).errors == {"price": [says]}
