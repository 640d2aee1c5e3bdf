"""The access walk: every address, as everybody, on their own pages and on another organisation's.

Who may open what stands in tests/doors.py. An address that is not there fails the first test.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.test import override_settings
from django.urls import get_resolver
from pytest_django import DjangoDbBlocker

from tests.doors import ANYONE, ARGUMENT, AS_RESIDENTS, STAFF, TABLE, Door
from tests.nonsense import FOREIGN_PLACES, odd_addresses, odd_answers, odd_queries
from tests.walk import Answer, World, filled, routes
from tests.world import Town, make_town, undone

# As the patterns spell them, by how the table does: without the kinds of their arguments.
ROUTES = {ARGUMENT.sub(r"<\2>", each): each for each in routes(get_resolver().url_patterns)}
EVERY_ROUTE = pytest.mark.parametrize("route", sorted(ROUTES.keys() & TABLE))
POSTED_TO = pytest.mark.parametrize(
    "route", sorted(each for each in ROUTES.keys() & TABLE if TABLE[each].post is not None)
)


@pytest.fixture(scope="module")
def world(django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Made once, in a transaction that is never committed."""
    hosts = override_settings(ALLOWED_HOSTS=[".example"])
    mixes = {door.other_staff for door in TABLE.values()} - {""}
    with django_db_blocker.unblock(), hosts, undone():
        a, b = make_town("atown", "Zyxmark", mixes=mixes), make_town("btown", "Bqwmark")
        a.who["visitor"] = replace(b.who["everything"], name="visitor", host=a.host)
        b.who["visitor"] = replace(a.who["everything"], name="visitor", host=b.host)
        yield World(a, b)


def address(route: str, town: Town) -> str:
    """An address with the town's things in it."""

    def fill(argument: re.Match[str]) -> str:
        value = TABLE[route].things[argument[2]]
        return town.things.get(value, value)

    return "/" + ARGUMENT.sub(fill, route)


def names_a_thing(route: str, town: Town) -> bool:
    return any(value in town.things for value in TABLE[route].things.values())


def test_every_address_stands_in_the_table() -> None:
    missing = [each for each in ROUTES if each not in TABLE]
    gone = [each for each in TABLE if each not in ROUTES]

    assert not missing, f"say in tests/doors.py who may open them: {missing}"
    assert not gone, f"take out of tests/doors.py what is there no more: {gone}"


@EVERY_ROUTE
def test_it_opens_to_the_right_people_and_to_nobody_else(world: World, route: str) -> None:
    """Those whom it is not for include one with all of the roles that do not open it: what is kept
    from them is kept from each of these roles."""
    door = TABLE[route]
    names = ["nobody", "caseworker"] if ANYONE in door.opens else _names(door)

    problems = [
        *(each for name in names for each in _try_get(world, route, name)),
        *(each for name in names for each in _try_post(world, route, name)),
    ]

    assert not problems, "\n".join(problems)


def _names(door: Door) -> list[str]:
    right = [name for name in ("owner", *STAFF, "program") if door.lets_in(name)]
    as_residents = AS_RESIDENTS[len(str(door)) % len(AS_RESIDENTS)]
    wrong = ["nobody", "stranger", as_residents, *filter(None, [door.other_staff])]
    return [*right, *wrong]


def _try_get(world: World, route: str, name: str) -> Iterator[str]:
    door, who = TABLE[route], world.a.who[name]
    for query in ("", *door.asks):
        answer = world.ask(who, address(route, world.a) + query.format(**world.a.things))
        here = f"GET {name} {query}: {answer.status} {answer.location}"
        if not _may(door, name):
            yield from _complain_if_told(here, answer)
        elif answer.status not in door.get:
            yield f"{here} is not let in"
        else:
            yield from _complain_if_unaccounted(here, door, world.a, answer)


def _try_post(world: World, route: str, name: str) -> Iterator[str]:
    door, who = TABLE[route], world.a.who[name]
    answer = world.ask(who, address(route, world.a), "POST", filled(door.post, world.a))
    here = f"POST {name}: {answer.status} {answer.location}"
    if not _may(door, name):
        yield from _complain_if_told(here, answer)
    elif door.post is not None and answer.status != door.done:
        yield f"{here} is not let in"


def _may(door: Door, name: str) -> bool:
    return door.lets_in("stranger" if name in AS_RESIDENTS else name)


