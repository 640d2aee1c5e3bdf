"""The contract that every processor keeps. A new one adds itself to TRIALS and is done."""

import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from townhall.capabilities.pay import models, operations, queries, records
from townhall.capabilities.pay.errors import ForgedNotice, StaleNotice, UnreadableNotice
from townhall.capabilities.pay.providers import sandbox as sandbox_module
from townhall.capabilities.pay.providers.bank import Bank
from townhall.capabilities.pay.providers.sandbox import Sandbox
from townhall.capabilities.pay.providers.stripe import Stripe
from townhall.capabilities.pay.records import RefundState, Word
from townhall.capabilities.pay.tests import make, trials
from townhall.capabilities.pay.tests.trials import Trial
from townhall.machinery.errors import Unavailable
from townhall.machinery.money import Money

pytestmark = pytest.mark.django_db


@pytest.fixture(params=trials.TRIALS, ids=lambda each: each.__name__)
def trial(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Trial]:
    with request.param() as trial, trials.installed(settings, trial.installed):
        yield trial


def begin(trial: Trial, **changes: object) -> tuple[records.Payment, str]:
    """A payment of days, opened at the processor on trial; and its checkout's reference."""
    in_days = timezone.now() + timedelta(days=10)
    return open_at(trial, make.make_payment(**{"expires_at": in_days, **changes}))


def open_at(trial: Trial, payment: records.Payment) -> tuple[records.Payment, str]:
    checkout = operations.open_at_processor(
        make.PAYER,
        payment.id,
        processor=trial.processor.slug,
        return_url=make.RETURN_URL,
        notice_url=make.NOTICE_URL,
    )
    return queries.get_payment(make.SERVICE, payment.id), checkout.reference


def paid(trial: Trial, **changes: object) -> tuple[records.Payment, str]:
    payment, reference = begin(trial, **changes)
    trial.pay(reference, payment)
    return payment, reference


class TestEveryProcessor:
    def test_the_same_payment_has_the_same_checkout_and_another_has_another(
        self, trial: Trial
    ) -> None:
        fresh = make.make_payment(expires_at=timezone.now() + timedelta(days=10))
        urls = {"return_url": make.RETURN_URL, "notice_url": make.NOTICE_URL, "language": "en"}
        lost = trial.processor.open_checkout(fresh, **urls)  # we died before we kept its name

        first = trial.processor.open_checkout(fresh, **urls)
        payment, reference = begin(trial)
        again = trial.processor.open_checkout(payment, **urls)

        assert first == lost
        assert again.reference == reference != first.reference
        assert len(reference) <= 100

    def test_it_says_nothing_of_a_checkout_before_something_has_become_of_it(
        self, trial: Trial
    ) -> None:
        _payment, reference = begin(trial)

        assert trial.processor.look_up(reference) is None
        assert trial.processor.look_up("never-heard-of") is None

    def test_it_says_what_was_paid_and_its_word_settles_the_payment(self, trial: Trial) -> None:
        payment, reference = paid(trial, amount=Money(1250))

        outcome = trial.processor.look_up(reference)
        settled = operations.check_payment(make.SERVICE, payment.id)

        assert outcome is not None
        assert (outcome.word, outcome.amount) == (Word.CAPTURED, Money(1250))
        assert (outcome.reference, outcome.payment_id) == (reference, payment.id)
        assert settled.state == records.State.CAPTURED

    def test_taking_what_is_taken_says_so_and_so_does_letting_it_go(self, trial: Trial) -> None:
        payment, reference = paid(trial)

        captured = trial.processor.capture(reference, payment.amount)
        too_late = trial.processor.cancel(reference)

        assert captured.word == too_late.word == Word.CAPTURED
        assert captured.amount == payment.amount

    def test_it_takes_what_it_keeps_when_it_is_told_to(self, trial: Trial) -> None:
        if not trial.keeps:
            pytest.skip("it keeps nothing")
        asked = make.make_payment()
        models.Payment.objects.filter(id=asked.id).update(delayed_capture=True)
        delayed, reference = open_at(trial, asked)
        trial.pay(reference, delayed)

        kept = trial.processor.look_up(reference)
        taken = trial.processor.capture(reference, delayed.amount)
        again = trial.processor.capture(reference, delayed.amount)

        assert kept is not None
        assert (kept.word, kept.amount) == (Word.AUTHORISED, delayed.amount)
        assert taken == again
        assert taken.word == Word.CAPTURED

    def test_letting_go_says_cancelled(self, trial: Trial) -> None:
        payment, reference = begin(trial)

        outcome = trial.processor.cancel(reference)

        assert (outcome.word, outcome.amount) == (Word.CANCELLED, payment.amount)

    def test_it_says_when_nothing_will_come(self, trial: Trial) -> None:
        _payment, reference = begin(trial)
        trial.lapse(reference)

        outcome = trial.processor.look_up(reference)

        assert (outcome and outcome.word) == trial.lapsed

    def test_its_notice_says_what_it_says_when_asked(self, trial: Trial) -> None:
        if not trial.tells:
            pytest.skip("it sends no notices")
        _payment, reference = paid(trial)
        body, headers = trial.notice_of(reference)

        notice = trial.processor.read_notice(body, headers)

        assert notice is not None
        assert notice.about == trial.processor.look_up(reference)
        with pytest.raises(ForgedNotice):
            trial.processor.read_notice(body.replace(b"2000", b"2"), headers)

    def test_it_refuses_a_notice_without_a_signature(self, trial: Trial) -> None:
        with pytest.raises(ForgedNotice):
            trial.processor.read_notice(b"{}", {})

    def test_it_gives_money_back_once_for_each_refund(self, trial: Trial) -> None:
        _payment, reference = paid(trial)
        refund_id = uuid4()

        first = trial.processor.refund(refund_id, reference, Money(1500))
        again = trial.processor.refund(refund_id, reference, Money(1500))
        rest = trial.processor.refund(uuid4(), reference, Money(500))

        assert first == again
        assert (first.state, first.refund_id) == (trial.gives_back, refund_id)
        assert rest.state == trial.gives_back

    def test_it_gives_back_no_more_than_was_paid(self, trial: Trial) -> None:
        _payment, reference = paid(trial)

        over = trial.processor.refund(uuid4(), reference, Money(2001))

        assert (over.state, over.amount) == (RefundState.FAILED, Money(2001))
        assert over.cause

    def test_it_gives_back_nothing_where_nothing_was_paid(self, trial: Trial) -> None:
        _payment, reference = begin(trial)

        unpaid = trial.processor.refund(uuid4(), reference, Money(1))
        unknown = trial.processor.refund(uuid4(), "never-heard-of", Money(1))

        assert unpaid.state == unknown.state == RefundState.FAILED

    def test_it_settles_what_was_paid_in_one_line_however_often_it_is_read(
        self, trial: Trial
    ) -> None:
        payment, reference = paid(trial)
        trial.pay_out()
        since = timezone.localdate() - timedelta(days=7)

        lines = list(trial.processor.settlements(since))

        assert lines == list(trial.processor.settlements(since))
        assert [line.amount for line in lines] == [payment.amount]
        assert lines[0].reference == reference or lines[0].ours == payment.id
        assert (lines[0].kind, lines[0].fee.currency) == ("payment", "GBP")

    def test_after_a_time_out_asking_says_what_was_done(self, trial: Trial) -> None:
        if not trial.can_be_silent:
            pytest.skip("nobody outside is asked")
        payment, reference = paid(trial)
        refund_id = uuid4()
        with trial.silent():
            with pytest.raises(Unavailable):
                trial.processor.look_up(reference)
            with pytest.raises(Unavailable):
                trial.processor.refund(refund_id, reference, Money(1500))

        outcome = trial.processor.look_up(reference)
        refund = trial.processor.refund(refund_id, reference, Money(1500))
        over = trial.processor.refund(uuid4(), reference, Money(501))

        assert outcome is not None
        assert outcome.amount == payment.amount
        assert (refund.state, over.state) == (RefundState.SUCCEEDED, RefundState.FAILED)

    def test_it_finds_nothing_wrong_with_good_settings(self, trial: Trial) -> None:
        assert trial.processor.check() == ""


