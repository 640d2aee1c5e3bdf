"""What each thing that happens to money writes into the ledger, in its own transaction."""

from uuid import UUID

from townhall.capabilities.pay import models
from townhall.capabilities.pay.records import EntryKind, Purpose
from townhall.machinery.money import Money


class Books:
    """The accounts of one organisation in one currency, live or test."""

    def __init__(self, organisation_id: UUID, currency: str, *, is_live: bool) -> None:
        self.organisation_id, self.currency, self.is_live = organisation_id, currency, is_live

    def move(
        self,
        kind: EntryKind,
        about: UUID,
        amount: Money,
        *,
        debit: tuple[Purpose, str],
        credit: tuple[Purpose, str],
        note: str = "",
    ) -> None:
        """One entry of two legs. Nothing where there is nothing to move."""
        if amount.minor == 0:
            return
        legs = [(self._account(*debit), amount.minor), (self._account(*credit), -amount.minor)]
        models.Entry.make(self.organisation_id, kind, about, legs, note=note)

    def _account(self, purpose: Purpose, detail: str) -> models.Account:
        return models.Account.opened(
            self.organisation_id, purpose, detail, is_live=self.is_live, currency=self.currency
        )


def books_of(payment: models.Payment) -> Books:
    return Books(payment.organisation_id, payment.currency, is_live=payment.is_live)


def enter_payment(payment: models.Payment) -> None:
    """The processor owes us what the service has taken, less its fee where that is known."""
    books = books_of(payment)
    books.move(
        EntryKind.PAYMENT,
        payment.id,
        payment.amount,
        debit=(Purpose.PROCESSOR, payment.processor),
        credit=(Purpose.TAKINGS, payment.service),
    )
    if payment.fee_minor is not None:
        enter_fee(books, payment.id, Money(payment.fee_minor, payment.currency), payment.processor)


def enter_fee(books: Books, about: UUID, fee: Money, processor: str) -> None:
    books.move(
        EntryKind.FEE,
        about,
        fee,
        debit=(Purpose.FEES, processor),
        credit=(Purpose.PROCESSOR, processor),
    )


def enter_refund(refund: models.Refund) -> None:
    of = refund.of
    books = Books(refund.organisation_id, of.currency, is_live=of.is_live)
    from_takings = (Purpose.TAKINGS, refund.payment.service) if refund.payment else None
    books.move(
        EntryKind.REFUND,
        refund.id,
        refund.amount,
        debit=from_takings or (Purpose.UNEXPECTED, ""),
        credit=(Purpose.PROCESSOR, of.processor),
        note=refund.reason,
    )


def enter_unexpected(notice: models.Notice) -> None:
    books = Books(notice.organisation_id, notice.currency, is_live=notice.is_live)
    books.move(
        EntryKind.UNEXPECTED,
        notice.id,
        notice.amount,
        debit=(Purpose.PROCESSOR, notice.processor),
        credit=(Purpose.UNEXPECTED, ""),
        note=notice.cause,
    )


def enter_accepted(notice: models.Notice, *, service: str, note: str) -> None:
    books = Books(notice.organisation_id, notice.currency, is_live=notice.is_live)
    books.move(
        EntryKind.ACCEPTED,
        notice.id,
        notice.amount,
        debit=(Purpose.UNEXPECTED, ""),
        credit=(Purpose.TAKINGS, service),
        note=note,
    )


def enter_chargeback(dispute: models.Dispute) -> None:
    """While it lasts the processor keeps the money back, and for good the fee of asking."""
    payment = dispute.payment
    books = books_of(payment)
    books.move(
        EntryKind.CHARGEBACK,
        dispute.id,
        dispute.amount,
        debit=(Purpose.DISPUTED, ""),
        credit=(Purpose.PROCESSOR, payment.processor),
        note=dispute.reason,
    )
    fee = Money(dispute.fee_minor, payment.currency)
    enter_fee(books, dispute.id, fee, payment.processor)


def enter_dispute_won(dispute: models.Dispute) -> None:
    books_of(dispute.payment).move(
        EntryKind.RETURNED,
        dispute.id,
        dispute.amount,
        debit=(Purpose.PROCESSOR, dispute.payment.processor),
        credit=(Purpose.DISPUTED, ""),
    )


def enter_dispute_lost(dispute: models.Dispute) -> None:
    books_of(dispute.payment).move(
        EntryKind.WRITE_OFF,
        dispute.id,
        dispute.amount,
        debit=(Purpose.WRITTEN_OFF, ""),
        credit=(Purpose.DISPUTED, ""),
    )
