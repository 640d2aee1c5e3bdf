"""The states of a payment: which follow which, and no others."""

from itertools import product

import pytest
from django.utils import timezone

from townhall.capabilities.pay import models, operations, records
from townhall.capabilities.pay.errors import NotInThatState
from townhall.capabilities.pay.records import Misfit, State, Word
from townhall.capabilities.pay.rules.transitions import (
    CANCELLABLE,
    MOVES,
    may_follow,
    misfit_of,
    what_follows,
)
from townhall.capabilities.pay.tests import make

# Drawn by hand from the way of a payment, row by row: what MOVES says must be this and no more.
DRAWN = {
    "created": "started authorising challenged submitted capturable capturing captured declined "
    "errored expired abandoned cancelled",
    "started": "authorising challenged submitted capturable capturing captured declined errored "
    "expired abandoned cancelled",
    "authorising": "challenged submitted capturable capturing captured declined errored expired "
    "abandoned cancelled",
    "challenged": "authorising submitted capturable capturing captured declined errored expired "
    "abandoned cancelled",
    "submitted": "capturable capturing captured declined errored expired abandoned cancelled",
    "capturable": "capturing captured declined errored expired cancelled",
    "capturing": "captured declined errored",
    "captured": "",
    "declined": "",
    "expired": "",
    "abandoned": "",
    "cancelled": "",
    "errored": "",
}


def test_the_moves_are_those_that_were_drawn() -> None:
    assert {state.value: set(map(str, after)) for state, after in MOVES.items()} == {
        state: set(after.split()) for state, after in DRAWN.items()
    }
    assert set(MOVES) == set(State)


@pytest.mark.django_db
def test_no_other_move_is_made() -> None:
    payment = models.Payment.objects.get(id=make.make_payment().id)
    for before, after in product(State, State):
        if may_follow(before, after):
            continue
        payment.state = before.value
        with pytest.raises(NotInThatState):
            payment.move(after, at=timezone.now())


@pytest.mark.django_db
@pytest.mark.parametrize("state", sorted(State))
def test_the_database_holds_each_state_only_with_what_belongs_to_it(state: State) -> None:
    payment = models.Payment.objects.get(id=make.make_payment().id)
    if not may_follow(State.CREATED, state):
        return

    payment.move(state, at=timezone.now())

    stored = models.Payment.objects.get(id=payment.id)
    assert (stored.settled_at is not None) == state.is_over
    assert bool(stored.cause) == (state in records.UNPAID)
    assert bool(stored.token) == (not state.is_over)


@pytest.mark.parametrize("state", sorted(records.OVER))
@pytest.mark.parametrize("word", sorted(Word))
def test_nothing_follows_the_end(state: State, word: Word) -> None:
    follows = what_follows(state, word, delayed_capture=False, confirms=True)

    assert follows is None


@pytest.mark.parametrize(
    ("state", "word", "delayed", "confirms", "after"),
    [
        (State.AUTHORISING, Word.AUTHORISED, False, True, State.SUBMITTED),
        (State.AUTHORISING, Word.AUTHORISED, False, False, State.CAPTURING),
        (State.AUTHORISING, Word.AUTHORISED, True, False, State.CAPTURABLE),
        (State.AUTHORISING, Word.CHALLENGED, False, True, State.CHALLENGED),
        (State.CHALLENGED, Word.CHALLENGED, False, True, None),
        (State.CHALLENGED, Word.AUTHORISED, False, True, State.SUBMITTED),
        (State.SUBMITTED, Word.AUTHORISED, False, True, None),
        (State.CAPTURABLE, Word.AUTHORISED, True, True, None),
        (State.CAPTURING, Word.AUTHORISED, False, True, None),
        (State.CAPTURING, Word.AUTHORISED, False, False, None),
        (State.STARTED, Word.CAPTURED, False, False, State.CAPTURED),
        (State.CAPTURING, Word.CAPTURED, False, True, State.CAPTURED),
        (State.SUBMITTED, Word.CANCELLED, False, True, State.EXPIRED),
        (State.CAPTURING, Word.CANCELLED, False, True, State.DECLINED),
        (State.AUTHORISING, Word.ERRORED, False, True, State.ERRORED),
    ],
)
def test_what_a_word_leads_to(
    state: State, word: Word, delayed: bool, confirms: bool, after: State | None
) -> None:
    follows = what_follows(state, word, delayed_capture=delayed, confirms=confirms)

    assert follows == after


@pytest.mark.parametrize(
    ("state", "word", "misfit"),
    [
        (State.EXPIRED, Word.CAPTURED, Misfit.PAID_TOO_LATE),
        (State.DECLINED, Word.CAPTURED, Misfit.PAID_AFTER_FAILURE),
        (State.ERRORED, Word.CAPTURED, Misfit.PAID_AFTER_FAILURE),
        (State.ABANDONED, Word.CAPTURED, Misfit.PAID_AFTER_CANCELLATION),
        (State.CANCELLED, Word.CAPTURED, Misfit.PAID_AFTER_CANCELLATION),
        (State.CAPTURED, Word.CAPTURED, None),
        (State.CAPTURED, Word.DECLINED, Misfit.FAILED_AFTER_PAID),
        (State.CAPTURED, Word.AUTHORISED, None),
        (State.EXPIRED, Word.DECLINED, None),
        (State.STARTED, Word.CAPTURED, None),
    ],
)
def test_what_contradicts_an_end(state: State, word: Word, misfit: Misfit | None) -> None:
    assert misfit_of(state, word) == misfit


def test_cancelling_and_expiring_end_before_the_money_is_asked_for() -> None:
    assert State.CAPTURING not in CANCELLABLE
    assert State.CAPTURING not in operations.MAY_EXPIRE
