"""The access walk: every address, as everybody, on their own pages and on another organisation's.

Each address stands in TABLE with who may open it. One that does not fails the first test.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import get_resolver
from pytest_django import DjangoDbBlocker

from tests.walk import Answer, World, concerned, filled, routes
from tests.world import STAFF, Town, Who, make_town, undone

Words = dict[str, Any]  # Any: strings, and lists of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Who of an organisation may come in at an address, and what they find there."""

    opens: frozenset[str]
    get: tuple[int, ...] = (200,)
    post: Words | None = None  # what the right person sends; None if it is not for sending
    done: int = 302  # the answer to that
    by_address: bool = False  # whoever has the unguessable address may know the reference
    asks: tuple[str, ...] = ()  # queries to try beside the plain address
    things: Words = field(default_factory=dict)  # what fills the address, by argument


EVERYBODY = "nobody stranger owner crew caseworker administrator operator halfway leaver visitor"
SIGNED_IN = EVERYBODY.removeprefix("nobody ")
AS_RESIDENTS = {"halfway", "leaver", "visitor"}  # whatever they may do elsewhere or may do later


def door(
    opens: str,
    *,
    get: int | tuple[int, ...] = 200,
    post: Words | None = None,
    done: int = 302,
    by_address: bool = False,
    asks: tuple[str, ...] = (),
    **things: str,
) -> Door:
    return Door(
        opens=frozenset(opens.split()),
        get=get if isinstance(get, tuple) else (get,),
        post=post,
        done=done,
        by_address=by_address,
        asks=asks,
        things=things,
    )


MANAGERS = "caseworker administrator"
ROLE = {"title": "Clerk", "permissions": ["bulky_waste.round"]}
WORDS = {"subject_0": "Hello", "subject_1": "", "body_0": "Dear", "body_1": "", "seen_version": "1"}
CARD = {"choice": "decline"}
SIGN_IN = (200, 302)

