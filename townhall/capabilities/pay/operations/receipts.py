"""Money by bank or at the counter: staff record what came, and what they paid back by hand."""

import json
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import NoSuchRefund, NotOffered
from townhall.capabilities.pay.models.bank import BANK, COUNTER, STATEMENT
from townhall.capabilities.pay.operations.notices import record_notice, system
from townhall.capabilities.pay.providers import named
from townhall.capabilities.pay.providers.bank import PAID_BACK, Bank, find_reference
from townhall.capabilities.pay.records import RefundState, Word
from townhall.capabilities.pay.rules.statements import read_statement
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.operations import operation

Bank.books = models.BankBooks()


@operation(permissions.ACCOUNT, told=gettext_lazy("Recorded that your payment came"))
def record_receipt(actor: Actor, receipt: records.Receipt) -> records.Notice:
    """Take what came as the word of a processor; the same receipt twice is harmless.

    What no payment waits for, or not in that amount, is unexpected money. Raises NotOffered where
    nothing can be paid in that way, or Invalid.
    """
    _require_bank()
    if receipt.amount.minor <= 0 or not 0 < len(receipt.number) <= 40:
        raise Invalid(_("Enter an amount above nothing, and a receipt number of up to 40 letters."))
    notice, _is_new = _take(actor, receipt)
    return notice


@operation(permissions.ACCOUNT, told=gettext_lazy("Recorded that your payment came"))
def import_statement(actor: Actor, content: bytes) -> records.Imported:
    """Take every incoming line of a bank statement, or none. Raises Invalid or NotOffered."""
    _require_bank()
    receipts = read_statement(content)
    new = unmatched = of_others = 0
    for receipt in receipts:
        if _is_of_others(actor, receipt):
            of_others += 1
            continue
        notice, is_new = _take(actor, receipt)
        new += is_new
        unmatched += is_new and notice.state == records.NoticeState.UNFIT
    known = len(receipts) - new - of_others
    return records.Imported(new=new, known=known, of_others=of_others, unmatched=unmatched)


@operation(permissions.ACCOUNT, told=gettext_lazy("Recorded that your refund was paid"))
def confirm_paid_back(actor: Actor, refund_id: UUID, *, paid_on: date) -> records.Refund:
    """A refund was paid by hand. Raises NoSuchRefund; twice is harmless."""
    return _say_of_refund(actor, refund_id, RefundState.SUCCEEDED, on=paid_on)


@operation(permissions.ACCOUNT, told=gettext_lazy("Recorded that your refund could not be paid"))
def give_up_paying_back(actor: Actor, refund_id: UUID, *, tried_on: date) -> records.Refund:
    """A refund cannot be paid by hand, so its sum is free again. Raises NoSuchRefund."""
    return _say_of_refund(actor, refund_id, RefundState.FAILED, on=tried_on)


def _require_bank() -> None:
    if named(BANK) is None:
        raise NotOffered(_("Nothing can be paid by bank or at the counter here."))


def _is_of_others(actor: Actor, receipt: records.Receipt) -> bool:
    """Whether it is of an organisation that shares the account with the actor's."""
    reference = find_reference(receipt.reference)
    whose = models.Payment.organisation_of_checkout(reference) if reference else None
    return whose not in (None, actor.organisation_id)


def _take(actor: Actor, receipt: records.Receipt) -> tuple[records.Notice, bool]:
    """The notice of it, and whether it is new.

    All but the first receipt of a payment go by names of their own, so that each is money.
    """
    name = f"{COUNTER if receipt.is_counter else STATEMENT}{receipt.number}"
    reference = find_reference(receipt.reference)
    payment = models.Payment.lock_by_checkout(actor, BANK, reference) if reference else None
    received = models.Notice.visible_to(actor).filter(processor=BANK, said=Word.CAPTURED)
    known = received.filter(provider_id=name).select_related("payment").first()
    if known is not None:
        return known.record(), False
    is_first = payment is not None and not received.filter(payment=payment).exists()
    outcome = records.Outcome(
        reference=reference if is_first else f"{reference or 'unknown'}/{name}",
        payment_id=payment.id if payment else None,
        word=Word.CAPTURED,
        amount=receipt.amount,
    )
    about = {
        "on": receipt.received_on.isoformat(),
        "payer": receipt.payer,
        "reference": receipt.reference,
    }
    taken = record_notice(
        system(actor.organisation_id),
        processor=BANK,
        notice=records.ProcessorNotice(id=name, about=outcome),
        body=json.dumps(about),
    )
    return taken, True


def _say_of_refund(
    actor: Actor, refund_id: UUID, state: RefundState, *, on: date
) -> records.Refund:
    refunds = models.Refund.visible_to(actor).select_related("payment", "notice")
    refund = refunds.filter(id=refund_id).first()
    if refund is None or refund.of.processor != BANK:
        raise NoSuchRefund(_("There is no such refund to pay by hand."))
    outcome = records.RefundOutcome(
        reference=f"{PAID_BACK}{refund.id}",
        refund_id=refund.id,
        state=state,
        amount=refund.amount,
        cause=records.Cause.ERROR if state == RefundState.FAILED else None,
    )
    record_notice(
        system(actor.organisation_id),
        processor=BANK,
        notice=records.ProcessorNotice(id=f"{PAID_BACK}{refund.id}/{state}", about=outcome),
        body=json.dumps({"on": on.isoformat()}),
    )
    return refunds.get(id=refund_id).record()
