from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from townhall.capabilities.identity.rules import keys
from townhall.capabilities.identity.rules.rights import Held, add_up, end_of, quarter_of
from townhall.machinery.actors import Permission

WORK, ROUND, SEE = (Permission(code) for code in ("cases.work", "bulky_waste.round", "pay.see"))
WASTE, PARKS = frozenset({"bulky-waste"}), frozenset({"parks"})


@pytest.mark.parametrize(
    ("narrow", "everywhere", "may", "within"),
    [
        ([], {WORK}, {WORK}, {}),
        ([(frozenset({WORK}), WASTE)], set(), set(), {WORK: WASTE}),
        ([(frozenset({WORK}), WASTE)], {WORK}, {WORK}, {}),
        ([(frozenset({ROUND, SEE}), WASTE)], set(), {ROUND}, {SEE: WASTE}),
        ([(frozenset({ROUND}), PARKS)], set(), set(), {ROUND: PARKS}),
        (
            [(frozenset({WORK}), WASTE), (frozenset({WORK}), PARKS)],
            set(),
            set(),
            {WORK: WASTE | PARKS},
        ),
        ([(frozenset({WORK}), frozenset())], set(), set(), {WORK: frozenset()}),
    ],
)
def test_roles_of_some_services_add_up(
    narrow: list[Held],
    everywhere: set[Permission],
    may: set[Permission],
    within: Mapping[Permission, frozenset[str]],
) -> None:
    assert add_up(narrow, frozenset(everywhere)) == (frozenset(may), within)


def test_what_reaches_beyond_its_service_is_not_held_everywhere() -> None:
    narrow = [(frozenset({ROUND, WORK}), WASTE)]

    assert add_up(narrow, frozenset(), beyond=frozenset({ROUND})) == (
        frozenset(),
        {ROUND: WASTE, WORK: WASTE},
    )


@pytest.mark.parametrize(
    ("day", "quarter"),
    [(date(2026, 1, 1), "2026 Q1"), (date(2026, 3, 31), "2026 Q1"), (date(2026, 12, 1), "2026 Q4")],
)
def test_a_day_is_in_a_quarter(day: date, quarter: str) -> None:
    assert quarter_of(day) == quarter


def test_a_day_ends_at_midnight_where_people_are() -> None:
    ends_at = end_of(date(2026, 7, 1), ZoneInfo("Europe/London"))

    assert ends_at == datetime(2026, 7, 1, 23, tzinfo=UTC)


def test_a_key_is_known_by_its_checksum_before_any_table_is_read() -> None:
    key = keys.make_key("secret")

    assert keys.is_ours(key, "secret")
    assert not keys.is_ours(key, "other")
    assert not keys.is_ours(key[:-1] + "é", "secret")
    assert not keys.is_ours("", "secret")
