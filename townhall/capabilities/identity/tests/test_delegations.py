"""Letting someone act for one, and acting for someone."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.http import HttpRequest
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from townhall.capabilities.identity import models, operations, permissions, queries, sessions
from townhall.capabilities.identity.errors import (
    BadAnswer,
    NoSuchDelegation,
    TooManyDelegations,
)
from townhall.capabilities.identity.records import Delegation, Method
from townhall.capabilities.identity.rules.names import as_signed
from townhall.capabilities.identity.tests.make import (
    make_actor,
    make_member,
    make_organisation,
    make_request,
    sign_in,
)
from townhall.machinery.actors import Actor, Permission
from townhall.machinery.errors import NotAllowed
from townhall.machinery.holdings import SEE_HELD
from townhall.machinery.models import AuditEntry, RecordedEvent
from townhall.machinery.organisations import Organisation
from townhall.machinery.service import requests_of

pytestmark = pytest.mark.django_db

# Of others, which a capability does not import.
ASK, FILL = Permission("bulky_waste.ask"), Permission("forms.fill")
WASTE = ("bulky-waste",)
CARER = "sam@newtown.example"


@pytest.fixture
def town() -> Organisation:
    return make_organisation(hosts=("testserver",))


def someone(town: Organisation, email: str, name: str) -> Actor:
    found = operations.add_person(make_actor(town), email=email, name=name)
    may = frozenset({permissions.DELEGATE, SEE_HELD})
    return Actor("resident", may, town.id, found.id)


@pytest.fixture
def jo(town: Organisation) -> Actor:
    return someone(town, "jo@newtown.example", "Jo Bloggs")


@pytest.fixture
def sam(town: Organisation) -> Actor:
    return someone(town, CARER, "Sam Smith")


def offer(actor: Actor, email: str = CARER, *, days: int = 30) -> Delegation:
    last_day = timezone.localdate() + timedelta(days=days)
    return operations.offer_delegation(actor, email=email, services=WASTE, last_day=last_day)


def acting(town: Organisation, jo: Actor, sam: Actor) -> tuple[HttpRequest, Delegation]:
    """A session in which Sam acts for Jo."""
    made = operations.accept_delegation(sam, offer(jo).id)
    request = make_request(town)
    assert sam.person_id
    sessions.sign_in(request, sam.person_id, method=Method.CODE)
    found = sessions.PersonBackend().get_user(sam.person_id)
    assert found
    request.user = found
    sessions.delegations.begin(request, sam, made.id)
    return request, made


def ids(found: tuple[Delegation, ...]) -> list[UUID]:
    return [each.id for each in found]


def test_the_one_who_is_asked_says_yes_and_both_see_it(jo: Actor, sam: Actor) -> None:
    made = offer(jo, " SAM@newtown.example ")
    assert ids(queries.list_delegations(sam).offered) == [made.id]
    assert queries.list_delegations(jo).made[0].delegate == CARER

    for _twice in range(2):
        accepted = operations.accept_delegation(sam, made.id)

    assert (accepted.person, accepted.delegate_id) == ("Jo Bloggs", sam.person_id)
    assert queries.list_delegations(jo).made[0].delegate == "Sam Smith"
    mine = queries.list_delegations(sam)
    assert (ids(mine.held), mine.offered) == ([made.id], ())
    event = RecordedEvent.objects.get(name="identity.delegation_offered")
    assert event.facts["delegation_id"] == str(made.id)


def test_asking_again_is_asking_once(jo: Actor) -> None:
    assert offer(jo).id == offer(jo).id
    assert RecordedEvent.objects.filter(name="identity.delegation_offered").count() == 1


@pytest.mark.parametrize("who", ["jo", "sam"])
def test_either_ends_it_at_any_time(jo: Actor, sam: Actor, who: str) -> None:
    made = operations.accept_delegation(sam, offer(jo).id)

    for _twice in range(2):
        ended = operations.end_delegation({"jo": jo, "sam": sam}[who], made.id)

    assert ended.ended_at is not None
    assert queries.list_delegations(jo).made == queries.list_delegations(sam).held == ()
    with pytest.raises(NoSuchDelegation):
        operations.begin_acting(sam, made.id)
    with pytest.raises(NoSuchDelegation):
        operations.accept_delegation(sam, made.id)


def test_saying_no_ends_it(jo: Actor, sam: Actor) -> None:
    made = offer(jo)

    operations.end_delegation(sam, made.id)

    assert queries.list_delegations(jo).made == ()


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"email": "nobody"}, BadAnswer),
        ({"email": "jo@newtown.example"}, BadAnswer),
        ({"services": []}, BadAnswer),
        ({"services": ["account"]}, BadAnswer),
        ({"last_day": date(2020, 1, 1)}, BadAnswer),
        ({"last_day": date(2099, 1, 1)}, BadAnswer),
    ],
)
def test_what_cannot_be_asked_is_refused(
    jo: Actor, changes: dict[str, object], refused: type[Exception]
) -> None:
    asked = {"email": CARER, "services": WASTE, "last_day": timezone.localdate()} | changes

    with pytest.raises(refused):
        operations.offer_delegation(jo, **asked)  # type: ignore[arg-type]  # from the table


def test_nobody_asks_a_crowd(jo: Actor) -> None:
    for each in range(20):
        made = offer(jo, f"sam{each}@newtown.example")
        long_ago = timezone.now() - timedelta(days=2)
        models.Delegation.objects.filter(id=made.id).update(made_at=long_ago)

    with pytest.raises(TooManyDelegations):
        offer(jo)


def test_nobody_has_us_send_email_after_email(town: Organisation, jo: Actor, sam: Actor) -> None:
    for _each in range(3):
        operations.end_delegation(jo, offer(jo, "eve@newtown.example").id)
    for asker in (jo, sam):
        with pytest.raises(TooManyDelegations):
            offer(asker, "eve@newtown.example")
    for each in range(7):
        operations.end_delegation(jo, offer(jo, f"sam{each}@newtown.example").id)

    with pytest.raises(TooManyDelegations):
        offer(jo)

    models.Delegation.objects.update(made_at=timezone.now() - timedelta(hours=25))
    offer(jo, "eve@newtown.example")


@pytest.mark.parametrize(
    ("name", "signed"),
    [
        ("Siân O'Neill-Jones", "Siân O'Neill-Jones"),
        ("Dr. A. B. Clark", "Dr. A. B. Clark"),
        ("Win at https://evil.example/x now", "Win at now"),
        ("Call evil.example or www.evil", "Call or"),
        ("[Pay here](evil) **now** me@evil.example", "Pay here evil now"),
        ("A" * 200, "A" * 60),
    ],
)
def test_a_name_in_an_email_is_no_message(name: str, signed: str) -> None:
    assert as_signed(name) == signed


def test_an_invitation_is_signed_so(jo: Actor) -> None:
    models.Person.objects.filter(email="jo@newtown.example").update(name="http://evil.example")
    made = offer(jo)
    teller = Actor("x", frozenset({permissions.INVITE}), jo.organisation_id)

    assert queries.get_invitation(teller, made.id).person == "Someone"


@pytest.mark.parametrize(
    "ask",
    [operations.accept_delegation, operations.begin_acting, operations.end_delegation],
)
def test_nobody_else_has_any_part_in_it(
    town: Organisation, jo: Actor, sam: Actor, ask: Callable[[Actor, UUID], object]
) -> None:
    made = offer(jo)
    elsewhere = make_organisation(slug="oldtown", hosts=("old.example",))
    others = [
        someone(town, "eve@newtown.example", "Eve"),
        Actor("resident", sam.may, elsewhere.id, sam.person_id),
    ]

    for each in others:
        with pytest.raises(NoSuchDelegation):
            ask(each, made.id)
    for nobody in (Actor("resident", sam.may, town.id), Actor("x", frozenset(), town.id)):
        with pytest.raises(NotAllowed):
            ask(nobody, made.id)


def test_the_one_who_asked_cannot_say_yes(jo: Actor) -> None:
    with pytest.raises(NoSuchDelegation):
        operations.accept_delegation(jo, offer(jo).id)


def test_who_acts_for_someone_is_that_one_in_these_services_and_no_more(
    town: Organisation, jo: Actor, sam: Actor
) -> None:
    request, _made = acting(town, jo, sam)

    actor = sessions.who_asks(request)

    assert actor == Actor(
        "resident",
        frozenset({ASK, FILL, permissions.SEE_REQUESTS}),
        town.id,
        jo.person_id,
        sam.person_id,
        within=frozenset(WASTE),
    )
    assert request.acting_for == "Jo Bloggs"  # type: ignore[attr-defined]  # machinery.http.Request has it
    sessions.delegations.stop(request)
    assert sessions.who_asks(request).person_id == sam.person_id


def test_staff_who_act_for_someone_are_not_staff_meanwhile(town: Organisation, jo: Actor) -> None:
    member = make_member(town, "administrator", second_factor=True)
    assert member.email
    carer = someone(town, member.email, "Ann")
    made = operations.accept_delegation(carer, offer(jo, member.email).id)
    client = Client()
    sign_in(client, town, member.id)
    assert client.get("/identity/").status_code == 200

    client.post(f"/identity/acting/{made.id}/begin/")

    assert client.get("/identity/").status_code == 403


def test_what_is_done_for_someone_is_audited_as_both(
    town: Organisation, jo: Actor, sam: Actor
) -> None:
    request, _made = acting(town, jo, sam)
    actor = sessions.who_asks(request)
    operations.record_sign_out(
        Actor("resident", frozenset({permissions.SIGN_IN}), town.id, jo.person_id, sam.person_id),
        jo.person_id or UUID(int=0),
    )

    requests_of(actor)

    entry = AuditEntry.objects.get(action="identity.record_sign_out")
    assert (entry.person_id, entry.delegate_id) == (jo.person_id, sam.person_id)
    began = AuditEntry.objects.get(action="identity.begin_acting")
    assert jo.person_id in began.concerns


def test_acting_for_someone_takes_one_statement_more(
    town: Organisation, jo: Actor, sam: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request, _made = acting(town, jo, sam)
    sessions.who_asks(request)  # notes that this session is in use

    with django_assert_num_queries(1):
        sessions.who_asks(request)


@pytest.mark.parametrize(
    "changes",
    [
        {"ended_at": timezone.now()},
        {"ends_at": timezone.now()},
        {"organisation_id": UUID(int=1)},
    ],
)
def test_when_it_has_ended_nothing_is_done_for_anyone(
    town: Organisation, jo: Actor, sam: Actor, changes: dict[str, object]
) -> None:
    request, made = acting(town, jo, sam)
    models.Delegation.objects.filter(id=made.id).update(**changes)

    actor = sessions.who_asks(request)

    assert (actor.may, actor.person_id) == (frozenset(), sam.person_id)
    assert request.remedy_url == "/identity/acting/over/"  # type: ignore[attr-defined]  # as above


def test_the_pages_lead_from_asking_to_acting_and_back(
    town: Organisation, jo: Actor, sam: Actor
) -> None:
    browsers = {}
    for actor in (jo, sam):
        browsers[actor] = Client()
        assert actor.person_id
        sign_in(browsers[actor], town, actor.person_id, method=Method.CODE)
    day = timezone.localdate() + timedelta(days=9)
    parts = {"last_day_day": day.day, "last_day_month": day.month, "last_day_year": day.year}
    asked = {"email": CARER, "services": WASTE, **parts}

    wrong = browsers[jo].post("/identity/acting/ask/", asked | {"email": "jo@newtown.example"})
    assert wrong.status_code == 422
    assert "not your own" in wrong.content.decode()
    browsers[jo].post("/identity/acting/ask/", asked)
    made = queries.list_delegations(jo).made[0]
    assert "Jo Bloggs asks you" in browsers[sam].get("/identity/acting/").content.decode()
    browsers[sam].post(f"/identity/acting/{made.id}/accept/")
    began = browsers[sam].post(f"/identity/acting/{made.id}/begin/", follow=True)
    assert "You are acting for <strong>Jo Bloggs</strong>" in began.content.decode()
    theirs = browsers[sam].get("/account/requests/").content.decode()
    assert "Requests of Jo Bloggs" in theirs
    assert "Back to my account" not in theirs
    for closed in ("", "who-looked/", "held/", "held/copy.json", "details/", "email/", "delete/"):
        assert browsers[sam].get(f"/account/{closed}").status_code == 403
    assert browsers[sam].get("/identity/acting/").status_code == 403
    browsers[jo].post(f"/identity/acting/{made.id}/end/")
    refused = browsers[sam].get("/bulky-waste/book/", follow=True)
    assert "You may no longer act for them" in refused.content.decode()
    browsers[sam].post("/identity/acting/stop/")
    assert browsers[sam].get("/account/").status_code == 200


@override_settings(ALLOWED_HOSTS=["*"])
def test_whoever_is_not_signed_in_is_led_to_sign_in(town: Organisation) -> None:
    for path in ("/identity/acting/", "/identity/acting/ask/"):
        assert Client().get(path).headers["Location"].startswith("/accounts/sign-in/")
    assert Client().get("/identity/acting/over/").status_code == 200
    assert Client().post("/identity/acting/stop/").status_code == 302
