"""What is paid by bank, and what processors have paid out."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import NoSuchLine, NoSuchRefund, NoSuchSettlement
from townhall.capabilities.pay.providers import TELEPHONE, TellsHow, everyone, named
from townhall.machinery.actors import Actor
from townhall.machinery.operations import query
from townhall.machinery.paging import Page, page_of


@query(permissions.PAY)
def find_instructions(actor: Actor, payment_id: UUID) -> records.Instructions | None:
    """How to pay a payment that was begun by bank or at the counter; None for any other."""
    payment = models.Payment.visible_to(actor).filter(id=payment_id).first()
    chosen = named(payment.processor) if payment else None
    if payment is None or not isinstance(chosen, TellsHow):
        return None
    return chosen.instructions(payment.processor_reference)


@query(permissions.ACCOUNT)
def list_processors(actor: Actor) -> list[str]:
    """Slugs of those whose settlement reports are read, or can be imported."""
    return sorted({*everyone(), TELEPHONE})


@query(permissions.ACCOUNT)
def list_settlements(actor: Actor, *, place: str | None = None) -> Page[records.Settlement]:
    """What processors have paid out, the last first."""
    return page_of(
        models.Settlement.counted(actor),
        models.Settlement.record,
        order=("-paid_out_on", "-id"),
        place=place,
    )


@query(permissions.ACCOUNT)
def list_unmatched_lines(actor: Actor, *, place: str | None = None) -> Page[records.StoredLine]:
    """What finance has to explain, oldest first."""
    lines = models.SettlementLine.visible_to(actor).filter(state=records.LineState.UNMATCHED)
    return page_of(
        lines.select_related("settlement"),
        models.SettlementLine.record,
        order=("found_at", "id"),
        place=place,
    )


@query(permissions.ACCOUNT)
def list_settlement_lines(
    actor: Actor, settlement_id: UUID, *, place: str | None = None
) -> Page[records.StoredLine]:
    """Every line of a payout, by their references."""
    lines = models.SettlementLine.visible_to(actor).filter(settlement_id=settlement_id)
    return page_of(
        lines.select_related("settlement"),
        models.SettlementLine.record,
        order=("reference", "id"),
        place=place,
    )


@query(permissions.ACCOUNT)
def get_settlement(actor: Actor, settlement_id: UUID) -> records.Settlement:
    settlement = models.Settlement.counted(actor).filter(id=settlement_id).first()
    if settlement is None:
        raise NoSuchSettlement(_("There is no such payout."))
    return settlement.record()


@query(permissions.ACCOUNT, told=gettext_lazy("Saw your refund that is to be paid by hand"))
def get_to_pay_back(actor: Actor, refund_id: UUID) -> records.ToPayBack:
    refund = models.BankBooks.to_pay_back(actor).filter(id=refund_id).first()
    if refund is None:
        raise NoSuchRefund(_("There is no such refund to pay by hand."))
    return models.BankBooks.to_pay_back_record(refund)


@query(permissions.ACCOUNT)
def get_settlement_line(actor: Actor, line_id: UUID) -> records.StoredLine:
    lines = models.SettlementLine.visible_to(actor).select_related("settlement")
    line = lines.filter(id=line_id).first()
    if line is None:
        raise NoSuchLine(_("There is no such line."))
    return line.record()


@query(permissions.ACCOUNT, told=gettext_lazy("Saw your refund that is to be paid by hand"))
def list_to_pay_back(actor: Actor, *, place: str | None = None) -> Page[records.ToPayBack]:
    """Refunds that staff pay by hand, the oldest first."""
    return page_of(
        models.BankBooks.to_pay_back(actor),
        models.BankBooks.to_pay_back_record,
        order=("requested_at", "id"),
        place=place,
    )
