"""What residents do, in a process of the product: ask for a collection, and pay for it."""

import random
import threading
from uuid import UUID, uuid4

from django.db.models.signals import post_init
from django.dispatch import receiver

from townhall.capabilities.identity.sessions import every_organisation
from townhall.capabilities.pay import permissions as pay
from townhall.capabilities.pay.operations import record_notice
from townhall.capabilities.pay.records import Outcome, ProcessorNotice, Word
from townhall.machinery.actors import Actor
from townhall.machinery.events import deliver
from townhall.machinery.models import RecordedEvent
from townhall.services.bulky_waste import handlers, operations, queries, records
from townhall.services.bulky_waste.service import ASK

SLOTS = 60  # that are asked for; few enough that askers sometimes want the same one
_ADDRESS = "100"
_HANDLER = f"{handlers.__name__}.{handlers.payment_succeeded.__name__}"
_emitted = (
    threading.local()
)  # the latest event of a thread, which a worker would be told by its task


class Residents:
    """New residents of the city, each with one request. Any number of threads may call."""

    def __init__(self) -> None:
        city = next(each for each in every_organisation() if each.slug == "city")
        self.resident = Actor("resident", frozenset({ASK}), city.id)
        self.processor = Actor("processor", frozenset({pay.RECORD}), city.id)
        self.slot_ids = [day.id for day in queries.list_days(self.resident)][:SLOTS]

    def ask(self, slot_id: UUID | None = None) -> records.Collection:
        """One operation: a place held, a payment expected, all of it in the audit."""
        return operations.request_collection(
            self.resident,
            uprn=_ADDRESS,
            items={"sofa": 1, "mattress": 2},
            slot_id=slot_id or random.choice(self.slot_ids),
            contact=records.Contact(
                name="Ada Adeyemi",
                email=f"{uuid4().hex}@resident.example",
                phone="+447700900123",
            ),
        )

    def ask_and_pay(self, slot_id: UUID | None = None) -> None:
        """The same, the processor's notice of the money, and the handler that it sets off."""
        asked = self.ask(slot_id)
        payment_id = queries.get_payment_id(self.resident, asked.id)
        paid = Outcome(
            reference=uuid4().hex, payment_id=payment_id, word=Word.CAPTURED, amount=asked.price
        )
        notice = ProcessorNotice(id=str(uuid4()), about=paid)
        record_notice(self.processor, processor="sandbox", notice=notice, body="{}")
        deliver(event_id=_emitted.event_id, handler=_HANDLER)


@receiver(post_init, sender=RecordedEvent)  # they are saved in bulk, which sends no signals
def _remember(instance: RecordedEvent, **_: object) -> None:
    _emitted.event_id = instance.id
