"""What messages cost. Sums are in hundredths of a penny: a text is 2.33p."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """What an organisation pays from a day on, until the day that the next one begins."""

    id: UUID
    begins_on: date
    email: int
    text: int  # a fragment, at home
    europe_times: int  # a text there costs so many times as much
    world_times: int
    sheet: int  # each sheet of a letter after the first
    letters: Mapping[str, int]  # the first sheet, by postage


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one message costs."""

    hundredths: int  # of a penny
    is_ready: bool  # it changes no more
    units: int  # fragments or sheets
    rate: int  # of a fragment
    times: int  # a text abroad costs so many times as much