@pytest.mark.parametrize(
    ("processor", "word"),
    [
        (Stripe("stripe://api.stripe.com"), "webhook"),
        (Stripe("stripe+http://sk_test_x:whsec_x@127.0.0.1:9"), "does not answer"),
        (Bank("bank://20-00/5577?name=N"), "sort-code"),
        (Sandbox(secret=""), "secret"),
    ],
)
def test_it_says_in_words_what_is_wrong_with_its_settings(
    processor: Stripe | Bank | Sandbox, word: str
) -> None:
    assert word in processor.check()


class TestSandbox:
    def test_a_notice_signed_with_another_secret_is_forged(self) -> None:
        notice = Sandbox(secret="theirs").write_notice(make.make_notice("x"))

        with pytest.raises(ForgedNotice):
            Sandbox(secret="ours").read_notice(*notice)

    def test_a_notice_under_another_time_is_forged(self) -> None:
        body, headers = Sandbox(secret="ours").write_notice(make.make_notice("x"))

        with pytest.raises(ForgedNotice):
            Sandbox(secret="ours").read_notice(body, headers | {sandbox_module.TIMESTAMP: "1"})

    @pytest.mark.parametrize("seconds", [-1000, 1000])
    def test_an_old_notice_is_stale(self, seconds: int, monkeypatch: pytest.MonkeyPatch) -> None:
        notice = Sandbox(secret="ours").write_notice(make.make_notice("x"))
        then = time.time() + seconds
        monkeypatch.setattr(time, "time", lambda: then)

        with pytest.raises(StaleNotice):
            Sandbox(secret="ours").read_notice(*notice)

    def test_a_refund_can_be_noticed_too(self) -> None:
        outcome = records.RefundOutcome(
            reference="r-1",
            refund_id=uuid4(),
            state=RefundState.SUCCEEDED,
            amount=Money(100),
        )
        written = Sandbox(secret="ours").write_notice(
            records.ProcessorNotice(id="n-2", about=outcome)
        )

        notice = Sandbox(secret="ours").read_notice(*written)

        assert notice is not None
        assert notice.about == outcome

    def test_a_signed_notice_of_no_known_shape_is_unreadable(self) -> None:
        processor = Sandbox(secret="ours")
        _body, headers = processor.write_notice(make.make_notice("x"))
        at = headers[sandbox_module.TIMESTAMP]
        signed = headers | {sandbox_module.SIGNATURE: processor.sign(b"[]", at)}

        with pytest.raises(UnreadableNotice):
            processor.read_notice(b"[]", signed)
