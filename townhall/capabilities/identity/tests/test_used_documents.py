"""What is kept of documents that proved someone: what was confirmed, and that they were used."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django.fixtures import Settings

from townhall.capabilities.identity import models, operations, queries, records
from townhall.capabilities.identity.records import Kind, Level, ProvingState, SignalKind
from townhall.capabilities.identity.tests.make import make_member, make_organisation
from townhall.capabilities.identity.tests.proving import (
    answer,
    give,
    make_resident,
    make_staff,
    person,
    prove,
    seen,
    send,
    stranger,
    typed,
)
from townhall.machinery.actors import Actor
from townhall.machinery.holdings import ERASE, SEE_HELD
from townhall.machinery.organisations import Organisation
from townhall.machinery.queue import run_waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sandbox_evidence")]

ADA, BEN, CARYS = person("Ada Penrose"), person("Ben Okafor"), person("Carys Vaughan")
PASSPORT, LICENCE = Kind.PASSPORT, Kind.DRIVING_LICENCE
ELSEWHERE = records.Address(lines=("9 Far Road",), town="Oldtown", postcode="ZZ9 9ZZ")


@pytest.fixture
def newtown() -> Organisation:
    return make_organisation()


@pytest.fixture
def res(newtown: Organisation) -> Actor:
    return make_resident(newtown)


@pytest.fixture
def other(newtown: Organisation) -> Actor:
    return make_resident(newtown, "other@a.example")


@pytest.fixture
def staff(newtown: Organisation) -> Actor:
    return make_staff(newtown, make_member(newtown, "caseworker").id)


def send_typed(actor: Actor, given: records.Typed) -> records.Attempt:
    operations.begin_proving(actor, wanted=Level.P2, next_url="")
    give(actor, given)
    operations.send_evidence(actor)
    return operations.check_my_evidence(actor)


def kinds_of_signals() -> list[str]:
    return sorted(models.FraudSignal.objects.values_list("kind", flat=True))


def test_names_are_kept_as_the_provider_has_them_not_as_they_were_typed(res: Actor) -> None:
    shouted = replace(ADA.claim, given_names="ada pen", family_name="ROSE")
    send_typed(res, replace(typed(ADA, PASSPORT), claim=shouted))
    answer(res, ADA)

    (proof,) = queries.list_my_proofs(res)

    assert [part.value for part in proof.names[0].parts] == ["Ada", "Penrose"]


@pytest.mark.parametrize(
    "addresses", [(ELSEWHERE,), (ELSEWHERE, ADA.address), (replace(ADA.address, lines=("9",)),)]
)
def test_a_present_address_that_nobody_confirmed_is_not_kept(
    res: Actor, addresses: tuple[records.Address, ...]
) -> None:
    send_typed(res, replace(typed(ADA, PASSPORT), addresses=addresses))
    attempt = answer(res, ADA)

    (proof,) = queries.list_my_proofs(res)

    assert (attempt.state, proof.addresses) == (ProvingState.PROVEN, ())


@pytest.mark.parametrize(("kind", "kept"), [(PASSPORT, ()), (LICENCE, (ELSEWHERE,))])
def test_the_counter_confirms_an_address_by_a_document_that_has_one(
    res: Actor, staff: Actor, kind: Kind, kept: tuple[records.Address, ...]
) -> None:
    visit = operations.ask_for_counter(res, wanted=Level.P2, next_url="")

    shown = seen(ADA, kind, addresses=(ELSEWHERE,))
    operations.check_at_counter(staff, visit.id, seen=shown, reason="Seen")

    (proof,) = queries.list_my_proofs(res)
    assert proof.addresses == kept


def test_what_was_confirmed_is_unreadable_meanwhile_and_forgotten_at_the_end(res: Actor) -> None:
    send(res, ADA, PASSPORT)
    meanwhile = [bytes(each.confirmed) for each in models.ProvingCheck.objects.all()]

    answer(res, ADA)

    assert all(meanwhile)
    assert not any(b"Penrose" in each for each in meanwhile)
    assert not models.ProvingCheck.objects.exclude(confirmed=b"").exists()


def test_a_removed_proof_does_not_free_its_document_nor_the_date_of_birth(
    res: Actor, other: Actor
) -> None:
    prove(res, ADA, PASSPORT)
    (proof,) = queries.list_my_proofs(res)
    operations.remove_proof(res, proof.id)

    taken = send(other, ADA, PASSPORT)
    prove(res, BEN, LICENCE)

    assert taken.state == ProvingState.FAILED
    assert kinds_of_signals() == [SignalKind.ANOTHER_BIRTH_DATE, SignalKind.USED_BY_ANOTHER]
    held = queries.list_held(replace(res, may=frozenset({SEE_HELD}))).rows
    assert any("1985-03-12" in dict(each.facts).values() for each in held)


def test_a_document_is_free_once_the_proof_would_have_expired(res: Actor, other: Actor) -> None:
    prove(res, ADA, PASSPORT)
    (proof,) = queries.list_my_proofs(res)
    operations.remove_proof(res, proof.id)
    models.ProvenDocument.objects.update(expires_at=timezone.now())

    assert prove(other, ADA, PASSPORT).state == ProvingState.PROVEN


def test_of_someone_erased_only_that_a_document_was_used_is_kept(
    res: Actor, other: Actor, staff: Actor
) -> None:
    prove(res, ADA, PASSPORT)
    assert res.person_id
    operations.erase_person(replace(res, may=frozenset({ERASE}), person_id=None), res.person_id)

    assert send(other, ADA, PASSPORT).state == ProvingState.FAILED
    (kept,) = models.ProvenDocument.objects.all()
    assert (kept.person_id, kept.proof_id, kept.birth_date) == (None, None, None)
    (signal,) = queries.list_signals(staff).rows
    operations.end_disputed_proof(staff, signal.id, note="It is theirs")
    assert prove(other, ADA, PASSPORT).state == ProvingState.PROVEN


def test_every_proof_that_rests_on_a_document_ends_with_it_and_its_person_is_told(
    res: Actor, other: Actor, staff: Actor
) -> None:
    visit = operations.ask_for_counter(res, wanted=Level.P3, next_url="")
    operations.check_at_counter(staff, visit.id, seen=seen(ADA, PASSPORT), reason="Seen")
    prove(res, ADA, PASSPORT)
    assert [each.level for each in queries.list_my_proofs(res)] == [Level.P3, Level.P2]
    send(other, ADA, PASSPORT)
    (signal,) = queries.list_signals(staff).rows
    run_waiting()
    mail.outbox.clear()

    operations.end_disputed_proof(staff, signal.id, note="Not theirs")
    run_waiting()
    operations.tell_that_proof_ended(signal_id=signal.id)

    assert queries.list_my_proofs(res) == []
    (told,) = mail.outbox
    assert told.to == ["res@a.example"]
    assert "/identity/proofs/" in told.body


def test_proving_again_never_shortens_what_was_proved(
    newtown: Organisation, res: Actor, staff: Actor
) -> None:
    visit = operations.ask_for_counter(res, wanted=Level.P2, next_url="")
    dev = person("Dev Shah")
    operations.check_at_counter(staff, visit.id, seen=seen(dev, PASSPORT), reason="Seen")
    (lasting,) = queries.list_my_proofs(res)

    prove(res, ADA, PASSPORT)

    first = queries.list_my_proofs(res)[0]
    assert (lasting.level, lasting.expires_at - timezone.now() > timedelta(days=1_000)) == (
        Level.P2,
        True,
    )
    assert first.id == lasting.id


def test_a_document_is_known_again_after_the_secret_key_changed(
    newtown: Organisation, res: Actor, other: Actor, settings: Settings
) -> None:
    prove(res, ADA, PASSPORT)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, since the first one was seen by somebody"  # of a test

    assert send(other, ADA, PASSPORT).state == ProvingState.FAILED
    assert kinds_of_signals() == [SignalKind.USED_BY_ANOTHER]


def test_a_document_that_several_try_asks_no_questions_but_is_good_at_the_counter(
    newtown: Organisation, res: Actor, staff: Actor
) -> None:
    for number in range(3):
        thief = make_resident(newtown, f"thief{number}@a.example")
        send(thief, replace(ADA, claim=stranger()), PASSPORT)

    online = send(res, ADA, PASSPORT)

    assert online.state == ProvingState.FAILED
    assert all(way[0].startswith("counter/") for way in online.ways)
    visit = operations.ask_for_counter(res, wanted=Level.P2, next_url="")
    shown = seen(ADA, PASSPORT)
    ended = operations.check_at_counter(staff, visit.id, seen=shown, reason="Seen")
    assert ended.state == ProvingState.PROVEN
    _settle_all(staff)
    models.DocumentTry.objects.all().delete()  # a day later
    assert send(res, ADA, PASSPORT).state == ProvingState.QUESTIONS


def _settle_all(staff: Actor) -> None:
    ids: list[UUID] = [each.id for each in queries.list_signals(staff).rows]
    for each in ids:
        operations.settle_signal(staff, each, note="Looked into")
