"""What follows when a payment comes into a state."""

from datetime import datetime
from enum import StrEnum

from townhall.capabilities.pay import models, records
from townhall.capabilities.pay.operations.ledger import enter_payment
from townhall.capabilities.pay.operations.telling import tell_programs
from townhall.capabilities.pay.providers import TakesCards, named
from townhall.capabilities.pay.records import AgreementState, Cause, Mode, State, Word
from townhall.capabilities.pay.rules.transitions import HOLDING, what_follows
from townhall.machinery.events import emit


class Ask(StrEnum):
    """What a processor has to be asked next, once what led to it is committed."""

    CAPTURE = "capture"
    LET_GO = "let_go"


def absorb(
    payment: models.Payment, outcome: records.Outcome, processor: str, *, at: datetime
) -> Ask | None:
    """Take a word that fits a locked payment. It may be no news, or too late to be of use."""
    confirms = payment.mode == Mode.WEB and isinstance(named(processor), TakesCards)
    after = what_follows(
        State(payment.state),
        outcome.word,
        delayed_capture=payment.delayed_capture,
        confirms=confirms,
    )
    if after is not None:
        payment.learn(outcome, processor)
        if after == State.CAPTURED and payment.sets_up_agreement and outcome.instrument:
            of_payment = models.Agreement.objects.filter(payment=payment)
            of_payment.filter(state=AgreementState.CREATED).update(instrument=outcome.instrument)
        return come_into(payment, after, at=at, cause=outcome.cause)
    is_useless = payment.state in records.OVER and outcome.word == Word.AUTHORISED
    return Ask.LET_GO if is_useless else None


def come_into(
    payment: models.Payment, after: State, *, at: datetime, cause: Cause | None = None
) -> Ask | None:
    """Move a locked payment, with all that belongs to that move. Raises NotInThatState."""
    before = State(payment.state)
    payment.move(after, at=at, cause=cause)
    if after == State.CAPTURED:
        enter_payment(payment)
        if payment.sets_up_agreement:
            _activate(payment, at)
    if after == State.DECLINED and payment.can_retry is False and payment.agreement_id:
        models.Agreement.objects.filter(
            id=payment.agreement_id, state=AgreementState.ACTIVE
        ).update(state=AgreementState.INACTIVE)
    if after in records.OVER:
        emit(payment.fact())
    tell_programs(payment, after)
    if after == State.CAPTURING:
        return Ask.CAPTURE
    ended = after in (State.EXPIRED, State.ABANDONED, State.CANCELLED)
    return Ask.LET_GO if ended and before in HOLDING and payment.processor_reference else None


def _activate(payment: models.Payment, at: datetime) -> None:
    models.Agreement.objects.filter(payment=payment, state=AgreementState.CREATED).update(
        state=AgreementState.ACTIVE, active_since=at, card=payment.card
    )
