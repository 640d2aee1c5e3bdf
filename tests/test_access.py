"""The access walk: every address, as everybody, on their own pages and on another organisation's.

Who may open what stands in tests/doors/. An address that is not there fails the first test.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import get_commands
from django.test import override_settings
from django.urls import get_resolver
from pytest_django import DjangoDbBlocker

from tests.doors import ROLE, TABLE
from tests.doors.door import ANYONE, ARGUMENT, AS_RESIDENTS, SIGNED_IN, STAFF, Door
from tests.marks import Town, undone
from tests.nonsense import FOREIGN_PLACES, odd_addresses, odd_answers, odd_queries
from tests.walk import World, complain_if_told, complain_if_unaccounted, filled, routes
from tests.world import make_town
from townhall.capabilities.identity.operations import change_role
from townhall.capabilities.identity.permissions import MANAGE_PEOPLE, RUN_INSTALLATION
from townhall.capabilities.identity.queries import list_roles
from townhall.capabilities.identity.sessions import residents_may
from townhall.capabilities.identity.tests.make import make_actor
from townhall.machinery import work
from townhall.machinery.actors import Actor, inner_permission_labels, permission_labels
from townhall.machinery.errors import NotFound
from townhall.machinery.service import offered
from townhall.services.bulky_waste.operations import request_collection
from townhall.services.bulky_waste.records import Contact
from townhall.services.bulky_waste.service import ASK

# As the patterns spell them, by how the table does: without the kinds of their arguments.
ROUTES = {ARGUMENT.sub(r"<\2>", each): each for each in routes(get_resolver().url_patterns)}
EVERY_ROUTE = pytest.mark.parametrize("route", sorted(ROUTES.keys() & TABLE))


# Where nothing is done (GOV.UK Pay's), and where to forge takes the file's key (record 16).
UNTOKENED = {"authorize", "healthcheck", "pay/secure", "request-denied", "files/<file_id>/confirm/"}

LIST_ALL = """
import django, json; django.setup()
from django.core.management import get_commands
from django.urls import get_resolver
from tests.walk import routes
found = {"routes": [*routes(get_resolver().url_patterns)], "commands": [*get_commands()]}
print(json.dumps(found))
"""


@pytest.fixture(scope="module", autouse=True)
def demo() -> Iterator[subprocess.Popen[str]]:
    """Begins first and is asked last: an installation with the demo, listing what it has."""
    program = [sys.executable, "-c", LIST_ALL]
    environment = {**os.environ, "TOWNHALL_DEMO": "1"}
    root = Path(__file__).parents[1]
    with subprocess.Popen(
        program, env=environment, cwd=root, stdout=subprocess.PIPE, text=True
    ) as running:
        yield running


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
        value: str = TABLE[route].things[argument[2]]
        return town.things.get(value, value)

    return "/" + ARGUMENT.sub(fill, route)


def names_a_thing(route: str, town: Town) -> bool:
    return any(value in town.things for value in TABLE[route].things.values())


def test_every_address_stands_in_the_table() -> None:
    missing = [each for each in ROUTES if each not in TABLE]
    gone = [each for each in TABLE if each not in ROUTES]

    assert not missing, f"say in tests/doors/ who may open them: {missing}"
    assert not gone, f"take out of tests/doors/ what is there no more: {gone}"


@EVERY_ROUTE
def test_it_opens_to_the_right_people_and_to_nobody_else(world: World, route: str) -> None:
    """Those whom it is not for include one with all of the roles that do not open it: what is kept
    from them is kept from each of these roles."""
    door = TABLE[route]
    right = [name for name in ("owner", *STAFF, "program") if door.lets_in(name)]
    wrong = ["stranger", *filter(None, [door.other_staff])]
    if door.opens & {ANYONE, SIGNED_IN}:
        right, wrong = ["caseworker"], ["nobody"]
    getting = {*right, *wrong, "nobody", AS_RESIDENTS[len(route) % len(AS_RESIDENTS)]}
    posting = ["stranger"] if door.post is None else [*right, *wrong]

    problems = [
        *(each for name in getting for each in _try_get(world, route, name)),
        *(each for name in posting for each in _try_post(world, route, name)),
    ]

    assert not problems, "\n".join(problems)


def _try_get(world: World, route: str, name: str) -> Iterator[str]:
    door, who = TABLE[route], world.a.who[name]
    for query in ("", *door.asks):
        answer = world.ask(who, address(route, world.a) + query.format(**world.a.things))
        here = f"GET {name} {query}: {answer.status} {answer.location}"
        if not _may(door, name):
            yield from complain_if_told(here, answer)
        elif answer.status not in door.get:
            yield f"{here} is not let in"
        else:
            yield from complain_if_unaccounted(here, door, world.a, answer)


def _try_post(world: World, route: str, name: str) -> Iterator[str]:
    door, who = TABLE[route], world.a.who[name]
    answer = world.ask(who, address(route, world.a), "POST", filled(door.post, world.a))
    here = f"POST {name}: {answer.status} {answer.location}"
    if not _may(door, name):
        yield from complain_if_told(here, answer)
    elif door.post is not None and answer.status != door.done:
        yield f"{here} is not let in"


def _may(door: Door, name: str) -> bool:
    return door.lets_in("stranger" if name in AS_RESIDENTS else name)


@EVERY_ROUTE
def test_people_of_another_organisation_find_nothing(world: World, route: str) -> None:
    """Not with every role that there is; nor as a crew, which other tables are visible to."""
    door = TABLE[route]
    names = ["everything", *(each for each in ("owner", "crew", "program") if door.lets_in(each))]
    if ANYONE in door.opens and not names_a_thing(route, world.a):
        names = ["everything"]
    posting = names if door.post is not None else ["everything"]

    problems = [
        *(each for name in names for each in _try_elsewhere(world, route, name, "GET")),
        *(each for name in posting for each in _try_elsewhere(world, route, name, "POST")),
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


@pytest.mark.parametrize(
    ("route", "foreign"),
    [
        (route, argument)
        for route in sorted(ROUTES.keys() & TABLE)
        for argument in TABLE[route].things
        if len(TABLE[route].things) > 1
    ],
)
def test_one_id_of_another_organisation_among_ones_own_finds_nothing(
    world: World, route: str, foreign: str
) -> None:
    """Whoever may open it on their own pages, with all of an address theirs but one argument."""
    a, b, door = world.a, world.b, TABLE[route]
    named = {name: str(to) for name, to in door.things.items()}
    things = {name: b.things.get(to, to) for name, to in named.items()}
    theirs = a.things.get(named[foreign], named[foreign])
    mixed = {**things, foreign: theirs}
    path = "/" + ARGUMENT.sub(lambda found: mixed[str(found[2])], route)

    if theirs != things[foreign]:
        for method in ("GET", "POST"):
            for name in ("everything", "program"):
                answer = world.ask(b.who[name], path, method, filled(door.post, b))
                assert answer.is_refusal, (name, method, answer.status)
                assert not answer.writes
                assert not answer.marks & a.all_marks.keys()


@EVERY_ROUTE
def test_nonsense_is_never_a_fault_of_ours(world: World, route: str) -> None:
    """`ask` fails on an answer that is."""
    who, here = world.a.who["everything"], address(route, world.a)
    fitting = filled(TABLE[route].post, world.a)

    for query in odd_queries(route):
        world.ask(who, f"{here}?{query}")
    if world.ask(who, f"{here}?place=x").status == 422:
        assert {world.ask(who, f"{here}?{each}").status for each in FOREIGN_PLACES} == {422}
    for odd in odd_addresses(ROUTES[route]):
        world.ask(who, odd)
    for odd in odd_addresses(ROUTES[route])[:1]:
        world.ask(who, odd, "POST", fitting)
    for answers in ({}, *odd_answers(fitting)):
        world.ask(who, here, "POST", answers)


@pytest.mark.parametrize(
    "cookie", ["session", "django_language", "messages", "journey-bulky-waste"]
)
def test_a_broken_cookie_is_never_a_fault_of_ours(world: World, cookie: str) -> None:
    broken = {"cookie": f'{cookie}="{"a" * 20}\\000"'}  # Django reads a NUL out of that

    for path in ("/", "/bulky-waste/book/", "/cases/"):
        world.ask(world.a.who["nobody"], path, headers=broken)


@EVERY_ROUTE
def test_methods_that_it_does_not_know_are_refused(world: World, route: str) -> None:
    method = ("PUT", "DELETE", "PATCH", "TRACE")[len(route) % 4]

    answer = world.ask(world.a.who["everything"], address(route, world.a), method, "[1")

    assert ANYONE in TABLE[route].opens or answer.is_refusal or answer.status == 422
    assert not answer.writes


@EVERY_ROUTE
def test_asking_only_for_the_head_or_for_what_is_possible_opens_nothing(
    world: World, route: str
) -> None:
    here, door = address(route, world.a), TABLE[route]

    head = world.ask(world.a.who["nobody"], here, "HEAD")
    options = world.ask(world.a.who["nobody"], here, "OPTIONS")

    assert door.lets_in("nobody") or head.is_refusal
    assert not head.writes
    assert not options.marks
    assert not options.writes


@EVERY_ROUTE
def test_what_another_site_sends_is_not_done(world: World, route: str) -> None:
    who, sent = world.a.who["everything"], filled(TABLE[route].post, world.a)

    answer = world.ask(who, address(route, world.a), "POST", sent, forged=True)

    takes_programs = route.startswith(("api/", "v1/", "v2/", "notify/suppliers/"))
    assert takes_programs or route in UNTOKENED or answer.status == 403, answer.status
    assert takes_programs or not answer.noted


@pytest.mark.parametrize("host", ["nowhere.example", "elsewhere.test", "a b", "[", "", "x" * 300])
def test_an_unknown_host_is_told_nothing(world: World, host: str) -> None:
    who = replace(world.a.who["everything"], host=host)

    for path in ("/", "/cases/", "/api/v1/pay/notices", "/v2/notifications/email"):
        answer = world.ask(who, path)
        assert answer.status in (400, 404), (path, answer.status)
        assert not answer.marks


ADD_ROLE = "/identity/roles/add/"
AS_OPERATOR = {"email": "new@a.example", "name": "New", "roles": ["operator"], "team": ""}
# Somebody of b, at something of b's own, naming something of a's in what they send.
BORROWED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("administrator", "identity/people/<person_id>/", {"roles": ["crew"], "team": "{team}"}),
    ("administrator", "identity/people/<person_id>/", {"roles": ["{role_slug}"], "team": ""}),
    ("caseworker", "bulky-waste/requests/<collection_id>/change/", {"slot": "{free_slot}"}),
    ("caseworker", "bulky-waste/collections/<collection_id>/rebook/", {"slot": "{free_slot}"}),
)


@pytest.mark.parametrize(("name", "route", "words"), BORROWED)
def test_a_form_takes_nothing_of_another_organisation(
    world: World, name: str, route: str, words: dict[str, Any]
) -> None:
    who, here = world.b.who[name], address(route, world.b)

    answer = world.ask(who, here, "POST", filled(words, world.a))

    assert answer.status == 422
    assert world.ask(who, here, "POST", filled(words, world.b)).status == 302, "else proves nothing"


def test_a_booking_takes_no_place_and_no_address_of_another_organisation(world: World) -> None:
    owner = world.b.actor("owner", ASK)
    ours, theirs = world.b.things, world.a.things
    contact = Contact(name="Ann", email="ann@a.example", phone="")

    for uprn, slot in ((theirs["uprn"], ours["free_slot"]), (ours["uprn"], theirs["free_slot"])):
        with undone(), pytest.raises(NotFound):
            request_collection(
                owner, uprn=uprn, slot_id=UUID(slot), items={"sofa": 1}, contact=contact
            )


def test_a_program_sends_and_reads_nothing_of_another_organisation(world: World) -> None:
    program, theirs = world.b.who["program"], world.a.things
    asked = {"email_address": "ann@a.example", "template_id": theirs["template"]}
    ours = asked | {"template_id": world.b.things["template"]}
    at, on_theirs = "/v2/notifications/email", replace(program, host=world.a.host)

    assert world.ask(program, at, "POST", json.dumps(asked)).status == 400
    assert world.ask(program, at, "POST", json.dumps(ours)).status == 201, "else proves nothing"
    assert world.ask(on_theirs, at, "POST", json.dumps(ours)).status == 403


def test_nobody_has_what_only_services_may(world: World) -> None:
    inner, for_people = inner_permission_labels().keys(), permission_labels().keys()
    roles = list_roles(make_actor(world.a.organisation))
    held = {role.slug: role.permissions & inner for role in roles}

    assert held == {**dict.fromkeys(held, frozenset()), "operator": {work.RUN}}
    assert not residents_may() & for_people
    assert all(code in inner for code in for_people | inner if code.endswith(".run"))


def test_an_administrator_hands_out_nothing_beyond_the_organisation(world: World) -> None:
    who, own = world.a.who["administrator"], world.a.things["administrator_role"]
    shown = world.ask(who, ADD_ROLE).response.content.decode()

    for code in (*inner_permission_labels(), RUN_INSTALLATION, "nothing.known"):
        sent = {"title": "Chief", "permissions": [MANAGE_PEOPLE, code]}
        path = f"/identity/roles/{own}/" if code.endswith(("run", "installation")) else ADD_ROLE
        answer = world.ask(who, path, "POST", sent)
        assert answer.status in (403, 422), (path, code)
        assert not answer.writes, (path, code)
        assert f'value="{code}"' not in shown


def test_an_administrator_makes_nobody_an_operator(world: World) -> None:
    who, things = world.a.who["administrator"], world.a.things
    answers = [
        world.ask(who, f"/identity/people/{things['crew']}/", "POST", {"roles": ["operator"]}),
        world.ask(who, f"/identity/people/{things['administrator']}/", "POST", AS_OPERATOR),
        world.ask(who, "/identity/add/", "POST", AS_OPERATOR),
        world.ask(who, f"/identity/roles/{things['operator_role']}/", "POST", ROLE),
    ]

    assert all(answer.status in (403, 422) and not answer.writes for answer in answers)


def test_a_role_for_running_the_installation_stays_one(world: World) -> None:
    """It was given to nobody by administrators, so no change to it lets them."""
    may = frozenset({MANAGE_PEOPLE, RUN_INSTALLATION})
    operator = Actor("staff:operator", may, world.a.organisation.id)
    role_id = UUID(world.a.things["operator_role"])
    crew = f"/identity/people/{world.a.things['crew']}/"

    with undone():
        change_role(operator, role_id, title="Clerk", permissions=[MANAGE_PEOPLE])
        sent = {"roles": ["operator"], "team": ""}
        answer = world.ask(world.a.who["administrator"], crew, "POST", sent)

    assert answer.status in (403, 422)


def test_nothing_of_the_demo_is_there(world: World, demo: subprocess.Popen[str]) -> None:
    """What an installation with the demo has besides, this one has not."""
    there = json.loads(demo.communicate()[0])
    doors = [each for each in there["routes"] if ARGUMENT.sub(r"<\2>", each) not in ROUTES]
    commands = set(there["commands"]) - set(get_commands())

    assert "demo/be/<slug:key>/" in doors
    assert {"seed_town", "greet"} <= commands
    assert not any("demo" in each.slug for each in offered())
    assert "demo.play" not in {**permission_labels(), **inner_permission_labels()}
    for door in doors:
        path = "/" + ARGUMENT.sub("1", door)
        for who in (world.a.who["nobody"], world.a.who["everything"]):
            assert world.ask(who, path).status == 404, path
            assert world.ask(who, path, "POST", {}).status == 404, path
