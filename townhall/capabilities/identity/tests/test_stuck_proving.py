"""Attempts that would not end by themselves, and how they are left."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from townhall.capabilities.identity import models, operations, permissions, queries
from townhall.capabilities.identity.errors import NoSuchAttempt, TooManyAttempts
from townhall.capabilities.identity.records import Kind, Level, ProvingState
from townhall.capabilities.identity.tests.make import make_member, make_organisation, sign_in
from townhall.capabilities.identity.tests.proving import (
    JPEG,
    give,
    make_resident,
    make_staff,
    person,
    seen,
    send,
    typed,
)
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Unavailable
from townhall.machinery.models import StoredFile
from townhall.machinery.organisations import Organisation
from townhall.machinery.queue import run_waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sandbox_evidence")]

ADA, FARID = person("Ada Penrose"), person("Farid Noor")
PASSPORT, LICENCE = Kind.PASSPORT, Kind.DRIVING_LICENCE
HOME = "/identity/prove/"


@pytest.fixture
def newtown() -> Organisation:
    return make_organisation(hosts=("testserver",))


@pytest.fixture
def res(newtown: Organisation) -> Actor:
    return make_resident(newtown)


def be_stuck(res: Actor) -> None:
    with pytest.raises(Unavailable):
        send(res, FARID, PASSPORT)


def test_whoever_waits_for_a_check_may_stop_and_it_counts_as_a_try(res: Actor) -> None:
    for kind in (PASSPORT, LICENCE):
        for _number in range(3 if kind is PASSPORT else 2):
            farid = replace(FARID, documents={kind: FARID.documents[PASSPORT]})
            with pytest.raises(Unavailable):
                send(res, farid, kind)
            stopped = operations.stop_proving(res)
            assert queries.find_my_attempt(res) is None
            with pytest.raises(NoSuchAttempt):
                operations.conclude_attempt(_system(res), stopped.person_id, questions=())

    assert not models.ProvingAttempt.objects.exclude(hidden=b"").exists()
    assert not models.ProvingCheck.objects.exists()
    with pytest.raises(TooManyAttempts):
        send(res, ADA, PASSPORT)


def _system(res: Actor) -> Actor:
    return Actor("system", frozenset({permissions.CHECK_EVIDENCE}), res.organisation_id)


def test_whoever_waits_for_a_check_may_come_to_the_counter_instead(
    newtown: Organisation, res: Actor
) -> None:
    be_stuck(res)
    first, second = (
        make_staff(newtown, make_member(newtown, "caseworker").id) for _number in range(2)
    )

    visit = operations.ask_for_counter(res, wanted=Level.P2, next_url="")

    assert (visit.state, bool(visit.reference)) == (ProvingState.COUNTER, True)
    for _check in ("activity", "fraud"):  # which nobody answers at first
        with pytest.raises(Unavailable):
            operations.check_at_counter(first, visit.id, seen=seen(FARID, PASSPORT), reason="Seen")
    again = operations.ask_for_counter(res, wanted=Level.P2, next_url="")
    assert (again.state, again.reference) == (ProvingState.CHECKING, visit.reference)
    ended = operations.check_at_counter(  # whoever comes on duty goes on
        second, visit.id, seen=seen(FARID, PASSPORT), reason="Seen"
    )
    assert ended.state == ProvingState.PROVEN


def test_the_pages_lead_out_of_waiting_and_of_questions(
    client: Client, newtown: Organisation, res: Actor
) -> None:
    assert res.person_id
    sign_in(client, newtown, res.person_id)
    be_stuck(res)

    page = client.get(f"{HOME}waiting/").content.decode()

    assert f'href="{HOME}stop/"' in page
    assert f'href="{HOME}in-person/"' in page
    assert client.get(f"{HOME}in-person/").status_code == 200
    assert client.get(f"{HOME}stop/").status_code == 200
    client.post(f"{HOME}stop/")
    send(res, ADA, PASSPORT)
    assert f'href="{HOME}stop/"' in client.get(f"{HOME}questions/1/").content.decode()
    assert client.post(f"{HOME}stop/")["Location"] == "/next/"
    assert queries.find_my_attempt(res) is None


def test_a_picture_that_is_gone_is_as_none(res: Actor) -> None:
    operations.begin_proving(res, wanted=Level.P2, next_url="")
    give(res, typed(ADA, PASSPORT))
    operations.keep_photo(res, PASSPORT, content=JPEG, name="passport.jpg")
    default_storage.delete(StoredFile.objects.get().path)
    operations.send_evidence(res)

    assert operations.check_my_evidence(res).state == ProvingState.QUESTIONS


def test_two_pages_at_once_do_not_undo_each_other(res: Actor) -> None:
    operations.begin_proving(res, wanted=Level.P2, next_url="")

    operations.note_given(res, change=lambda had: replace(had, claim=ADA.claim))
    operations.note_given(res, change=lambda had: replace(had, addresses=(ADA.address,)))

    attempt = queries.find_my_attempt(res)
    assert attempt is not None
    assert (attempt.typed.claim, attempt.typed.addresses) == (ADA.claim, (ADA.address,))


def test_one_attempt_that_cannot_be_forgotten_keeps_no_other(
    newtown: Organisation, res: Actor
) -> None:
    send(res, ADA, PASSPORT)
    operations.begin_proving(make_resident(newtown, "b@a.example"), wanted=Level.P2, next_url="")
    models.ProvingAttempt.objects.update(begun_at=timezone.now() - timedelta(days=31))
    models.DocumentTry.objects.update(tried_at=timezone.now() - timedelta(days=31))
    kept, forgotten = models.ProvingAttempt.objects.order_by("sent_at")

    operations.forget_old_proofs()

    assert not models.DocumentTry.objects.exists()
    operations.forget_attempt(attempt_id=forgotten.id)
    operations.forget_attempt(attempt_id=forgotten.id)
    assert list(models.ProvingAttempt.objects.all()) == [kept]
    run_waiting()
    assert not models.ProvingAttempt.objects.exists()
