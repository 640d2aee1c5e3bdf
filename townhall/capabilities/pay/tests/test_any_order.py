"""Whatever happens in whatever order, our ledger says what the processor's own books say.

Callbacks, polls, captures, refunds, duplicates, time-outs and crashes, drawn at random. A crash is
what it is to a processor and to us: it did what it was asked, and its answer was never recorded.
"""

import os
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from townhall.capabilities.pay import models, operations, records
from townhall.capabilities.pay.models.sandbox import SandboxBooks
from townhall.capabilities.pay.providers import TakesCards, the_sandbox
from townhall.capabilities.pay.queries import get_payment
from townhall.capabilities.pay.records import CardResult, Telling, Word
from townhall.capabilities.pay.tests import make
from townhall.machinery.errors import Refused
from townhall.machinery.money import Money

SIZE = int(os.environ.get("TOWNHALL_TEST_SIZE", "16"))
pytestmark = pytest.mark.django_db


class Life:
    """One payment, and all that may happen to it."""

    def __init__(self, *, delayed: bool) -> None:
        self.payment = make.make_payment()
        models.Payment.objects.filter(id=self.payment.id).update(delayed_capture=delayed)
        self.notices: list[records.ProcessorNotice] = []
        self.reference = make.open_checkout(self.payment)

    def card(self) -> None:
        make.authorise(self.payment)

    def card_with_a_question(self) -> None:
        make.authorise(self.payment, result=CardResult.CHALLENGED)

    def bad_card(self) -> None:
        make.authorise(self.payment, result=CardResult.DECLINED)

    def card_and_no_answer(self) -> None:
        make.authorise(self.payment, telling=Telling.SLOW)

    def card_taken_unheard(self) -> None:
        make.authorise(self.payment, telling=Telling.LATE)

    def card_and_a_crash(self) -> None:
        operations.ask_authorisation(make.PAYER, self.payment.id, email="")
        sandbox = the_sandbox()
        assert isinstance(sandbox, TakesCards)
        sandbox.authorise(self.reference, make.make_card())

    def yes_to_the_bank(self) -> None:
        operations.answer_bank(make.CARDHOLDER, self.reference, is_payer=True)

    def no_to_the_bank(self) -> None:
        operations.answer_bank(make.CARDHOLDER, self.reference, is_payer=False)

    def look(self) -> None:
        operations.ask_what_became(make.PAYER, self.payment.id)

    def confirm(self) -> None:
        operations.confirm_payment(make.PAYER, self.payment.id)

    def confirm_and_crash(self) -> None:
        operations.note_confirmation(make.PAYER, self.payment.id)
        SandboxBooks().capture(self.reference)

    def capture(self) -> None:
        operations.capture_payment(make.SERVICE, self.payment.id)

    def abandon(self) -> None:
        operations.abandon_payment(make.PAYER, self.payment.id)

    def cancel(self) -> None:
        operations.cancel_payment(make.SERVICE, self.payment.id)

    def refund_some(self) -> None:
        operations.refund_payment(make.SERVICE, self.payment.id, amount=Money(700), reason="")

    def refund_all(self) -> None:
        operations.refund_payment(make.SERVICE, self.payment.id, amount=Money(2000), reason="")

    def hear(self) -> None:
        """The processor's notice of what is true by now."""
        said = SandboxBooks().find_outcome(self.reference)
        if said is not None:
            self.notices.append(records.ProcessorNotice(id=str(uuid4()), about=said))
            make.record(self.notices[-1])

    def hear_again(self) -> None:
        for notice in self.notices:
            make.record(notice)

    def time_passes(self) -> None:
        make.let_expire(self.payment)

    def the_sandbox_speaks(self) -> None:
        mine = models.SandboxCheckout.objects.filter(reference=self.reference)
        mine.exclude(word="").update(tells_at=timezone.now())

    def follow_up(self) -> None:
        long_ago = timezone.now() - timedelta(minutes=5)
        models.Payment.objects.filter(asked_at__isnull=False).update(asked_at=long_ago)
        operations.follow_up_payments()

    def work(self) -> None:
        make.settle()

    def end(self) -> None:
        """Let everything come to rest."""
        self.the_sandbox_speaks()
        for _time in range(3):
            self.follow_up()
            make.settle()
        self.time_passes()
        for _time in range(2):
            self.follow_up()
            make.settle()
        with connection.cursor() as cursor:  # as the end of a transaction would
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


ACTS: list[Callable[[Life], None]] = [
    act
    for name, act in vars(Life).items()
    if callable(act) and not name.startswith("_") and name != "end"
]


@settings(
    max_examples=max(12, SIZE),
    deadline=None,
    derandomize=SIZE <= 50,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(delayed=st.booleans(), acts=st.lists(st.sampled_from(ACTS), min_size=2, max_size=14))
def test_the_ledger_is_what_the_processor_says(
    delayed: bool, acts: list[Callable[[Life], None]]
) -> None:
    before = make.balances().get(("processor", "sandbox"), 0)
    life = Life(delayed=delayed)

    for act in acts:
        try:
            act(life)
        except Refused:
            continue
    life.end()

    theirs = _kept_by_the_processor(life)
    after = make.balances()
    payment = get_payment(make.SERVICE, life.payment.id)
    assert after.get(("processor", "sandbox"), 0) - before == theirs
    assert sum(after.values()) == 0
    assert payment.state.is_over
    assert payment.refunded.minor <= (payment.amount.minor if payment.state.is_paid else 0)
    if theirs and not payment.state.is_paid:
        (unfit,) = models.Notice.objects.filter(payment_id=payment.id, brought_money=True)
        assert unfit.cause


def _kept_by_the_processor(life: Life) -> int:
    checkout = models.SandboxCheckout.objects.get(reference=life.reference)
    taken = checkout.amount_minor if checkout.word == Word.CAPTURED else 0
    given = checkout.sandboxrefund_set.filter(state="succeeded")
    return taken - int(given.aggregate(sum=Sum("amount_minor"))["sum"] or 0)
