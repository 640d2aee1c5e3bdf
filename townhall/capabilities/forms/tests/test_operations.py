"""Drafts are kept for one browser, sent once, and forgotten."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from townhall.capabilities.forms import models, operations, permissions, queries
from townhall.capabilities.forms.errors import AnswersChanged, DraftGone, NoSuchJourney
from townhall.capabilities.forms.tests import make
from townhall.capabilities.forms.tests.make import ASK, RESIDENT, SECRET, make_actor, make_draft
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid, NotAllowed
from townhall.machinery.models import AuditEntry

pytestmark = pytest.mark.django_db

Write = Callable[[Actor], object]
WRITES: list[Write] = [
    lambda actor: make_draft(actor, secret="another"),
    lambda actor: operations.keep_answers(actor, "sample", secret=SECRET, given={"name": "Eve"}),
    lambda actor: operations.submit_draft(actor, "sample", secret=SECRET, stamp="x"),
    lambda actor: operations.copy_draft(actor, "sample", secret=SECRET, new_secret="new"),
    lambda actor: operations.forget_draft(actor, "sample", secret=SECRET),
    lambda actor: queries.find_draft(actor, "sample", secret=SECRET),
    lambda actor: queries.get_journey(actor, "sample"),
]


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("may", [{permissions.FILL}, {ASK}, set()])
def test_both_permissions_are_needed(write: Write, may: set[str]) -> None:
    make_draft()
    audited = AuditEntry.objects.count()

    with pytest.raises(NotAllowed):
        write(make_actor(*may))

    assert models.Draft.objects.get().answers == make.ANSWERS
    assert AuditEntry.objects.count() == audited


def test_a_journey_that_nobody_offers_is_not_found() -> None:
    with pytest.raises(NoSuchJourney):
        queries.get_journey(RESIDENT, "nonsense")


def test_answers_are_added_and_dropped() -> None:
    make_draft()

    kept = operations.keep_answers(
        RESIDENT, "sample", secret=SECRET, given={"postcode": "AA2 1AA"}, dropped=frozenset({"day"})
    )

    found = queries.find_draft(RESIDENT, "sample", secret=SECRET)
    assert found == kept
    assert kept.answers.text("postcode") == "AA2 1AA"
    assert "day" not in kept.answers
    assert kept.answers.counts("items") == {"sofa": 2}


def test_a_draft_is_found_by_its_secret_alone() -> None:
    make_draft()

    assert queries.find_draft(RESIDENT, "sample", secret="guessed") is None
    assert queries.find_draft(RESIDENT, "sample", secret=SECRET) is not None


def test_another_organisation_does_not_find_it() -> None:
    make_draft()
    theirs = make_actor(permissions.FILL, ASK, organisation_id=make.THEIRS)

    assert queries.find_draft(theirs, "sample", secret=SECRET) is None
    with pytest.raises(DraftGone):
        operations.keep_answers(theirs, "sample", secret=SECRET, given={})
    operations.forget_draft(theirs, "sample", secret=SECRET)

    assert models.Draft.objects.count() == 1


def test_the_next_person_at_the_same_computer_does_not_see_it_but_who_signed_out_does() -> None:
    ada, bob = (make_actor(permissions.FILL, ASK, person_id=uuid4()) for _each in range(2))
    make_draft()

    operations.keep_answers(ada, "sample", secret=SECRET, given={})

    assert queries.find_draft(bob, "sample", secret=SECRET) is None
    assert queries.find_draft(ada, "sample", secret=SECRET) is not None
    assert queries.find_draft(RESIDENT, "sample", secret=SECRET) is not None


def test_answers_are_sent_once() -> None:
    draft = make_draft(line="not asked for")

    first, second = (
        operations.submit_draft(RESIDENT, "sample", secret=SECRET, stamp=draft.stamp)
        for _each in range(2)
    )

    assert first == second
    assert first.result_url == f"/sample/{draft.id}/pay/"
    assert len(make.asked()) == 1
    assert "not asked for" not in make.asked()[0]


def test_answers_that_were_sent_stay_as_they_are() -> None:
    draft = make_draft()
    operations.submit_draft(RESIDENT, "sample", secret=SECRET, stamp=draft.stamp)

    kept = operations.keep_answers(RESIDENT, "sample", secret=SECRET, given={"name": "Eve"})

    assert kept.answers.text("name") == "Ada Lovelace"


def test_a_refusal_loses_no_answer_and_leaves_nothing_half_done() -> None:
    draft = make_draft()
    make.TOWN.refuses = Invalid("Too late")

    with pytest.raises(Invalid):
        operations.submit_draft(RESIDENT, "sample", secret=SECRET, stamp=draft.stamp)

    assert queries.find_draft(RESIDENT, "sample", secret=SECRET) == draft
    assert make.asked() == []


def test_answers_changed_since_they_were_checked_are_not_sent() -> None:
    draft = make_draft()
    operations.keep_answers(RESIDENT, "sample", secret=SECRET, given={"day": "tuesday"})

    with pytest.raises(AnswersChanged):
        operations.submit_draft(RESIDENT, "sample", secret=SECRET, stamp=draft.stamp)

    assert make.asked() == []


def test_answers_that_are_incomplete_are_not_sent() -> None:
    draft = make_draft(address="other")

    with pytest.raises(AnswersChanged):
        operations.submit_draft(RESIDENT, "sample", secret=SECRET, stamp=draft.stamp)

    assert make.asked() == []


@pytest.mark.django_db(transaction=True)
def test_two_at_once_send_one_request() -> None:
    draft = make_draft()
    together = Barrier(2)
    make.TOWN.lingers_seconds = 0.2  # so that they meet

    def send(_each: int) -> str:
        together.wait()
        try:
            return operations.submit_draft(
                RESIDENT, "sample", secret=SECRET, stamp=draft.stamp
            ).result_url
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        urls = list(pool.map(send, range(2)))

    assert urls == [f"/sample/{draft.id}/pay/"] * 2
    assert len(make.asked()) == 1


def test_the_same_answers_can_be_used_again() -> None:
    draft = make_draft()
    operations.submit_draft(RESIDENT, "sample", secret=SECRET, stamp=draft.stamp)

    again = operations.copy_draft(RESIDENT, "sample", secret=SECRET, new_secret="new")

    assert again.answers == draft.answers
    assert again.id != draft.id
    assert again.result_url == ""


def test_forgetting_twice_is_harmless() -> None:
    make_draft()

    operations.forget_draft(RESIDENT, "sample", secret=SECRET)
    operations.forget_draft(RESIDENT, "sample", secret=SECRET)

    assert not models.Draft.objects.exists()


def test_a_draft_expires_a_day_after_its_last_change_and_is_deleted() -> None:
    make_draft()
    make_draft(secret="fresh")
    an_hour_ago = timezone.now() - timedelta(hours=1)
    stale = models.Draft.objects.filter(key_hash=models.hash_of(SECRET))
    stale.update(expires_at=an_hour_ago)

    assert queries.find_draft(RESIDENT, "sample", secret=SECRET) is None
    with pytest.raises(DraftGone):
        operations.keep_answers(RESIDENT, "sample", secret=SECRET, given={})
    operations.forget_drafts()
    operations.forget_drafts()

    assert models.Draft.objects.get().key_hash == models.hash_of("fresh")


def test_forgetting_needs_its_permission() -> None:
    with pytest.raises(NotAllowed):
        operations.forget_expired_drafts(RESIDENT)