TABLE: dict[str, Door] = {
    # front_door and machinery
    "": door(EVERYBODY),
    "accessibility/": door(EVERYBODY),
    "privacy/": door(EVERYBODY),
    "health/live": door(EVERYBODY),
    "health/ready": door(EVERYBODY),
    "metrics": door(EVERYBODY),
    "theme.css": door(EVERYBODY),
    "language/": door(EVERYBODY, get=302, post={"language": "cy", "next": "/"}),
    # programs
    "api/v1/": door("", get=404),
    "api/v1/openapi.json": door(EVERYBODY),
    "api/v1/pay/notices": door(""),
    "v2/notifications/<str:segment>": door("program", segment="message"),
    "v2/<path:rest>": door("", rest="reference"),
    # signing in
    "accounts/sign-in/": door(EVERYBODY, get=SIGN_IN),
    "accounts/sign-in/code/": door(EVERYBODY, get=302),
    "accounts/sign-in/second-factor/": door(EVERYBODY, get=302),
    "accounts/sign-out/": door(SIGNED_IN, post={}),
    "accounts/closed/": door(EVERYBODY),
    "accounts/second-factor/": door(SIGNED_IN),
    "accounts/second-factor/check/": door(SIGNED_IN, get=SIGN_IN),
    "accounts/second-factor/app/": door(SIGNED_IN, get=SIGN_IN),
    "accounts/second-factor/app/remove/": door(SIGNED_IN, get=(200, 302, 404)),
    "accounts/second-factor/recovery-codes/": door(SIGNED_IN, get=(200, 302, 404)),
    "accounts/second-factor/recovery-codes/new/": door(SIGNED_IN, get=(200, 302, 404)),
    "accounts/second-factor/recovery-codes/file/": door(SIGNED_IN, get=(200, 302, 404)),
    # identity
    "identity/": door("administrator"),
    "identity/add/": door(
        "administrator",
        post={"email": "new@a.example", "name": "New", "roles": ["crew"], "team": "{team}"},
    ),
    "identity/people/<uuid:person_id>/": door(
        "administrator", person_id="crew", post={"roles": ["caseworker"], "team": "{team}"}
    ),
    "identity/people/<uuid:person_id>/remove/": door("administrator", person_id="crew", post={}),
    "identity/people/<uuid:person_id>/second-factor/": door(
        "administrator", person_id="crew", post={}
    ),
    "identity/roles/": door("administrator"),
    "identity/roles/add/": door("administrator", post=ROLE),
    "identity/roles/<uuid:role_id>/": door("administrator", role_id="role", post=ROLE),
    "identity/teams/": door("administrator"),
    "identity/teams/add/": door("administrator", post={"name": "Red team"}),
    "identity/teams/<uuid:team_id>/": door(
        "administrator", team_id="team", post={"name": "Red team"}
    ),
    "identity/logo/<uuid:file_id>/": door(EVERYBODY, file_id="logo"),
    # notify
    "notify/": door("administrator"),
    "notify/templates/new/": door("administrator", post={"title": "New", **WORDS}),
    "notify/templates/<uuid:template_id>/": door("administrator", template_id="template"),
    "notify/templates/<uuid:template_id>/edit/": door(
        "administrator", template_id="template", post=WORDS
    ),
    "notify/templates/<uuid:template_id>/versions/": door("administrator", template_id="template"),
    "notify/templates/<uuid:template_id>/versions/<int:number>/": door(
        "administrator", template_id="template", number="1"
    ),
    "notify/keys/": door("administrator"),
    "notify/keys/new/": door("administrator", post={"name": "till", "key_type": "live"}, done=200),
    "notify/keys/<uuid:key_id>/revoke/": door("administrator", key_id="key", post={}),
    # pay
    "pay/sandbox/<str:reference>/": door(
        EVERYBODY, reference="checkout", post=CARD, by_address=True
    ),
    # cases
    "cases/": door(MANAGERS, asks=("?view=closed", "?view=mine", "?kind=bulky-waste/not-out")),
    "cases/<uuid:case_id>/": door(MANAGERS, case_id="case"),
    "cases/<uuid:case_id>/claim/": door(MANAGERS, case_id="case", get=405, post={}),
    "cases/<uuid:case_id>/release/": door(MANAGERS, case_id="case", get=405, post={}),
    "cases/<uuid:case_id>/note/": door(MANAGERS, case_id="case", get=405, post={"note": "Hm"}),
    "cases/<uuid:case_id>/close/": door(
        MANAGERS, case_id="case", get=405, post={"outcome": "no-refund", "note": "No"}
    ),
    # governance
    "governance/audit/": door(
        "administrator", asks=("?subject={missed}", "?person={owner}", "?subject={case}")
    ),
    # account
    "account/": door(SIGNED_IN),
    "account/who-looked/": door(SIGNED_IN),
    # administration
    "administration/": door("crew caseworker administrator operator"),
    "administration/settings/": door("administrator"),
    "administration/settings/<slug:owner>/": door("administrator", owner="bulky-waste"),
    "administration/settings/<slug:owner>/<slug:name>/": door(
        "administrator", owner="bulky-waste", name="refund_percent", post={"value": "50"}
    ),
    "administration/settings/<slug:owner>/<slug:name>/default/": door(
        "administrator", owner="bulky-waste", name="refund_percent", get=405, post={}
    ),
    "administration/work/": door("operator"),
    "administration/work/retry/": door("operator", get=405, post={}),
    "administration/work/<int:task_id>/retry/": door("operator", task_id="task", get=405, post={}),
    "administration/work/deliveries/": door("operator"),
    "administration/work/deliveries/<int:delivery_id>/retry/": door(
        "operator", delivery_id="delivery", get=405, post={}
    ),
    # bulky_waste
    "bulky-waste/": door(EVERYBODY),
    "bulky-waste/requests/<uuid:collection_id>/": door(
        f"owner crew {MANAGERS}", collection_id="missed"
    ),
    "bulky-waste/requests/<uuid:collection_id>/pay/": door(
        EVERYBODY, collection_id="waiting", post={}, by_address=True
    ),
    "bulky-waste/requests/<uuid:collection_id>/done/": door(
        EVERYBODY, collection_id="booked", post={}, by_address=True
    ),
    "bulky-waste/requests/<uuid:collection_id>/change/": door(
        f"owner {MANAGERS}", collection_id="booked", post={"slot": "{free_slot}"}
    ),
    "bulky-waste/requests/<uuid:collection_id>/cancel/": door(
        f"owner {MANAGERS}", collection_id="booked", post={}
    ),
    "bulky-waste/requests/<uuid:collection_id>/photo/": door(
        f"owner crew {MANAGERS}", collection_id="missed"
    ),
    "bulky-waste/round/": door("crew", asks=("?on=2026-11-23",)),
    "bulky-waste/round/<uuid:collection_id>/": door(
        "crew", collection_id="today", post={"visit": "collected", "note": ""}
    ),
    "bulky-waste/find/": door(
        MANAGERS,
        asks=("?words={reference}", "?words={owner_email}", "?words={postcode}"),
    ),
    "bulky-waste/collections/<uuid:collection_id>/": door(MANAGERS, collection_id="missed"),
    "bulky-waste/collections/<uuid:collection_id>/rebook/": door(
        MANAGERS, collection_id="missed", post={"slot": "{free_slot}"}
    ),
    "bulky-waste/figures/": door("administrator"),
    "bulky-waste/book/": door(EVERYBODY, get=302),
    "bulky-waste/book/check/": door(EVERYBODY, get=302, post={}),
    "bulky-waste/book/again/": door(EVERYBODY, get=405, post={}),
    "bulky-waste/book/<slug:page>/": door(
        EVERYBODY, page="postcode", post={"postcode": "{postcode}"}
    ),
    "bulky-waste/book-by-phone/": door(MANAGERS, get=302),
    "bulky-waste/book-by-phone/check/": door(MANAGERS, get=302, post={}),
    "bulky-waste/book-by-phone/again/": door(MANAGERS, get=405, post={}),
    "bulky-waste/book-by-phone/<slug:page>/": door(
        MANAGERS, page="postcode", post={"postcode": "{postcode}"}
    ),
    # payments
    "payments/notices/": door("caseworker"),
    "payments/notices/<uuid:notice_id>/": door("caseworker", notice_id="notice"),
}
ROUTES = sorted(set(routes(get_resolver().url_patterns)))
EVERY_ROUTE = pytest.mark.parametrize("route", [each for each in ROUTES if each in TABLE])


