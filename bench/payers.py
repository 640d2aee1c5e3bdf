"""What payers do, in a process of the product: payments created, and settled by a test card."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from townhall.capabilities.identity.sessions import every_organisation
from townhall.capabilities.pay import operations, permissions, records
from townhall.machinery.actors import Actor
from townhall.machinery.money import Money

CARD = records.Card(number="4242424242424242", code="123", expires="12/49", name="Ada Adeyemi")
NOWHERE = "http://localhost/"


class Payers:
    """New payments of the city at the sandbox. Any number of threads may call."""

    def __init__(self) -> None:
        city = next(each for each in every_organisation() if each.slug == "city")
        self.service = Actor("service:bench", frozenset({permissions.START}), city.id)
        self.payer = Actor("payer", frozenset({permissions.PAY}), city.id)

    def create(self) -> records.Payment:
        """One operation: the payment, its first step, the audit."""
        return operations.start_payment(
            self.service,
            service="bench",
            subject_id=uuid4(),
            person_id=None,
            amount=Money(2000),
            reference="PRK-1234",
            description="A parking permit",
            expires_at=timezone.now() + timedelta(minutes=90),
        )

    def create_and_settle(self) -> None:
        """The same, the card, the confirmation and the capture, with the sandbox's own writes."""
        payment_id = self.create().id
        operations.open_at_processor(
            self.payer, payment_id, processor="sandbox", return_url=NOWHERE, notice_url=NOWHERE
        )
        operations.pay_by_card(self.payer, payment_id, card=CARD, email="")
        paid = operations.confirm_payment(self.payer, payment_id)
        if paid.state != records.State.CAPTURED:
            raise RuntimeError(f"A payment ended {paid.state}")
