"""How many messages were sent, what became of them and what they cost. Nobody is named."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from townhall.capabilities.notify.records.kinds import Channel
from townhall.machinery.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderLine:
    """A sender, and how long its messages are kept."""

    id: UUID
    name: str
    retention_days: int | None  # None: as the dial says
    usual_days: int  # what it says

    @property
    def days_kept(self) -> int:
        return self.retention_days or self.usual_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """By how far the messages have come. Those that were cancelled in time are not in `all`."""

    waiting: int = 0
    sent: int = 0
    delivered: int = 0
    failed: int = 0
    cancelled: int = 0

    @property
    def all(self) -> int:
        return self.waiting + self.sent + self.delivered + self.failed


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    day: date
    emails: int
    texts: int
    letters: int
    totals: Totals
    cost: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFigures:
    channel: Channel
    totals: Totals
    units: int  # fragments of texts, sheets of letters; else 0
    cost: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFigures:
    template_id: UUID
    title: str
    channel: Channel
    totals: Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """That a supplier did not take messages, since yesterday."""

    supplier: str
    words: str  # the last ones
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Of one period. Messages that test keys pretended to send are counted in `tests` only."""

    first_on: date
    last_on: date
    days: tuple[DayFigures, ...]  # every day, empty ones too
    channels: tuple[ChannelFigures, ...]
    templates: tuple[TemplateFigures, ...]  # those used most
    cost: Money
    tests: int
    failed_today: int
    faults: tuple[Fault, ...]
    has_tariff: bool  # else costs are 0 for want of one

    @property
    def totals(self) -> Totals:
        every = [each.totals for each in self.channels]
        return Totals(
            waiting=sum(each.waiting for each in every),
            sent=sum(each.sent for each in every),
            delivered=sum(each.delivered for each in every),
            failed=sum(each.failed for each in every),
        )
