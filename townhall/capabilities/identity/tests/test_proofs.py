"""How long a proof counts, what is kept of it, and for whom."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.utils import timezone

from townhall.capabilities.identity import models, operations, queries, records
from townhall.capabilities.identity.errors import (
    NoSuchAttempt,
    NoSuchProof,
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
    typed,
)
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed
from townhall.machinery.holdings import ERASE, SEE_HELD
from townhall.machinery.models import StoredFile
from townhall.machinery.organisations import Organisation
from townhall.machinery.queue import run_waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sandbox_evidence")]

ADA, BEN, CARYS = person("Ada Penrose"), person("Ben Okafor"), person("Carys Vaughan")
PASSPORT, LICENCE, BIRTH = Kind.PASSPORT, Kind.DRIVING_LICENCE, Kind.BIRTH_CERTIFICATE


@pytest.fixture
def newtown() -> Organisation:
    return make_organisation()


@pytest.fixture
def res(newtown: Organisation) -> Actor:
    return make_resident(newtown)


def test_the_proof_lasts_no_longer_than_its_weakest_part(res: Actor) -> None:
    prove(res, ADA, PASSPORT)

    proof = proof_of(res)
    assert proof is not None
    last = timezone.localdate() + timedelta(days=365)  # the fraud check's and the questions'
    assert timezone.localtime(proof.expires_at).date() == last + timedelta(days=1)


def test_an_expired_proof_counts_no_more_and_is_forgotten(res: Actor) -> None:
    prove(res, ADA, PASSPORT)
    for table in (models.ProvenIdentity, models.ProvenDocument):
        table.objects.update(expires_at=timezone.now())

    assert proof_of(res) is None
    operations.forget_old_proofs()
    operations.forget_old_proofs()
    assert not models.ProvenIdentity.objects.exists()
    assert not models.ProvenDocument.objects.exists()


def test_what_was_given_is_forgotten_once_the_outcome_is_known(res: Actor) -> None:
    operations.begin_proving(res, wanted=Level.P2, next_url="")
    give(res, typed(ADA, PASSPORT))
    operations.keep_photo(res, PASSPORT, content=JPEG, name="passport.jpg")
    stored = StoredFile.objects.get()
    row = models.ProvingAttempt.objects.get()
    assert b"Penrose" not in bytes(row.hidden)  # and readable only with the key until then
    operations.send_evidence(res)
    operations.check_my_evidence(res)

    attempt = answer(res, ADA)

    assert (attempt.typed, attempt.state) == (records.Typed(), ProvingState.PROVEN)
    assert not StoredFile.objects.filter(id=stored.id).exists()


@pytest.mark.django_db(transaction=True)
def test_the_bytes_of_a_picture_go_with_it(res: Actor) -> None:
    operations.begin_proving(res, wanted=Level.P2, next_url="")
    give(res, typed(ADA, PASSPORT))
    operations.keep_photo(res, PASSPORT, content=JPEG, name="passport.jpg")
    first = StoredFile.objects.get().path

    operations.keep_photo(res, PASSPORT, content=JPEG, name="another.jpg")
    second = StoredFile.objects.get().path
    operations.stop_proving(res)

    assert not default_storage.exists(first)
    assert not default_storage.exists(second)


def test_proving_again_takes_the_place_of_what_was_proved(res: Actor) -> None:
    prove(res, ADA, PASSPORT)
    prove(res, ADA, PASSPORT)

    assert models.ProvenIdentity.objects.count() == models.ProvenDocument.objects.count() == 1


def test_the_surest_proof_counts_not_the_newest(newtown: Organisation, res: Actor) -> None:
    prove(res, ADA, PASSPORT)
    prove(res, CARYS, LICENCE)

    proof = proof_of(res)
    assert proof is not None
    assert proof.level == Level.P2


def test_staff_hear_of_someone_who_proves_to_be_somebody_else(res: Actor) -> None:
    prove(res, ADA, PASSPORT)
    prove(res, ADA, PASSPORT)
    assert not models.FraudSignal.objects.exists()

    prove(res, CARYS, LICENCE)

    (signal,) = models.FraudSignal.objects.all()
    assert signal.kind == records.SignalKind.ANOTHER_BIRTH_DATE


def test_a_person_removes_what_they_have_proved_and_nobody_elses(
    newtown: Organisation, res: Actor
) -> None:
    prove(res, ADA, PASSPORT)
    (proof,) = queries.list_my_proofs(res)
    other = make_resident(newtown, "other@a.example")
    for door in (operations.remove_proof, queries.get_my_proof):
        with pytest.raises(NoSuchProof):
            door(other, proof.id)

    operations.remove_proof(res, proof.id)

    assert queries.list_my_proofs(res) == []
    with pytest.raises(NoSuchProof):
        operations.remove_proof(res, proof.id)
    assert prove(res, ADA, PASSPORT).state == ProvingState.PROVEN  # it is still theirs


def test_an_email_says_how_it_ended_and_only_once(res: Actor) -> None:
    attempt = prove(res, ADA, PASSPORT)
    run_waiting()

    operations.tell_outcome(attempt_id=attempt.id)

    told = [each for each in mail.outbox if each.to == ["res@a.example"]]
    assert len(told) == 1
    assert f"/identity/prove/{attempt.id}/" in told[0].body
    assert "Penrose" not in told[0].body


def test_unfinished_attempts_and_old_ones_are_forgotten(newtown: Organisation, res: Actor) -> None:
    operations.begin_proving(res, wanted=Level.P2, next_url="")
    send(make_resident(newtown, "b@a.example"), ADA, PASSPORT)
    long_ago = timezone.now() - timedelta(days=31)
    operations.forget_old_proofs()
    assert models.ProvingAttempt.objects.count() == 2
    models.ProvingAttempt.objects.update(begun_at=long_ago)
    models.DocumentTry.objects.update(tried_at=long_ago)

    operations.forget_old_proofs()
    run_waiting()

    assert not models.ProvingAttempt.objects.exists()
    assert not models.DocumentTry.objects.exists()


def test_nobody_proves_for_someone_else_who_they_are(res: Actor) -> None:
    carer = replace(res, delegate_id=uuid4())
    attempt = send(res, ADA, PASSPORT)

    for door in (operations.send_evidence, operations.stop_proving, operations.check_my_evidence):
        with pytest.raises((NotAllowed, NoSuchAttempt)):
            door(carer)
    with pytest.raises(NotAllowed):
        operations.begin_proving(carer, wanted=Level.P1, next_url="")
    with pytest.raises(NoSuchAttempt):
        queries.get_my_attempt(carer, attempt.id)
    answer(res, ADA)
    (proof,) = queries.list_my_proofs(res)
    assert queries.list_my_proofs(carer) == []
    with pytest.raises(NoSuchProof):
        operations.remove_proof(carer, proof.id)


def test_a_person_sees_what_is_held_of_their_attempts_and_all_of_it_goes_with_them(
    newtown: Organisation, res: Actor
) -> None:
    operations.begin_proving(res, wanted=Level.P2, next_url="")
    give(res, typed(ADA, PASSPORT))
    operations.keep_photo(res, PASSPORT, content=JPEG, name="passport.jpg")
    told = [
        value
        for held in queries.list_held(replace(res, may=frozenset({SEE_HELD}))).rows
        for _label, value in held.facts
    ]
    assert res.person_id

    operations.erase_person(replace(res, may=frozenset({ERASE}), person_id=None), res.person_id)

    assert "Ada Penrose" in told
    assert ADA.documents[PASSPORT].number in told
    assert not models.ProvingAttempt.objects.exists()
    assert not StoredFile.objects.exists()
