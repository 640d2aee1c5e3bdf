"""What a message costs, in hundredths of a penny."""

from collections.abc import Iterable
from datetime import date

import phonenumbers

from townhall.capabilities.notify.records import Channel, Cost, KeyType, Tariff
from townhall.capabilities.notify.rules.countries import EUROPE, REST_OF_WORLD, zone_of
from townhall.machinery.money import Money

_HOME = 44


def to_money(hundredths: int) -> Money:
    """To the nearest penny, a half up."""
    return Money((hundredths + 50) // 100)


def tariff_on(tariffs: Iterable[Tariff], day: date) -> Tariff | None:
    """The one that holds on a day; None before the first."""
    begun = [each for each in tariffs if each.begins_on <= day]
    return max(begun, key=lambda each: each.begins_on, default=None)


def zone_of_number(number: str) -> str:
    """Where a text to this number is charged as going; "" for +44, islands and all.

    The zones are those that Royal Mail has for letters: suppliers have prices for each country,
    which an organisation may sum up in two numbers.
    """
    try:
        read = phonenumbers.parse(f"+{number}")
    except phonenumbers.NumberParseException:
        return ""
    if read.country_code == _HOME:
        return ""
    return zone_of(phonenumbers.region_code_for_number(read) or "")


def count_units(channel: Channel, units: int) -> int:
    """Fragments of a text, sheets of a letter that has so many pages; else 0."""
    return (units + 1) // 2 if channel == Channel.LETTER else units


def times_of(tariff: Tariff | None, zone: str) -> int:
    """A text costs so many times what it does at home."""
    if tariff is None:
        return 1
    return {EUROPE: tariff.europe_times, REST_OF_WORLD: tariff.world_times}.get(zone, 1)


def price(
    tariff: Tariff | None, channel: Channel, *, count: int, units: int, postage: str, zone: str
) -> int:
    """What so many messages cost that have so many fragments or sheets in all."""
    if tariff is None:
        return 0
    match channel:
        case Channel.EMAIL:
            return count * tariff.email
        case Channel.SMS:
            return units * tariff.text * times_of(tariff, zone)
        case Channel.LETTER:
            later_sheets = max(0, units - count)
            return count * tariff.letters.get(postage, 0) + later_sheets * tariff.sheet


def cost_of(
    tariff: Tariff | None,
    channel: Channel,
    *,
    key_type: KeyType,
    pages_or_fragments: int,
    postage: str,
    zone: str,
    is_handed_over: bool,
    is_finished: bool,
) -> Cost:
    """What one message costs. Test keys pay nothing, nor does what no supplier ever took."""
    units = count_units(channel, pages_or_fragments)
    whole = price(tariff, channel, count=1, units=units, postage=postage, zone=zone)
    is_free = key_type == KeyType.TEST or (is_finished and not is_handed_over)
    return Cost(
        hundredths=whole if is_handed_over and not is_free else 0,
        is_ready=is_free or is_handed_over or not whole,
        units=units,
        rate=tariff.text if tariff else 0,
        times=times_of(tariff, zone),
    )
