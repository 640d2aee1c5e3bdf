"""Proving who one is, through the doors."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from townhall.capabilities.identity import models, operations, queries, records
from townhall.capabilities.identity.errors import (
    BadEvidence,
    NoSuchAttempt,
    TooManyAttempts,
    WrongMoment,
)
from townhall.capabilities.identity.records import Kind, Level, ProvingState
from townhall.capabilities.identity.tests.make import make_organisation
from townhall.capabilities.identity.tests.proving import (
    JPEG,
    answer,
    give,
    make_resident,
    person,
    proof_of,
    prove,
    send,
    stranger,
    typed,
)
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid, NotAllowed, Unavailable
from townhall.machinery.models import RecordedEvent
from townhall.machinery.organisations import Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sandbox_evidence")]

ADA, BEN, CARYS = person("Ada Penrose"), person("Ben Okafor"), person("Carys Vaughan")
PASSPORT, LICENCE, BIRTH = Kind.PASSPORT, Kind.DRIVING_LICENCE, Kind.BIRTH_CERTIFICATE


@pytest.fixture
def newtown() -> Organisation:
    return make_organisation()


@pytest.fixture
def res(newtown: Organisation) -> Actor:
    return make_resident(newtown)


def events() -> list[str]:
    names = RecordedEvent.objects.order_by("happened_at").values_list("name", flat=True)
    return [name for name in names if name.startswith("identity.")]


@pytest.mark.parametrize(
    ("name", "kinds", "level", "profile"),
    [
        ("Ada Penrose", [PASSPORT], Level.P2, "M1A"),
        ("Ada Penrose", [LICENCE], Level.P2, "M1B"),
        ("Ben Okafor", [LICENCE], Level.P2, "M1B"),
        ("Carys Vaughan", [LICENCE, BIRTH], Level.P2, "M2B"),
        ("Elin Frost", [LICENCE], Level.P2, "M1B"),
    ],
)
def test_evidence_and_right_answers_prove_who_someone_is(
    res: Actor, name: str, kinds: list[Kind], level: Level, profile: str
) -> None:
    attempt = prove(res, person(name), *kinds)

    proof = proof_of(res)
    assert proof is not None
    assert (attempt.state, attempt.reached) == (ProvingState.PROVEN, level)
    assert (proof.level, proof.profile, set(proof.kinds)) == (level, profile, set(kinds))
    assert [part.value for part in proof.names[0].parts] == name.split()
    assert proof.birth_date == person(name).claim.birth_date
    assert proof.addresses == (person(name).address,)
    assert (proof.passport is not None, proof.driving_permit is not None) == (
        PASSPORT in kinds,
        LICENCE in kinds,
    )
    assert events() == ["identity.identity_proven"]


@pytest.mark.parametrize(
    ("name", "kinds", "reached", "ways"),
    [
        ("Dev Shah", [PASSPORT], Level.P0, ("counter/passport",)),
        ("Elin Frost", [PASSPORT], Level.P0, ("driving-licence",)),
        ("Carys Vaughan", [LICENCE], Level.P1, ("birth-certificate",)),
    ],
)
def test_a_failed_proof_says_what_else_would_do(
    res: Actor, name: str, kinds: list[Kind], reached: Level, ways: tuple[str, ...]
) -> None:
    attempt = send(res, person(name), *kinds)
    if attempt.state == ProvingState.QUESTIONS:
        attempt = answer(res, person(name))

    assert (attempt.state, attempt.reached) == (ProvingState.FAILED, reached)
    assert ways in attempt.ways
    assert "identity.proof_failed" in events()


def test_less_than_was_wanted_still_counts_for_what_it_is(res: Actor) -> None:
    prove(res, CARYS, LICENCE)

    proof = proof_of(res)
    assert proof is not None
    assert proof.level == Level.P1
    assert events() == ["identity.identity_proven", "identity.proof_failed"]


def test_wrong_answers_do_not_prove_anything(res: Actor) -> None:
    send(res, ADA, PASSPORT)
    attempt = answer(res, ADA, energy="wold", phone="heron")

    assert (attempt.state, proof_of(res)) == (ProvingState.FAILED, None)
    assert ("counter/passport",) in attempt.ways
    assert all(way[0].startswith("counter/") for way in attempt.ways)  # no questions again


@pytest.mark.parametrize(
    "changes",
    [
        {"claim": stranger()},
        {"documents": {PASSPORT: records.Document(number="1", expires_on=date(2044, 1, 31))}},
        {"documents": {PASSPORT: replace(ADA.documents[PASSPORT], expires_on=date(2020, 1, 1))}},
    ],
)
def test_details_that_do_not_fit_prove_nothing(res: Actor, changes: dict[str, object]) -> None:
    operations.begin_proving(res, wanted=Level.P1, next_url="")
    given = replace(typed(ADA, PASSPORT), **changes)  # type: ignore[arg-type]  # fields of Typed
    give(res, given)
    operations.send_evidence(res)

    assert operations.check_my_evidence(res).state == ProvingState.FAILED


def test_a_picture_that_is_none_is_refused(res: Actor) -> None:
    operations.begin_proving(res, wanted=Level.P2, next_url="")
    give(res, typed(ADA, PASSPORT))

    with pytest.raises(Invalid):
        operations.keep_photo(res, PASSPORT, content=b"<html>", name="passport.jpg")
    with pytest.raises(WrongMoment):
        operations.keep_photo(res, LICENCE, content=JPEG, name="licence.jpg")


def test_a_provider_that_does_not_answer_is_asked_again(res: Actor) -> None:
    farid = person("Farid Noor")
    operations.begin_proving(res, wanted=Level.P2, next_url="")
    give(res, typed(farid, PASSPORT))
    operations.send_evidence(res)
    for _check in ("activity", "document", "fraud"):
        with pytest.raises(Unavailable):
            operations.check_my_evidence(res)
        assert operations.send_evidence(res).state == ProvingState.CHECKING  # harmless

    assert operations.check_my_evidence(res).state == ProvingState.QUESTIONS
    assert operations.check_my_evidence(res).state == ProvingState.QUESTIONS
    with pytest.raises(Unavailable):
        answer(res, farid)
    attempt = operations.check_my_evidence(res)

    assert attempt.state == ProvingState.PROVEN
    assert operations.check_my_evidence(res) == attempt
    assert models.ProvenIdentity.objects.count() == 1


def test_what_is_typed_is_not_lost_and_one_attempt_is_enough(res: Actor) -> None:
    first = operations.begin_proving(res, wanted=Level.P2, next_url="/a/")
    give(res, typed(ADA, PASSPORT))

    again = operations.begin_proving(res, wanted=Level.P1, next_url="/b/")

    assert (again.id, again.typed.claim) == (first.id, ADA.claim)
    assert (again.wanted, again.next_url) == (Level.P1, "/b/")


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x", "next/"],
)
def test_nobody_is_sent_to_another_site(res: Actor, address: str) -> None:
    with pytest.raises(BadEvidence):
        operations.begin_proving(res, wanted=Level.P2, next_url=address)


def test_nothing_is_sent_half_filled_in(res: Actor) -> None:
    operations.begin_proving(res, wanted=Level.P2, next_url="")
    give(res, replace(typed(ADA, PASSPORT), addresses=()))

    with pytest.raises(BadEvidence):
        operations.send_evidence(res)
    with pytest.raises(BadEvidence):  # which nobody looks into online
        give(res, replace(typed(ADA, PASSPORT), kinds=(Kind.BUS_PASS,)))


def test_what_is_sent_cannot_be_changed(res: Actor) -> None:
    send(res, ADA, PASSPORT)

    with pytest.raises(WrongMoment):
        give(res, typed(ADA, LICENCE))
    with pytest.raises(BadEvidence):
        operations.answer_question(res, question="energy", answer="oil")
    with pytest.raises(BadEvidence):
        operations.answer_question(res, question="shoes", answer="tawe")


def test_one_person_may_try_so_often_a_day_and_another_is_not_kept_out(
    newtown: Organisation, res: Actor
) -> None:
    other = make_resident(newtown, "other@a.example")
    wrong = replace(CARYS, documents={LICENCE: ADA.documents[LICENCE]})
    for _number in range(3):
        send(res, wrong, LICENCE)
    with pytest.raises(TooManyAttempts):  # this document
        send(res, wrong, LICENCE)
    operations.stop_proving(res)
    for kinds in ([PASSPORT], [LICENCE]):
        send(res, person("Dev Shah") if kinds == [PASSPORT] else CARYS, *kinds)
        if (mine := queries.find_my_attempt(res)) and mine.state == ProvingState.QUESTIONS:
            answer(res, CARYS)
    with pytest.raises(TooManyAttempts):  # any more today
        send(res, BEN, LICENCE)

    assert prove(other, ADA, LICENCE).state == ProvingState.PROVEN


def test_staff_hear_of_a_document_that_several_people_try(newtown: Organisation) -> None:
    wrong = replace(CARYS, documents={LICENCE: ADA.documents[LICENCE]})
    for number in range(3):
        send(make_resident(newtown, f"r{number}@a.example"), wrong, LICENCE)

    (signal,) = models.FraudSignal.objects.all()

    assert signal.kind == records.SignalKind.TRIED_BY_SEVERAL


def test_a_document_that_another_has_proved_with_counts_for_nothing_and_staff_hear(
    newtown: Organisation, res: Actor
) -> None:
    prove(res, ADA, PASSPORT)
    thief = make_resident(newtown, "thief@a.example")

    first, second = send(thief, ADA, PASSPORT), send(thief, ADA, PASSPORT)

    assert first.state == second.state == ProvingState.FAILED
    (signal,) = models.FraudSignal.objects.all()
    assert (signal.kind, signal.other_id) == (records.SignalKind.USED_BY_ANOTHER, res.person_id)
    assert proof_of(thief) is None
    assert proof_of(res) is not None


def test_only_who_has_proved_with_a_document_holds_it(newtown: Organisation, res: Actor) -> None:
    squatter = make_resident(newtown, "squatter@a.example")
    send(squatter, replace(ADA, claim=stranger()), PASSPORT)

    assert prove(res, ADA, PASSPORT).state == ProvingState.PROVEN


def test_an_attempt_is_for_its_own_eyes_in_its_own_organisation(res: Actor) -> None:
    attempt = send(res, ADA, PASSPORT)
    oldtown = make_organisation(slug="oldtown", hosts=("oldtown.example",))
    elsewhere = replace(res, organisation_id=oldtown.id)
    someone = replace(res, person_id=uuid4())
    nobody = replace(res, person_id=None)

    for actor in (elsewhere, someone, nobody):
        assert queries.find_my_attempt(actor) is None
        with pytest.raises(NoSuchAttempt):
            queries.get_my_attempt(actor, attempt.id)
    for actor in (elsewhere, someone):
        with pytest.raises(NoSuchAttempt):
            operations.check_my_evidence(actor)
    with pytest.raises(NotAllowed):
        operations.begin_proving(nobody, wanted=Level.P1, next_url="")
