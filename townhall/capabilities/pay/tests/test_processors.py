"""The contract that every processor keeps. A new one adds itself to PROCESSORS and is done."""

import time
from typing import Protocol
from uuid import uuid4

import pytest

from townhall.capabilities.pay import records
from townhall.capabilities.pay.errors import ForgedNotice, StaleNotice, UnreadableNotice
from townhall.capabilities.pay.providers import Processor
from townhall.capabilities.pay.providers import sandbox as sandbox_module
from townhall.capabilities.pay.providers.sandbox import Sandbox
from townhall.capabilities.pay.tests import make
from townhall.machinery.money import Money

pytestmark = pytest.mark.django_db


class Trial(Protocol):
    """A processor, and what its cardholders and its own machines do."""

    processor: Processor

    def pay(self, reference: str) -> None:
        """Have the card page take a good card."""

    def decline(self, reference: str) -> None:
        """Have the card page refuse a card."""

    def notice_of(self, reference: str) -> tuple[bytes, dict[str, str]]:
        """The notice it sends of a checkout that is settled."""


class SandboxTrial:
    def __init__(self) -> None:
        self.processor: Sandbox = Sandbox(secret="shared")

    def pay(self, reference: str) -> None:
        make.take_card(reference)

    def decline(self, reference: str) -> None:
        make.take_card(reference, result=records.CardResult.DECLINED)

    def notice_of(self, reference: str) -> tuple[bytes, dict[str, str]]:
        outcome = self.processor.look_up(reference)
        assert outcome is not None
        return self.processor.write_notice(records.ProcessorNotice(id="n-1", about=outcome))


PROCESSORS = [SandboxTrial()]


def open_at(processor: Processor, payment: records.Payment) -> records.Checkout:
    return processor.open_checkout(
        payment, return_url=make.RETURN_URL, notice_url=make.NOTICE_URL, language="en"
    )


@pytest.mark.parametrize("trial", PROCESSORS, ids=lambda trial: type(trial.processor).__name__)
class TestEveryProcessor:
    def test_same_payment_same_checkout(self, trial: Trial) -> None:
        payment = make.make_payment()

        first, again = open_at(trial.processor, payment), open_at(trial.processor, payment)

        assert first == again

    def test_two_payments_two_checkouts(self, trial: Trial) -> None:
        first = open_at(trial.processor, make.make_payment())
        second = open_at(trial.processor, make.make_payment())

        assert first.reference != second.reference

    def test_says_nothing_of_a_checkout_before_it_is_settled(self, trial: Trial) -> None:
        checkout = open_at(trial.processor, make.make_payment())

        assert trial.processor.look_up(checkout.reference) is None
        assert trial.processor.look_up("never-heard-of") is None

    def test_says_what_was_paid(self, trial: Trial) -> None:
        checkout = open_at(trial.processor, make.make_payment(amount=Money(1250)))
        trial.pay(checkout.reference)

        outcome = trial.processor.look_up(checkout.reference)

        assert outcome is not None
        assert (outcome.paid, outcome.amount) == (True, Money(1250))

    def test_says_why_nothing_was_paid(self, trial: Trial) -> None:
        checkout = open_at(trial.processor, make.make_payment())
        trial.decline(checkout.reference)

        outcome = trial.processor.look_up(checkout.reference)

        assert outcome is not None
        assert (outcome.paid, outcome.cause) == (False, records.Cause.DECLINED)

    def test_its_notice_says_what_it_says_when_asked(self, trial: Trial) -> None:
        checkout = open_at(trial.processor, make.make_payment())
        trial.pay(checkout.reference)

        notice = trial.processor.read_notice(*trial.notice_of(checkout.reference))

        assert notice.about == trial.processor.look_up(checkout.reference)

    def test_refuses_a_notice_that_was_changed(self, trial: Trial) -> None:
        checkout = open_at(trial.processor, make.make_payment())
        trial.pay(checkout.reference)
        body, headers = trial.notice_of(checkout.reference)

        with pytest.raises(ForgedNotice):
            trial.processor.read_notice(body.replace(b"2000", b"2"), headers)

    def test_refuses_a_notice_without_a_signature(self, trial: Trial) -> None:
        with pytest.raises(ForgedNotice):
            trial.processor.read_notice(b"{}", {})

    def test_gives_money_back_once_for_each_refund(self, trial: Trial) -> None:
        checkout = open_at(trial.processor, make.make_payment(amount=Money(2000)))
        trial.pay(checkout.reference)
        refund_id = uuid4()

        first = trial.processor.refund(refund_id, checkout.reference, Money(1500))
        again = trial.processor.refund(refund_id, checkout.reference, Money(1500))
        rest = trial.processor.refund(uuid4(), checkout.reference, Money(500))

        assert first == again
        assert (first.state, first.refund_id) == (records.RefundState.SUCCEEDED, refund_id)
        assert rest.state == records.RefundState.SUCCEEDED

    def test_gives_back_no_more_than_was_paid(self, trial: Trial) -> None:
        checkout = open_at(trial.processor, make.make_payment(amount=Money(2000)))
        trial.pay(checkout.reference)
        trial.processor.refund(uuid4(), checkout.reference, Money(1500))

        over = trial.processor.refund(uuid4(), checkout.reference, Money(501))

        assert (over.state, over.amount) == (records.RefundState.FAILED, Money(501))
        assert over.cause

    def test_gives_back_nothing_where_nothing_was_paid(self, trial: Trial) -> None:
        checkout = open_at(trial.processor, make.make_payment())

        unpaid = trial.processor.refund(uuid4(), checkout.reference, Money(1))
        unknown = trial.processor.refund(uuid4(), "never-heard-of", Money(1))

        assert unpaid.state == unknown.state == records.RefundState.FAILED

    def test_finds_nothing_wrong_with_good_settings(self, trial: Trial) -> None:
        assert trial.processor.check() == ""


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
            state=records.RefundState.SUCCEEDED,
            amount=Money(100),
        )
        written = Sandbox(secret="ours").write_notice(
            records.ProcessorNotice(id="n-2", about=outcome)
        )

        assert Sandbox(secret="ours").read_notice(*written).about == outcome

    def test_a_signed_notice_of_no_known_shape_is_unreadable(self) -> None:
        processor = Sandbox(secret="ours")
        _body, headers = processor.write_notice(make.make_notice("x"))
        at = headers[sandbox_module.TIMESTAMP]
        signed = headers | {sandbox_module.SIGNATURE: processor.sign(b"[]", at)}

        with pytest.raises(UnreadableNotice):
            processor.read_notice(b"[]", signed)

    def test_without_a_secret_it_says_so(self) -> None:
        assert "secret" in Sandbox(secret="").check()
