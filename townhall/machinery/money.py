"""Money, in whole minor units (pence, cents), never as a float."""

from dataclasses import dataclass
from decimal import Decimal

from babel.core import get_global
from babel.numbers import get_territory_currencies

# How many digits a currency has after the point where it is not 2, by ISO 4217. Not Babel's
# precision: that is how many are written in its country (no fils in Iraq), and may change.
_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
}
_DIGITS_OF = {code: digits for digits, codes in _DIGITS.items() for code in codes.split()}


@dataclass(frozen=True, slots=True)
class Money:
    minor: int
    currency: str = "GBP"  # ISO 4217

    @property
    def units(self) -> Decimal:
        """In pounds or dinars, with every digit after the point that the currency has."""
        return Decimal(self.minor).scaleb(-digits_of(self.currency))

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError("Two currencies do not add up")
        return Money(self.minor + other.minor, self.currency)

    def __mul__(self, count: int) -> "Money":
        return Money(self.minor * count, self.currency)

    def percent(self, rate: int) -> "Money":
        """This share of the sum, rounded down to a whole minor unit."""
        return Money(self.minor * rate // 100, self.currency)


def digits_of(currency: str) -> int:
    """2 for GBP: how many digits make its minor unit."""
    return _DIGITS_OF.get(currency, 2)


def is_currency(code: str) -> bool:
    """Whether some country takes it today; not francs of old, gold or the code for a test."""
    return any(
        code in get_territory_currencies(each) for each in get_global("territory_currencies")
    )
