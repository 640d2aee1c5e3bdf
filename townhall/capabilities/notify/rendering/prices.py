"""How small sums read: 2.33p, and £1.55."""

from townhall.machinery.money import Money
from townhall.machinery.pages.writing import write_money

A_POUND = 10_000  # hundredths of a penny


def write_price(hundredths: int) -> str:
    """To the hundredth of a penny, which a price list needs and a sum does not."""
    if hundredths >= A_POUND and hundredths % 100 == 0:
        return write_money(Money(hundredths // 100))
    pence, rest = divmod(hundredths, 100)
    return f"{pence}.{rest:02}p" if rest else f"{pence}p"
