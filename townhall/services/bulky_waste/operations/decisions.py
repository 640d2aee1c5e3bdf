"""What staff decided about a collection that went wrong, carried out and told."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from townhall.capabilities.pay.operations import refund_payment
from townhall.machinery.actors import Actor
from townhall.machinery.money import Money
from townhall.machinery.operations import operation
from townhall.machinery.pages.writing import write_money
from townhall.services.bulky_waste import letters, records
from townhall.services.bulky_waste.models import Collection
from townhall.services.bulky_waste.operations.telling import (
    NO_REFUND,
    REBOOKED,
    REFUND,
    ask_staff,
    tell,
    us,
)
from townhall.services.bulky_waste.records import State
from townhall.services.bulky_waste.service import RUN


@operation(RUN, told=_("Carried out what was decided about your collection"))
def carry_out_decision(
    actor: Actor, collection_id: UUID, *, case_id: UUID, outcome: str, note: str
) -> records.Collection:
    """Refund, or say why not, and tell the resident. Once: the event that asks comes once."""
    row = Collection.locked(actor, collection_id)
    if row.case_id == case_id:
        row.case_id = None
    if outcome == REFUND.code:
        _refund(actor, row, note)
    elif outcome == NO_REFUND.code:
        row.refund_due_minor = None
        tell(actor, row, letters.NO_REFUND, note=note)
    elif outcome == REBOOKED.code and row.state in (State.MISSED, State.LATE):
        ask_staff(
            actor,
            row,
            "not-rebooked",
            "Closed as rebooked, but no new day is booked",
            outcomes=(REFUND, REBOOKED, NO_REFUND),
        )
    row.save()
    return row.record()


def _refund(actor: Actor, row: Collection, note: str) -> None:
    due = Money(row.refund_due_minor or 0)
    row.refund_due_minor = None
    if due.minor == 0:
        return
    refund_payment(us(actor), row.payment_id, amount=due, reason=row.reference)
    tell(actor, row, letters.REFUNDED, refund=write_money(due), note=note)


@operation(RUN, told=_("Noted your refund"))
def note_refund(
    actor: Actor, collection_id: UUID, *, payment_id: UUID, amount: Money
) -> records.Collection:
    """The processor has paid it back: the figures count it, unless it was a second payment."""
    row = Collection.locked(actor, collection_id)
    if row.payment_id == payment_id:
        row.refunded_minor = min(row.price_minor, row.refunded_minor + amount.minor)
        row.save(update_fields=["refunded_minor"])
    return row.record()


@operation(RUN, told=_("Noted that your refund failed"))
def note_refund_failed(actor: Actor, collection_id: UUID, *, amount: Money) -> records.Collection:
    """The processor would not: staff find another way, or try again."""
    row = Collection.locked(actor, collection_id)
    row.refund_due_minor = amount.minor
    ask_staff(actor, row, "refund-failed", "Refund failed", outcomes=(REFUND, NO_REFUND))
    row.save()
    return row.record()
