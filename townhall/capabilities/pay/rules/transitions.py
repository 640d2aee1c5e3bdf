"""The states of a payment as data: what may follow what, and what a processor's word leads to.

After GOV.UK Pay's public states; the internal ones are fewer, since a supplier's time-out has one.
"""

from townhall.capabilities.pay.records import OVER, Cause, Misfit, State, Word

# While the payer or their bank may still do something, the processor's word may be any.
_ANSWERS = frozenset(
    {
        State.CHALLENGED,
        State.SUBMITTED,
        State.CAPTURABLE,
        State.CAPTURING,
        State.CAPTURED,
        State.DECLINED,
        State.ERRORED,
    }
)
_ENDINGS = frozenset({State.EXPIRED, State.ABANDONED, State.CANCELLED})
MOVES: dict[State, frozenset[State]] = {
    State.CREATED: _ANSWERS | _ENDINGS | {State.STARTED, State.AUTHORISING},
    State.STARTED: _ANSWERS | _ENDINGS | {State.AUTHORISING},
    State.AUTHORISING: _ANSWERS | _ENDINGS,
    State.CHALLENGED: (_ANSWERS | _ENDINGS | {State.AUTHORISING}) - {State.CHALLENGED},
    State.SUBMITTED: _ENDINGS
    | {State.CAPTURABLE, State.CAPTURING, State.CAPTURED, State.DECLINED, State.ERRORED},
    State.CAPTURABLE: frozenset(
        {
            State.CAPTURING,
            State.CAPTURED,
            State.EXPIRED,
            State.CANCELLED,
            State.DECLINED,
            State.ERRORED,
        }
    ),
    State.CAPTURING: frozenset({State.CAPTURED, State.DECLINED, State.ERRORED}),
    **{state: frozenset() for state in OVER},
}
# In which a processor may hold money that has to be let go if the payment ends.
HOLDING = frozenset(
    {State.STARTED, State.AUTHORISING, State.CHALLENGED, State.SUBMITTED, State.CAPTURABLE}
)
CANCELLABLE = frozenset(state for state, after in MOVES.items() if State.CANCELLED in after)
WAITING = frozenset(MOVES) - OVER
CAUSES = {
    State.DECLINED: Cause.DECLINED,
    State.ERRORED: Cause.ERROR,
    State.EXPIRED: Cause.EXPIRED,
    State.ABANDONED: Cause.ABANDONED,
    State.CANCELLED: Cause.CANCELLED,
}
_FINAL_WORDS = {
    Word.CHALLENGED: State.CHALLENGED,
    Word.CAPTURED: State.CAPTURED,
    Word.DECLINED: State.DECLINED,
    Word.ERRORED: State.ERRORED,
}
_LATE = {
    State.EXPIRED: Misfit.PAID_TOO_LATE,
    State.DECLINED: Misfit.PAID_AFTER_FAILURE,
    State.ERRORED: Misfit.PAID_AFTER_FAILURE,
    State.ABANDONED: Misfit.PAID_AFTER_CANCELLATION,
    State.CANCELLED: Misfit.PAID_AFTER_CANCELLATION,
}


def may_follow(state: State, after: State) -> bool:
    return after in MOVES[state]


def what_follows(
    state: State, word: Word, *, delayed_capture: bool, confirms: bool
) -> State | None:
    """The state that a processor's word leads to; None if it is no news.

    `confirms` says that the payer has still to confirm on our page what was authorised there.
    A word that comes after the end changes nothing here: see `misfit_of`.
    """
    if state in OVER:
        return None
    if word == Word.AUTHORISED:
        after = _authorised(state, delayed_capture=delayed_capture, confirms=confirms)
    elif word == Word.CANCELLED:  # by the processor itself: its own time was over
        after = State.DECLINED if state == State.CAPTURING else State.EXPIRED
    else:
        after = _FINAL_WORDS[word]
    return after if may_follow(state, after) else None


def _authorised(state: State, *, delayed_capture: bool, confirms: bool) -> State:
    if confirms and state not in (State.SUBMITTED, State.CAPTURABLE, State.CAPTURING):
        return State.SUBMITTED
    if confirms:
        return state  # which may not follow itself: no news
    return State.CAPTURABLE if delayed_capture else State.CAPTURING


def misfit_of(state: State, word: Word) -> Misfit | None:
    """How a word contradicts the end of a payment; None if it does not."""
    if word == Word.CAPTURED:
        return _LATE.get(state)
    contradicts = state == State.CAPTURED and word in (Word.DECLINED, Word.ERRORED, Word.CANCELLED)
    return Misfit.FAILED_AFTER_PAID if contradicts else None