@pytest.fixture(scope="module")
def world(django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Made once, in a transaction that is never committed."""
    hosts = override_settings(ALLOWED_HOSTS=[".example"])
    with django_db_blocker.unblock(), hosts, undone():
        a, b = make_town("atown", "Zyxmark"), make_town("btown", "Bqwmark")
        a.who["visitor"] = replace(b.who["everything"], name="visitor", host=a.host)
        b.who["visitor"] = replace(a.who["everything"], name="visitor", host=b.host)
        yield World(a, b, Client(raise_request_exception=False))


def address(route: str, town: Town) -> str:
    """An address with the town's things in it."""
    things = TABLE[route].things
    argument = re.compile(r"<(?:\w+:)?(\w+)>")
    return "/" + argument.sub(lambda found: town.things.get(*[things[found[1]]] * 2), route)


def names_a_thing(route: str, town: Town) -> bool:
    return any(value in town.things for value in TABLE[route].things.values())


def test_every_address_stands_in_the_table() -> None:
    missing = [each for each in ROUTES if each not in TABLE]
    gone = [each for each in TABLE if each not in ROUTES]

    assert not missing, f"add to TABLE who may open them: {missing}"
    assert not gone, f"take out of TABLE what is there no more: {gone}"


@EVERY_ROUTE
def test_it_opens_to_the_right_people_and_to_nobody_else(world: World, route: str) -> None:
    for name in EVERYBODY.split() + ["program"]:
        who, asked = world.a.who[name], TABLE[route]
        may = _as_whom(name, asked) in asked.opens
        for query in ("", *asked.asks):
            answer = world.ask(who, address(route, world.a) + query.format(**world.a.things))
            if may:
                assert answer.status in asked.get, (name, query, answer.status, answer.location)
                _must_be_accounted_for(world.a, who, answer, asked)
            else:
                _must_be_refused(answer, name)
        _send(world, world.a, who, route, may=may)


def _as_whom(name: str, asked: Door) -> str:
    """Who knows someone who is not at the keyboard, or may not do here what they may elsewhere."""
    if name == "program" and name not in asked.opens:
        return "nobody"
    return "stranger" if name in AS_RESIDENTS else name


def _send(world: World, town: Town, who: Who, route: str, *, may: bool) -> None:
    asked = TABLE[route]
    sent = filled(asked.post or {}, town)
    answer = world.ask(who, address(route, town), method="POST", sent=sent)
    if may and asked.post is not None:
        assert answer.status == asked.done, (who.name, answer.status, answer.response.content)
    elif not may:
        _must_be_refused(answer, who.name)


def _must_be_refused(answer: Answer, name: str) -> None:
    assert answer.is_refusal, (name, answer.status, answer.location)
    assert not answer.marks, (name, answer.marks)
    assert not answer.writes, (name, answer.writes)


def _must_be_accounted_for(town: Town, who: Who, answer: Answer, asked: Door) -> None:
    """What says something of others is in the audit, and no cache keeps it."""
    known = town.all_marks
    others = {known[mark] for mark in answer.marks} - {None}
    if asked.by_address:
        assert answer.marks <= town.references.keys(), (who.name, answer.marks)
    assert others <= concerned(answer), (who.name, answer.marks, "not in the audit")
    kept = answer.response.get("Cache-Control", "")
    if answer.marks:
        assert "no-store" in kept or "private" in kept, (who.name, answer.marks, kept)


@EVERY_ROUTE
def test_people_of_another_organisation_find_nothing(world: World, route: str) -> None:
    a, b = world.a, world.b
    foreign = a.all_marks.keys()
    for name in ("nobody", "owner", *STAFF, "everything", "program"):
        who = b.who[name]
        for query in ("", *TABLE[route].asks):
            _must_find_nothing(world, who, route, query.format(**a.things), sent=None)
        _must_find_nothing(world, who, route, "", sent=filled(TABLE[route].post or {}, a))
    assert foreign


def _must_find_nothing(
    world: World, who: Who, route: str, query: str, *, sent: Words | None
) -> None:
    a = world.a
    method = "GET" if sent is None else "POST"
    answer = world.ask(who, address(route, a) + query, method=method, sent=sent)
    assert not answer.marks & a.all_marks.keys(), (who.name, method, answer.marks)
    if names_a_thing(route, a):
        assert answer.is_refusal, (who.name, method, answer.status, answer.location)
    touched = [each for each in answer.written if each.organisation_id == a.organisation.id]
    assert not touched, (who.name, method, [each.action for each in touched])
