"""How much was taken. Nobody is named, and test payments are not counted."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from townhall.machinery.money import Money


class Span(StrEnum):
    DAY = "day"
    WEEK = "week"  # from Monday
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    paid: int  # payments
    failed: int
    taken: Money
    refunds: int
    refunded: Money

    @property
    def kept(self) -> Money:
        return Money(self.taken.minor - self.refunded.minor, self.taken.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanTakings:
    first_on: date
    sums: Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceTakings:
    service: str
    sums: Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Takings:
    """Of one period in one currency, by when payments and refunds were over."""

    spans: tuple[SpanTakings, ...]  # every one, empty ones too, oldest first
    services: tuple[ServiceTakings, ...]  # those that took most first
    total: Sums
