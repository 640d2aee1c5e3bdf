"""What a role that is held in some services gives, and when a day or a quarter ends."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from townhall.machinery.actors import Permission

Held = tuple[frozenset[Permission], frozenset[str]]  # a role's permissions, and in which services


def add_up(
    narrow: Iterable[Held],
    everywhere: frozenset[Permission],
    *,
    beyond: frozenset[Permission] = frozenset(),
) -> tuple[frozenset[Permission], Mapping[Permission, frozenset[str]]]:
    """What somebody may do everywhere, and what in some services only.

    A permission that a service has of its own reaches no further than that service, so whoever
    holds it there holds it everywhere; unless it is one of those that reach `beyond`.
    """
    within: dict[Permission, frozenset[str]] = {}
    for permissions, services in narrow:
        own = frozenset(each for each in permissions if is_of(each, services)) - beyond
        everywhere |= own
        for each in permissions - own:
            within[each] = within.get(each, frozenset()) | services
    return everywhere, {each: where for each, where in within.items() if each not in everywhere}


def is_of(permission: Permission, services: Iterable[str]) -> bool:
    """Whether a permission is one of these services' own."""
    whose = permission.partition(".")[0]
    return any(slug.replace("-", "_") == whose for slug in services)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day is over."""
    return datetime.combine(day + timedelta(days=1), time(), zone)


def quarter_of(day: date) -> str:
    """2026 Q4"""
    return f"{day.year} Q{(day.month + 2) // 3}"