def _complain_if_told(here: str, answer: Answer) -> Iterator[str]:
    if not answer.is_refusal:
        yield f"{here} is let in"
    if answer.marks:
        yield f"{here} reads {sorted(answer.marks)}"
    if answer.writes:
        yield f"{here} has done {answer.writes}"


def _complain_if_unaccounted(here: str, door: Door, town: Town, answer: Answer) -> Iterator[str]:
    """What says something of others is in the audit, and no cache keeps it."""
    about = {town.all_marks[mark] for mark in answer.marks} - {None}
    if door.by_address:
        if not answer.marks <= town.references.keys():
            yield f"{here} reads {sorted(answer.marks)}"
        return
    if not about <= answer.concerned:
        yield f"{here} reads {sorted(answer.marks)} and the audit does not know"
    if about and not answer.stays_private:
        yield f"{here} may be cached: {answer.response.get('Cache-Control', '')}"


@EVERY_ROUTE
def test_people_of_another_organisation_find_nothing(world: World, route: str) -> None:
    door = TABLE[route]
    names = ["owner", "everything", *(name for name in (*STAFF, "program") if door.lets_in(name))]
    if ANYONE in door.opens:
        names = ["owner", "everything"] if names_a_thing(route, world.a) else ["everything"]

    problems = [
        *(each for name in names for each in _try_elsewhere(world, route, name, "GET")),
        *(each for name in names for each in _try_elsewhere(world, route, name, "POST")),
    ]

    assert not problems, "\n".join(problems)


def _try_elsewhere(world: World, route: str, name: str, method: str) -> Iterator[str]:
    """With the other organisation's ids, on the pages of one's own."""
    a, door, who = world.a, TABLE[route], world.b.who[name]
    for query in ("", *door.asks) if method == "GET" else ("",):
        path = address(route, a) + query.format(**a.things)
        answer = world.ask(who, path, method, filled(door.post, a))
        here = f"{method} {name} {query}: {answer.status} {answer.location}"
        if read := sorted(answer.marks & a.all_marks.keys()):
            yield f"{here} reads {read}"
        if names_a_thing(route, a) and not answer.is_refusal and not door.of_all:
            yield f"{here} is let in"
        touched = [each for each in answer.noted if each.organisation_id == a.organisation.id]
        if touched:
            yield f"{here} has done {[each.action for each in touched]}"


@EVERY_ROUTE
def test_nonsense_is_never_a_fault_of_ours(world: World, route: str) -> None:
    """`ask` fails on an answer that is."""
    who, here = world.a.who["everything"], address(route, world.a)
    fitting = filled(TABLE[route].post, world.a)

    for query in odd_queries(route):
        world.ask(who, f"{here}?{query}")
    if world.ask(who, f"{here}?place=x").status == 422:
        assert all(world.ask(who, f"{here}?{place}").status != 302 for place in FOREIGN_PLACES)
    for odd in odd_addresses(ROUTES[route]):
        world.ask(who, odd)
        world.ask(who, odd, "POST", fitting)
    for answers in ({}, *odd_answers(fitting)):
        world.ask(who, here, "POST", answers)


@EVERY_ROUTE
def test_methods_that_it_does_not_know_are_refused(world: World, route: str) -> None:
    method = ("PUT", "DELETE", "PATCH", "TRACE")[len(route) % 4]

    answer = world.ask(world.a.who["everything"], address(route, world.a), method, "[1")

    assert ANYONE in TABLE[route].opens or answer.is_refusal or answer.status == 422
    assert not answer.writes


@POSTED_TO
def test_what_another_site_sends_is_not_done(world: World, route: str) -> None:
    who, sent = world.a.who["everything"], filled(TABLE[route].post, world.a)

    answer = world.ask(who, address(route, world.a), "POST", sent, forged=True)

    takes_programs = route.startswith(("api/", "v2/"))
    assert takes_programs or (answer.status == 403 and not answer.noted), answer.status


@pytest.mark.parametrize("host", ["nowhere.example", "elsewhere.test", "a b", "[", "", "x" * 300])
def test_an_unknown_host_is_told_nothing(world: World, host: str) -> None:
    who = replace(world.a.who["everything"], host=host)

    for path in ("/", "/cases/", "/api/v1/pay/notices", "/v2/notifications/email"):
        answer = world.ask(who, path)
        assert answer.status in (400, 404), (path, answer.status)
        assert not answer.marks
