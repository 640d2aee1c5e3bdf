"""Proving at the counter who someone is, and signals of fraud: through the doors and the pages."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from django.core import mail
from django.test import Client
from pytest_django.fixtures import Settings

from townhall.capabilities.identity import models, operations, permissions, queries, records
from townhall.capabilities.identity.errors import (
    NoSuchAttempt,
    NoSuchSignal,
    NotYourself,
    WrongMoment,
)
from townhall.capabilities.identity.records import Kind, Level, ProvingState
from townhall.capabilities.identity.rules.sandbox_people import Known
from townhall.capabilities.identity.tests.make import make_member, make_organisation, sign_in
from townhall.capabilities.identity.tests.proving import (
    WELL,
    make_resident,
    make_staff,
    person,
    prove,
    seen,
    send,
)
from townhall.machinery import providers
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed, Unavailable
from townhall.machinery.organisations import Organisation
from townhall.machinery.queue import run_waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sandbox_evidence")]

ADA, DEV = person("Ada Penrose"), person("Dev Shah")
PASSPORT, LICENCE = Kind.PASSPORT, Kind.DRIVING_LICENCE


@pytest.fixture
def newtown() -> Organisation:
    return make_organisation(hosts=("testserver",))


@pytest.fixture
def res(newtown: Organisation) -> Actor:
    return make_resident(newtown)


@pytest.fixture
def clerk(newtown: Organisation) -> UUID:
    return make_member(newtown, "caseworker", second_factor=True).id


@pytest.fixture
def staff(newtown: Organisation, clerk: UUID) -> Actor:
    return make_staff(newtown, clerk)


@pytest.fixture
def desk(client: Client, newtown: Organisation, clerk: UUID) -> Client:
    sign_in(client, newtown, clerk)
    return client


def come(res: Actor, wanted: Level = Level.P2) -> records.Attempt:
    return operations.ask_for_counter(res, wanted=wanted, next_url="")


def filled(**changes: object) -> dict[str, object]:
    """The checklist as staff send it, of someone with a passport and nothing wrong."""
    born, passport = ADA.claim.birth_date, ADA.documents[PASSPORT]
    assert passport.expires_on
    return {
        "given_names": "Ada",
        "family_name": "Penrose",
        "birth_date_day": born.day,
        "birth_date_month": born.month,
        "birth_date_year": born.year,
        "line": "1 Mill Lane",
        "town": "Newtown",
        "postcode": "zz1 1aa",
        "number-passport": passport.number,
        "expires-passport_day": passport.expires_on.day,
        "expires-passport_month": passport.expires_on.month,
        "expires-passport_year": passport.expires_on.year,
        "found": ["details", "features", "light", "photo"],
        "decision": "accept",
        "reason": "All well",
        **changes,
    }


@pytest.mark.parametrize(
    ("known", "found", "concluded"),
    [
        (ADA, WELL, (Level.P3, "H1A")),
        (DEV, WELL, (Level.P2, "M1C")),  # whom the fraud check knows nothing good of
        (ADA, replace(WELL, special_light=False), (Level.P2, "M1A")),
        (DEV, replace(WELL, photo_matches=False), (Level.P0, "")),
        (ADA, replace(WELL, features_genuine=False), (Level.P0, "")),
    ],
)
def test_what_staff_have_seen_decides(
    res: Actor,
    staff: Actor,
    known: Known,
    found: records.Checklist,
    concluded: tuple[Level, str],
) -> None:
    visit = come(res)
    shown = seen(known, PASSPORT, checklist=found)

    ended = operations.check_at_counter(staff, visit.id, seen=shown, reason="Seen")

    assert (ended.reached, ended.profile) == concluded
    assert (ended.state == ProvingState.PROVEN) == (concluded[0] >= Level.P2)


def test_without_anybody_else_the_counter_is_enough(
    res: Actor, staff: Actor, settings: Settings
) -> None:
    counter = "townhall.capabilities.identity.providers.counter.Counter"
    settings.PROVIDERS = settings.PROVIDERS | {"identity.evidence": [(counter, {})]}
    providers.chosen.cache_clear()
    visit = come(res)

    known = replace(
        DEV, documents={LICENCE: records.Document(number="S1", expires_on=date(2044, 1, 31))}
    )

    ended = operations.check_at_counter(staff, visit.id, seen=seen(known, LICENCE), reason="")

    assert (ended.reached, ended.profile) == (Level.P2, "M1C")


def test_a_reference_works_however_it_is_written_and_only_while_it_is_waited_for(
    res: Actor, staff: Actor
) -> None:
    visit = come(res)
    assert come(res).reference == visit.reference

    for written in (visit.reference, visit.reference.lower(), visit.reference.replace("-", " ")):
        found = queries.find_visitor(staff, written)
        assert found is not None
        assert found.id == visit.id
    assert queries.find_visitor(staff, "2222-2222") is None
    operations.stop_proving(res)
    assert queries.find_visitor(staff, visit.reference) is None
    with pytest.raises(NoSuchAttempt):
        queries.get_visitor(staff, visit.id)


def test_staff_who_refuse_say_why_and_nothing_is_kept_of_the_documents(
    res: Actor, staff: Actor
) -> None:
    visit = come(res)
    refused = records.Typed(checklist=replace(WELL, refused=True))

    ended = operations.check_at_counter(staff, visit.id, seen=refused, reason="Not the person")
    run_waiting()

    assert (ended.state, ended.reason) == (ProvingState.FAILED, "Not the person")
    assert queries.get_my_attempt(res, visit.id).reason == "Not the person"
    assert not models.ProvingCheck.objects.exists()
    assert [each.to for each in mail.outbox] == [["res@a.example"]]


def test_a_second_record_of_the_same_visit_is_refused(res: Actor, staff: Actor) -> None:
    visit = come(res)
    operations.check_at_counter(staff, visit.id, seen=seen(ADA, PASSPORT), reason="")

    with pytest.raises(WrongMoment):
        operations.check_at_counter(staff, visit.id, seen=seen(ADA, PASSPORT), reason="")
    assert models.ProvenIdentity.objects.count() == 1


def test_staff_go_on_when_a_check_behind_the_counter_was_not_answered(
    res: Actor, staff: Actor
) -> None:
    visit, shown = come(res), seen(person("Farid Noor"), PASSPORT)
    for _check in ("activity", "fraud"):
        with pytest.raises(Unavailable):
            operations.check_at_counter(staff, visit.id, seen=shown, reason="Seen")

    ended = operations.check_at_counter(staff, visit.id, seen=shown, reason="Seen")

    assert ended.state == ProvingState.PROVEN


def test_nobody_proves_themselves_nor_without_permission(
    newtown: Organisation, staff: Actor, clerk: UUID
) -> None:
    own = Actor("resident", frozenset({permissions.PROVE_SELF}), newtown.id, clerk)
    visit = come(own)

    with pytest.raises(NotYourself):
        operations.check_at_counter(staff, visit.id, seen=seen(ADA, PASSPORT), reason="")
    with pytest.raises(NotAllowed):
        queries.find_visitor(own, visit.reference)
    with pytest.raises(NotAllowed):
        queries.get_visitor(own, visit.id)
    with pytest.raises(NotAllowed):
        operations.check_at_counter(own, visit.id, seen=seen(ADA, PASSPORT), reason="")


def test_staff_of_another_organisation_find_nothing(res: Actor, staff: Actor) -> None:
    visit = come(res)
    oldtown = make_organisation(slug="oldtown", hosts=("oldtown.example",))
    elsewhere = replace(staff, organisation_id=oldtown.id)

    assert queries.find_visitor(elsewhere, visit.reference) is None
    assert queries.list_signals(elsewhere).rows == []
    for door in (queries.get_visitor, queries.get_signal):
        with pytest.raises((NoSuchAttempt, NoSuchSignal)):
            door(elsewhere, visit.id)


@pytest.mark.parametrize("ends", [False, True])
def test_staff_settle_who_a_document_belongs_to(
    newtown: Organisation, res: Actor, staff: Actor, ends: bool
) -> None:
    prove(res, ADA, PASSPORT)
    other = make_resident(newtown, "other@a.example")
    visit = come(other)
    operations.check_at_counter(staff, visit.id, seen=seen(ADA, PASSPORT), reason="Seen")
    (signal,) = queries.list_signals(staff).rows
    assert signal.persons == {res.person_id, other.person_id}
    with pytest.raises(NotYourself):
        operations.settle_signal(replace(staff, person_id=res.person_id), signal.id, note="")

    settle = operations.end_disputed_proof if ends else operations.settle_signal
    settle(staff, signal.id, note="Looked into")

    assert queries.list_signals(staff).rows == []
    assert bool(queries.list_my_proofs(res)) is not ends
    with pytest.raises(NoSuchSignal):
        settle(staff, signal.id, note="Again")
    again = operations.check_at_counter(
        staff, come(other).id, seen=seen(ADA, PASSPORT), reason="Seen"
    )
    assert (again.state == ProvingState.PROVEN) is ends


def test_a_visit_from_reference_to_result(desk: Client, res: Actor) -> None:
    visit = come(res)
    wrong = desk.post("/identity/counter/", {"reference": "nonsense"})
    assert wrong.status_code == 422

    found = desk.post("/identity/counter/", {"reference": visit.reference})
    chosen = desk.post(found["Location"], {"kinds": ["passport"]})
    page = desk.get(chosen["Location"])
    recorded = desk.post(chosen["Location"], filled())

    assert found["Location"] == f"/identity/counter/{visit.id}/"
    assert chosen["Location"] == f"/identity/counter/{visit.id}/check/?kind=passport"
    assert "Passport number" in page.content.decode()
    assert recorded["Location"] == "/identity/counter/"
    assert "high confidence" in desk.get("/identity/counter/").content.decode()
    (proof,) = queries.list_my_proofs(res)
    assert (proof.level, proof.addresses[0].postcode) == (Level.P3, "ZZ1 1AA")


@pytest.mark.parametrize(
    "changes",
    [
        {"given_names": ""},
        {"number-passport": ""},
        {"expires-passport_year": "2001"},
        {"birth_date_year": "2199"},
        {"found": ["photo"]},
        {"decision": ""},
        {"decision": "emperor"},
        {"reason": ""},
        {"reason": "x" * 501},
    ],
)
def test_a_checklist_that_is_not_whole_is_shown_again(
    desk: Client, res: Actor, changes: dict[str, object]
) -> None:
    visit = come(res)

    answer = desk.post(f"/identity/counter/{visit.id}/check/?kind=passport", filled(**changes))

    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert queries.find_my_attempt(res) is not None


def test_refusing_needs_no_more_than_a_reason(desk: Client, res: Actor) -> None:
    visit = come(res)
    page = f"/identity/counter/{visit.id}/check/?kind=passport"

    answer = desk.post(page, {"decision": "refuse", "reason": "Another face"})

    assert answer.status_code == 302
    assert queries.get_my_attempt(res, visit.id).state == ProvingState.FAILED


def test_a_checklist_without_a_document_proves_nothing(desk: Client, res: Actor) -> None:
    visit = come(res)

    desk.post(f"/identity/counter/{visit.id}/check/?kind=emperor", filled())

    assert queries.list_my_proofs(res) == []


def test_signals_are_listed_and_settled_on_a_page(
    desk: Client, newtown: Organisation, res: Actor
) -> None:
    prove(res, ADA, PASSPORT)
    send(make_resident(newtown, "thief@a.example"), ADA, PASSPORT)
    signal = models.FraudSignal.objects.get()
    page = f"/identity/signals/{signal.id}/"
    assert page in desk.get("/identity/signals/").content.decode()
    assert desk.get(page).status_code == 200
    assert desk.post(page, {"decision": "end"}).status_code == 422

    answer = desk.post(page, {"decision": "end", "note": "The owner came"})

    assert answer["Location"] == "/identity/signals/"
    assert queries.list_my_proofs(res) == []
    assert desk.get(page).status_code == 404


@pytest.mark.parametrize("path", ["counter/", "signals/"])
def test_the_pages_are_for_staff_who_may(newtown: Organisation, desk: Client, path: str) -> None:
    crew = make_member(newtown, "crew", second_factor=True)
    other = Client()
    sign_in(other, newtown, crew.id)

    assert desk.get(f"/identity/{path}").status_code == 200
    assert other.get(f"/identity/{path}").status_code == 403
    assert Client().get(f"/identity/{path}").status_code == 302
