"""Each processor on trial: with what its payers, their banks and its own machines do."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from typing import Protocol
from uuid import uuid4

from django.utils import timezone
from pytest_django.fixtures import Settings

from townhall.capabilities.pay import models, operations, permissions, records
from townhall.capabilities.pay.providers import Processor
from townhall.capabilities.pay.providers.bank import Bank
from townhall.capabilities.pay.providers.sandbox import Sandbox
from townhall.capabilities.pay.providers.stripe import Stripe
from townhall.capabilities.pay.records import CardResult, RefundState, Word
from townhall.capabilities.pay.tests import make
from townhall.capabilities.pay.tests.stripe_peer import StripePeer, standing_in
from townhall.machinery import providers

PROVIDERS = "townhall.capabilities.pay.providers."
ACCOUNT = "bank://20-00-00/55779911?name=Newtown+Council"
FINANCE = make.actor(permissions.ACCOUNT)
Installed = tuple[str, dict[str, str]]


class Trial(Protocol):
    keeps: bool  # it can keep money before it takes it
    tells: bool  # by notices
    can_be_silent: bool
    gives_back: RefundState  # what it answers first when a refund is asked of it
    lapsed: Word | None  # what it says where nobody paid in its time
    installed: Installed

    @property
    def processor(self) -> Processor: ...

    def pay(self, reference: str, payment: records.Payment) -> None:
        """What the payer and their bank do, until the money is taken or kept."""

    def lapse(self, reference: str) -> None:
        """Nobody pays, or their bank says no."""

    def notice_of(self, reference: str) -> tuple[bytes, dict[str, str]]:
        """The notice it sends of a checkout that is paid."""

    def pay_out(self) -> None:
        """Its payout of what has moved."""

    def silent(self) -> AbstractContextManager[None]:
        """While it does what is asked and then says nothing."""


class SandboxTrial:
    keeps = tells = True
    can_be_silent = False  # it is told so by its checkout: see test_payments
    gives_back = RefundState.SUCCEEDED
    lapsed: Word | None = Word.DECLINED

    def __init__(self) -> None:
        self.processor: Sandbox = Sandbox(secret="shared")
        self.installed = (f"{PROVIDERS}sandbox.Sandbox", {"secret": "shared"})

    def pay(self, reference: str, payment: records.Payment) -> None:
        self.processor.authorise(reference, make.make_card())
        if not payment.delayed_capture:
            self.processor.capture(reference, payment.amount)

    def lapse(self, reference: str) -> None:
        self.processor.authorise(reference, make.make_card(CardResult.DECLINED))

    def notice_of(self, reference: str) -> tuple[bytes, dict[str, str]]:
        outcome = self.processor.look_up(reference)
        assert outcome is not None
        return self.processor.write_notice(records.ProcessorNotice(id="n-1", about=outcome))

    def pay_out(self) -> None:
        """What moved today it pays tomorrow: it all moved yesterday."""
        yesterday = timezone.now() - timedelta(days=1)
        models.SandboxCheckout.objects.update(captured_at=yesterday)
        models.SandboxRefund.objects.update(made_at=yesterday)

    def silent(self) -> AbstractContextManager[None]:
        return nullcontext()


class StripeTrial:
    keeps = tells = can_be_silent = True
    gives_back = RefundState.SUCCEEDED
    lapsed: Word | None = Word.CANCELLED

    def __init__(self, peer: StripePeer) -> None:
        self.peer = peer
        self.processor = Stripe(peer.address)
        self.installed = (f"{PROVIDERS}stripe.Stripe", {"url": peer.address})

    def pay(self, reference: str, payment: records.Payment) -> None:
        self.peer.pay(reference)

    def lapse(self, reference: str) -> None:
        self.peer.expire(reference)

    def notice_of(self, reference: str) -> tuple[bytes, dict[str, str]]:
        return self.peer.notice("checkout.session.completed", reference)

    def pay_out(self) -> None:
        self.peer.pay_out()

    @contextmanager
    def silent(self) -> Iterator[None]:
        self.peer.hangs_up = True
        try:
            yield
        finally:
            self.peer.hangs_up = False


class BankTrial:
    keeps = tells = can_be_silent = False
    gives_back = RefundState.REQUESTED
    lapsed: Word | None = None

    def __init__(self) -> None:
        self.processor = Bank(ACCOUNT)
        self.installed = (f"{PROVIDERS}bank.Bank", {"url": ACCOUNT})

    def pay(self, reference: str, payment: records.Payment) -> None:
        operations.record_receipt(FINANCE, make_receipt(reference, payment))

    def lapse(self, reference: str) -> None:
        return

    def notice_of(self, reference: str) -> tuple[bytes, dict[str, str]]:
        raise NotImplementedError

    def pay_out(self) -> None:
        return

    def silent(self) -> AbstractContextManager[None]:
        return nullcontext()


def make_receipt(reference: str, payment: records.Payment) -> records.Receipt:
    """A line of the bank's statement that has the whole sum."""
    return records.Receipt(
        number=uuid4().hex,
        is_counter=False,
        received_on=timezone.localdate(),
        amount=payment.amount,
        reference=reference,
        payer="A RESIDENT",
    )


@contextmanager
def sandbox() -> Iterator[Trial]:
    yield SandboxTrial()


@contextmanager
def stripe() -> Iterator[Trial]:
    with standing_in() as peer:
        yield StripeTrial(peer)


@contextmanager
def bank() -> Iterator[Trial]:
    yield BankTrial()


TRIALS: tuple[Callable[[], AbstractContextManager[Trial]], ...] = (sandbox, stripe, bank)


@contextmanager
def installed(settings: Settings, *wanted: Installed) -> Iterator[None]:
    """With these as the installation's processors."""
    settings.PROVIDERS = settings.PROVIDERS | {"pay": list(wanted)}
    providers.chosen.cache_clear()
    try:
        yield
    finally:
        providers.chosen.cache_clear()
