"""Dials: set by an organisation for itself, within bounds, kept as their own types."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from townhall.machinery.actors import Actor
from townhall.machinery.dial_values import DialTurned, dials_of, get_dial, list_dials, set_dial
from townhall.machinery.dials import SET_DIALS, PricedItem, Weekday, dial, register_dials
from townhall.machinery.errors import Invalid, NotAllowed, NotFound
from townhall.machinery.models import AuditEntry, DialValue, RecordedEvent
from townhall.machinery.money import Money
from townhall.machinery.wording import Wording

pytestmark = pytest.mark.django_db

OWNER = "test-lamps"
ADMINISTRATOR = Actor("staff:administrator", frozenset({SET_DIALS}), uuid4(), uuid4())
STRANGER = Actor("staff:administrator", frozenset({SET_DIALS}), uuid4(), uuid4())
NOBODY = Actor("resident", frozenset(), uuid4())


@dataclass(frozen=True)
class Lamps:
    most: int = dial(5, label="Most lamps", lowest=1, highest=20)
    are_lit: bool = dial(True, label="Lamps are lit")
    price: Money = dial(Money(100), label="Price", lowest=Money(50), highest=Money(900))
    words: Wording = dial(Wording("Lamps"), label="Words", highest=20)
    days: tuple[Weekday, ...] = dial((Weekday.MONDAY,), label="Days", lowest=1)
    closed_on: tuple[date, ...] = dial((), label="Closed on")
    sorts: tuple[PricedItem, ...] = dial((), label="Sorts", highest=2)


register_dials(OWNER, "Lamps", Lamps)

SOME = [
    ("most", 7),
    ("are_lit", False),
    ("price", Money(250)),
    ("words", Wording("Lights", "Goleuadau")),
    ("days", (Weekday.SUNDAY, Weekday.FRIDAY)),
    ("closed_on", (date(2026, 12, 25),)),
    ("sorts", (PricedItem("gas", Wording("Gas"), Money(1)),)),
]


@pytest.mark.parametrize(("name", "value"), SOME)
def test_what_was_set_is_read_back_as_its_own_type(name: str, value: object) -> None:
    turned = set_dial(ADMINISTRATOR, OWNER, name, value=value)

    assert turned.value == value
    assert not turned.is_default
    assert getattr(dials_of(ADMINISTRATOR.organisation_id, OWNER, Lamps), name) == value


def test_a_dial_that_nobody_set_has_its_default() -> None:
    assert [each.is_default for each in list_dials(ADMINISTRATOR, OWNER)] == [True] * 7
    assert dials_of(ADMINISTRATOR.organisation_id, OWNER, Lamps) == Lamps()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("most", 0),
        ("most", 21),
        ("most", "many"),
        ("price", Money(49)),
        ("price", Money(901)),
        ("words", Wording("x" * 21)),
        ("words", Wording("Lamps", "x" * 21)),
        ("days", ()),
        ("days", ("someday",)),
        ("sorts", tuple(PricedItem(str(n), Wording("A"), Money(1)) for n in range(3))),
    ],
)
def test_nothing_out_of_bounds_is_set(name: str, value: Any) -> None:  # Any: of the dial's kind
    with pytest.raises(Invalid):
        set_dial(ADMINISTRATOR, OWNER, name, value=value)

    assert not DialValue.objects.exists()


def test_setting_a_dial_is_told_and_audited() -> None:
    set_dial(ADMINISTRATOR, OWNER, "most", value=7)
    set_dial(ADMINISTRATOR, OWNER, "most", value=7)

    assert DialValue.objects.count() == 1
    event = RecordedEvent.objects.filter(name=DialTurned.name).latest("happened_at")
    assert (event.facts["owner"], event.facts["dial"]) == (OWNER, "most")
    assert AuditEntry.objects.filter(action="dial_values.set_dial").count() == 2


def test_an_organisation_sets_its_own_dials_only() -> None:
    set_dial(ADMINISTRATOR, OWNER, "most", value=7)

    assert get_dial(STRANGER, OWNER, "most").value == 5


def test_a_dial_of_another_release_is_left_out() -> None:
    DialValue.objects.create(
        organisation_id=ADMINISTRATOR.organisation_id, owner=OWNER, name="gone", value=1
    )

    assert dials_of(ADMINISTRATOR.organisation_id, OWNER, Lamps) == Lamps()


def test_what_is_not_there_cannot_be_set() -> None:
    with pytest.raises(NotFound):
        list_dials(ADMINISTRATOR, "nothing")
    with pytest.raises(NotFound):
        set_dial(ADMINISTRATOR, OWNER, "nothing", value=1)


def test_not_everyone_sees_or_sets_dials() -> None:
    with pytest.raises(NotAllowed):
        list_dials(NOBODY, OWNER)
    with pytest.raises(NotAllowed):
        set_dial(NOBODY, OWNER, "most", value=7)
