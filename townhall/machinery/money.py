"""Money, in whole minor units (pence, cents), never as a float."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Money:
    minor: int
    currency: str = "GBP"  # ISO 4217

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError("Two currencies do not add up")
        return Money(self.minor + other.minor, self.currency)

    def __mul__(self, count: int) -> "Money":
        return Money(self.minor * count, self.currency)

    def percent(self, rate: int) -> "Money":
        """This share of the sum, rounded down to a whole minor unit."""
        return Money(self.minor * rate // 100, self.currency)
