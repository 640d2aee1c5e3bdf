"""A set of dials of every kind, and a way in for the pages."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import uuid4

from django.http import HttpRequest
from django.test import Client

from townhall.machinery import work
from townhall.machinery.actors import Actor
from townhall.machinery.dials import (
    SET_DIALS,
    Colour,
    Picture,
    PricedItem,
    Weekday,
    dial,
    register_dials,
)
from townhall.machinery.money import Money
from townhall.machinery.organisations import Organisation
from townhall.machinery.wording import Wording
from townhall.services.administration.service import INDEX

OWNER = "test-park"
TOWN, ELSEWHERE = uuid4(), uuid4()
ADMINISTRATOR = Actor("staff:administrator", frozenset({INDEX, SET_DIALS}), TOWN, uuid4())
STRANGER = Actor("staff:administrator", frozenset({INDEX, SET_DIALS}), ELSEWHERE, uuid4())
OPERATOR = Actor("staff:operator", frozenset({INDEX, work.RUN}), TOWN, uuid4())
NOBODY = Actor("resident", frozenset(), TOWN)


class Season(StrEnum):
    SUMMER = "summer"
    LATE_AUTUMN = "late-autumn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Park:
    benches: int = dial(5, label="Benches", hint="To sit on", lowest=1, highest=20)
    is_open: bool = dial(True, label="The park is open")
    fee: Money = dial(Money(100), label="Fee", lowest=Money(0), highest=Money(900))
    welcome: Wording = dial(Wording("Hello", "Helo"), label="Welcome")
    story: Wording = dial(Wording(""), label="Story")
    rules: str = dial("No dogs", label="Rules")
    guests: str = dial("", label="Guests", highest=2000)
    days: tuple[Weekday, ...] = dial((Weekday.MONDAY,), label="Days", lowest=1)
    closed_on: tuple[date, ...] = dial((), label="Closed on")
    benefactors: tuple[str, ...] = dial(("Ann",), label="Benefactors", lowest=1, highest=3)
    season: Season = dial(Season.SUMMER, label="Season")
    colour: Colour = dial(Colour("#1d70b8"), label="Colour")
    logo: Picture = dial(Picture(""), label="Logo")
    items: tuple[PricedItem, ...] = dial(
        (
            PricedItem("boat", Wording("Boat", "Cwch"), Money(500)),
            PricedItem("kite", Wording("Kite"), Money(0)),
        ),
        label="What can be hired",
        lowest=1,
        highest=4,
    )


register_dials(OWNER, "Park", Park)


def client(name: str) -> Client:
    return Client(headers={"Test-Actor": name})


def who_asks(request: HttpRequest) -> Actor:
    """The one whose name is in a header; the ACTORS setting of tests of pages."""
    named = {"administrator": ADMINISTRATOR, "stranger": STRANGER, "operator": OPERATOR}
    return named.get(request.headers.get("Test-Actor", ""), NOBODY)


def of_whom(request: HttpRequest) -> Organisation:
    return Organisation(
        id=TOWN,
        slug="town",
        name=Wording("Town"),
        colour="#1d70b8",
        logo_url="",
        contact=Wording("Call us"),
    )
