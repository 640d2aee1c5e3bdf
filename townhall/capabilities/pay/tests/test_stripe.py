"""What the contract does not ask: Stripe's own words, and a stand-in that others wrote."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import stripe as library
from django.utils import timezone
from pytest_django.fixtures import Settings

from townhall.capabilities.pay import models, operations, queries, records
from townhall.capabilities.pay.errors import NotOffered, StaleNotice, UnreadableNotice
from townhall.capabilities.pay.providers import stripe_words as words
from townhall.capabilities.pay.providers.stripe import Stripe
from townhall.capabilities.pay.records import Cause, DisputeState, RefundState, State, Word
from townhall.capabilities.pay.tests import make, trials
from townhall.capabilities.pay.tests.stripe_peer import StripePeer, sign, standing_in
from townhall.machinery.errors import Unavailable
from townhall.machinery.money import Money

pytestmark = pytest.mark.django_db

URLS = {"return_url": "https://town.example/back", "notice_url": "", "language": "cy"}


@pytest.fixture
def peer() -> Iterator[StripePeer]:
    with standing_in() as running:
        yield running


@pytest.fixture
def stripe(peer: StripePeer, settings: Settings) -> Iterator[Stripe]:
    trial = trials.StripeTrial(peer)
    with trials.installed(settings, trial.installed):
        yield trial.processor


def make_special(**changes: object) -> records.Payment:
    payment = make.make_payment()
    models.Payment.objects.filter(id=payment.id).update(**changes)
    return queries.get_payment(make.SERVICE, payment.id)


def begun(**changes: object) -> tuple[records.Payment, str]:
    payment = make_special(**changes)
    checkout = operations.open_at_processor(
        make.PAYER, payment.id, processor="stripe", return_url="https://t.example/", notice_url=""
    )
    return queries.get_payment(make.SERVICE, payment.id), checkout.reference


def test_a_checkout_asks_for_what_the_payment_says(stripe: Stripe, peer: StripePeer) -> None:
    payment = make_special(
        delayed_capture=True, sets_up_agreement=True, email="a.resident@example.com"
    )

    checkout = stripe.open_checkout(payment, **URLS)

    asked = peer.things[checkout.reference]["asked"]
    assert checkout.url.startswith("https://checkout.stripe.com/")
    assert asked["client_reference_id"] == asked["metadata"]["payment_id"] == str(payment.id)
    assert asked["payment_intent_data"]["capture_method"] == "manual"
    assert asked["payment_intent_data"]["setup_future_usage"] == "off_session"
    assert (asked["locale"], asked["customer_creation"]) == ("en", "always")
    assert asked["customer_email"] == "a.resident@example.com"
    left = int(asked["expires_at"]) - time.time()
    assert timedelta(minutes=30).total_seconds() < left < timedelta(hours=24).total_seconds()


def test_a_payment_of_days_leaves_its_checkout_to_stripes_own_day(
    stripe: Stripe, peer: StripePeer
) -> None:
    payment = make_special(expires_at=timezone.now() + timedelta(days=2))

    checkout = stripe.open_checkout(payment, **URLS)

    assert "expires_at" not in peer.things[checkout.reference]["asked"]


def test_what_stripe_tells_of_the_card_is_kept(stripe: Stripe, peer: StripePeer) -> None:
    payment, reference = begun()
    peer.pay(reference)
    body, headers = peer.notice("checkout.session.completed", reference)

    operations.take_notice(make.PROCESSOR, processor="stripe", body=body, headers=headers)

    kept = queries.get_payment(make.SERVICE, payment.id)
    assert kept.state == State.CAPTURED
    assert (kept.fee, kept.three_d_secure) == (Money(45), True)
    assert kept.card == records.CardDetails(
        brand="master-card",
        kind="credit",
        last_digits="4444",
        expires="07/35",
        name="A Resident",
        address=records.BillingAddress(postcode="NT1 1AA"),
    )


def test_a_card_is_taken_again_once(stripe: Stripe, peer: StripePeer) -> None:
    payment = make_special()

    first = stripe.take_again(payment, "cus_1/pm_1")
    again = stripe.take_again(payment, "cus_1/pm_1")

    assert first == again == stripe.look_up(first.reference)
    assert (first.word, first.payment_id) == (Word.CAPTURED, payment.id)
    assert len([each for each in peer.things.values() if each["object"] == "charge"]) == 1


@pytest.mark.parametrize(
    ("code", "cause", "can_retry"),
    [
        ("insufficient_funds", Cause.DECLINED, True),
        ("stolen_card", Cause.DECLINED, False),
        ("expired_card", Cause.CARD_EXPIRED, False),
        ("incorrect_cvc", Cause.BAD_CODE, True),
    ],
)
def test_a_card_that_says_no_again_says_whether_to_try_later(
    stripe: Stripe, peer: StripePeer, code: str, cause: Cause, can_retry: bool
) -> None:
    peer.refuses_again = code

    outcome = stripe.take_again(make_special(), "cus_1/pm_1")

    assert (outcome.word, outcome.cause, outcome.can_retry) == (Word.DECLINED, cause, can_retry)
    assert stripe.look_up(outcome.reference) == outcome


def test_a_checkout_that_is_let_go_cannot_be_paid_any_more(
    stripe: Stripe, peer: StripePeer
) -> None:
    _open, open_reference = begun()
    _kept, kept_reference = begun(delayed_capture=True)
    peer.pay(kept_reference)

    stripe.cancel(open_reference)
    stripe.cancel(kept_reference)

    assert peer.things[open_reference]["status"] == "expired"
    assert peer.things[peer.things[kept_reference]["payment_intent"]]["status"] == "canceled"


def test_when_stripe_says_nothing_after_it_took_the_money_a_poll_settles_the_payment(
    stripe: Stripe, peer: StripePeer
) -> None:
    payment, reference = begun(delayed_capture=True)
    peer.pay(reference)
    operations.check_payment(make.SERVICE, payment.id)
    peer.hangs_up = True
    waiting = operations.capture_payment(make.SERVICE, payment.id)
    peer.hangs_up = False
    long_ago = timezone.now() - timedelta(minutes=1)
    models.Payment.objects.filter(id=payment.id).update(asked_at=long_ago)

    operations.follow_up_payments()

    assert waiting.state == State.CAPTURING
    assert queries.get_payment(make.SERVICE, payment.id).state == State.CAPTURED
    assert make.balances()["takings", "parking"] == -2000


def test_a_refund_is_not_given_twice_when_stripe_has_forgotten_its_key(
    stripe: Stripe, peer: StripePeer
) -> None:
    _payment, reference = begun()
    peer.pay(reference)
    refund_id = uuid4()
    first = stripe.refund(refund_id, reference, Money(500))
    peer.answered.clear()

    again = stripe.refund(refund_id, reference, Money(500))

    assert first == again


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("pending", RefundState.REQUESTED),
        ("requires_action", RefundState.REQUESTED),
        ("succeeded", RefundState.SUCCEEDED),
        ("failed", RefundState.FAILED),
        ("canceled", RefundState.FAILED),
    ],
)
def test_a_refund_is_told_of_by_a_notice(
    stripe: Stripe, peer: StripePeer, status: str, state: RefundState
) -> None:
    refund_id = uuid4()
    refund = {
        "id": "re_1",
        "object": "refund",
        "status": status,
        "amount": 500,
        "currency": "gbp",
        "metadata": {"refund_id": str(refund_id)},
    }

    notice = stripe.read_notice(*peer.notice("refund.updated", refund))
    by_hand = stripe.read_notice(*peer.notice("refund.created", refund | {"metadata": {}}))

    assert notice is not None
    assert isinstance(notice.about, records.RefundOutcome)
    assert (notice.about.state, notice.about.refund_id) == (state, refund_id)
    assert by_hand is None


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("needs_response", DisputeState.NEEDS_RESPONSE),
        ("under_review", DisputeState.UNDER_REVIEW),
        ("won", DisputeState.WON),
        ("lost", DisputeState.LOST),
        ("warning_needs_response", None),
    ],
)
def test_a_dispute_is_told_of_by_a_notice(
    stripe: Stripe, peer: StripePeer, status: str, state: DisputeState | None
) -> None:
    _payment, reference = begun()
    peer.pay(reference)

    notice = stripe.read_notice(
        *peer.notice("charge.dispute.updated", peer.dispute(reference, status))
    )

    about = notice.about if notice else None
    assert getattr(about, "state", None) == state
    assert getattr(about, "payment_reference", reference) == reference
    assert getattr(about, "fee", Money(2000)) == Money(2000)


def test_a_payout_has_what_came_and_went_back_with_our_own_ids(
    stripe: Stripe, peer: StripePeer
) -> None:
    payment, reference = begun()
    peer.pay(reference)
    operations.check_payment(make.SERVICE, payment.id)
    refund = operations.refund_payment(
        make.SERVICE, payment.id, amount=Money(500), reason="Too much"
    )
    operations.take_refund(refund_id=refund.id, organisation_id=make.TOWN)
    peer.pay_out()

    operations.read_settlements_of(processor="stripe")

    assert queries.get_payment(make.SERVICE, payment.id).settled_on is not None
    assert make.balances() == {
        ("bank", ""): 1455,
        ("fees", "stripe"): 45,
        ("takings", "parking"): -1500,
    }


def test_an_old_notice_is_stale_and_one_of_no_matter_is_nothing(
    stripe: Stripe, peer: StripePeer
) -> None:
    about = {"id": "in_1", "object": "invoice"}

    assert stripe.read_notice(*peer.notice("invoice.paid", about)) is None
    with pytest.raises(StaleNotice):
        stripe.read_notice(*peer.notice("invoice.paid", about, at=int(time.time()) - 1000))


@pytest.mark.parametrize("body", [b"[]", b"{}", b"not json", json.dumps({"type": 1}).encode()])
def test_a_signed_notice_of_no_known_shape_is_unreadable(stripe: Stripe, body: bytes) -> None:
    with pytest.raises(UnreadableNotice):
        stripe.read_notice(body, {"Stripe-Signature": sign(body, int(time.time()))})


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Money(1250), 1250),
        (Money(500, "JPY"), 500),
        (Money(500, "ISK"), 50_000),
        (Money(1_230, "KWD"), 1_230),
        (Money(500, "MGA"), 5),
    ],
)
def test_amounts_are_in_stripes_own_units(amount: Money, written: int) -> None:
    assert words.write_amount(amount) == written
    assert words.read_amount(written, amount.currency.lower()) == amount


@pytest.mark.parametrize("amount", [Money(1_234, "KWD"), Money(550, "MGA")])
def test_an_amount_that_stripe_cannot_take_is_not_offered(amount: Money) -> None:
    with pytest.raises(NotOffered):
        words.write_amount(amount)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = [sys.executable, "-m", "localstripe", "--port", str(port), "--from-scratch"]
    running = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield f"stripe+http://sk_test_peer:whsec_x@127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait()


class TestBesideLocalstripe:
    """localstripe, as a process of its own: it has payment intents and refunds, no checkouts.

    It forgets idempotency keys and names no intent in its errors, so only good ways are walked.
    """

    def test_a_card_is_taken_again_and_paid_back(self, address: str) -> None:
        stripe, payment = Stripe(address), make.make_payment()

        taken = stripe.take_again(payment, _saved_card(address))
        late = stripe.cancel(taken.reference)
        back = stripe.refund(uuid4(), taken.reference, Money(500))

        assert (taken.word, taken.amount, taken.payment_id) == (
            Word.CAPTURED,
            payment.amount,
            payment.id,
        )
        assert late.word == Word.CAPTURED
        assert (back.state, back.amount) == (RefundState.SUCCEEDED, Money(500))
        assert taken.fee == Money(0)

    @pytest.mark.parametrize(
        ("ask", "word"), [("capture", Word.CAPTURED), ("cancel", Word.CANCELLED)]
    )
    def test_what_is_kept_is_taken_or_let_go(self, address: str, ask: str, word: Word) -> None:
        stripe = Stripe(address)
        customer, method = _saved_card(address).split("/")
        kept = _client(address).payment_intents.create(
            {
                "amount": 2000,
                "currency": "gbp",
                "customer": customer,
                "payment_method": method,
                "capture_method": "manual",
                "confirm": True,
            }
        )

        before = stripe.look_up(kept.id)
        if ask == "capture":
            outcome = stripe.capture(kept.id, Money(2000))
        else:
            outcome = stripe.cancel(kept.id)

        assert before is not None
        assert (before.word, outcome.word) == (Word.AUTHORISED, word)


def test_a_supplier_that_is_away_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        Stripe("stripe+http://sk_test_x:whsec_x@127.0.0.1:9").look_up("cs_1")


def _client(address: str) -> library.V1Services:
    host = address.rpartition("@")[2]
    made = library.StripeClient("sk_test_peer", base_addresses={"api": f"http://{host}"})
    return made.v1


def _saved_card(address: str) -> str:
    client = _client(address)
    card: Any = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2035, "cvc": "123"}
    method = client.payment_methods.create({"type": "card", "card": card})
    customer = client.customers.create({"email": "a.resident@example.com"})
    client.payment_methods.attach(method.id, {"customer": customer.id})
    return f"{customer.id}/{method.id}"


def _wait_for(port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with socket.socket() as trying:
            if trying.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError
