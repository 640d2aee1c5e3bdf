"""What places hand out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    uprn: str  # up to 12 digits, without leading noughts: one property's number for life
    line_1: str
    line_2: str  # the locality; often ""
    street: str
    house: str  # sorts as text in the order one walks: 2, 10, 10A, flat 1 and 2 of 12, names
    town: str
    postcode: str  # "AA3 1AB"
