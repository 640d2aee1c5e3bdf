"""Finding what is ours in a settlement report, and settling what matches."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from townhall.capabilities.pay import models, records
from townhall.capabilities.pay.operations.ledger import Books, books_of, enter_fee
from townhall.capabilities.pay.operations.telling import tell_settled
from townhall.capabilities.pay.providers import installed
from townhall.capabilities.pay.records import DisputeState, LineState, RefundState, State
from townhall.capabilities.pay.rules.matching import Expected, compare, difference
from townhall.machinery.actors import Actor
from townhall.machinery.money import Money

Ours = models.Payment | models.Refund | models.Dispute | models.Notice
_OUT = (RefundState.REQUESTED, RefundState.SUCCEEDED)  # of some the word comes after the money


class Matcher:
    """What is ours of some lines, locked, and read in a few statements for all of them."""

    def __init__(
        self, actor: Actor, processor: str, lines: Sequence[records.SettlementLine]
    ) -> None:
        self._actor, self._processor = actor, processor
        named = [line.reference for line in lines]
        ids = [line.ours for line in lines if line.ours]
        meant = Q(id__in=ids) | Q(processor_reference__in=named)
        told = Q(provider_id__in=named)  # of those taken on the telephone
        payments = models.Payment.visible_to(actor).filter(meant | told, processor=processor)
        refunds = models.Refund.visible_to(actor).filter(meant)
        disputes = models.Dispute.visible_to(actor).filter(
            processor_reference__in=named, payment__processor=processor
        )
        brought = models.Notice.visible_to(actor).filter(
            Q(processor_reference__in=named) | Q(payment__in=ids),
            processor=processor,
            brought_money=True,
        )
        notices = list(brought)
        self._payments = _by_name(payments.order_by("id").select_for_update(of=("self",)))
        self._refunds = _by_name(
            refunds.select_related("payment", "notice")
            .order_by("id")
            .select_for_update(of=("self",))
        )
        self._disputes = _by_name(disputes.select_related("payment"))
        self._notices = _by_name(notices)
        self._brought = {each.payment_id: each for each in notices if each.payment_id}
        self._done = self._settled_before()

    def take(self, line: records.SettlementLine) -> models.SettlementLine:
        """Compare a line with the ledger and settle what matches; the row of it, to be stored."""
        ours = self._find(line)
        expected = self._expected(line, ours) if ours else None
        cause = compare(line, expected)
        row = models.SettlementLine(
            organisation_id=self._actor.organisation_id,
            processor=self._processor,
            provider_id=line.id,
            kind=line.kind,
            reference=line.reference,
            is_live=self._is_live(ours),
            amount_minor=line.amount.minor,
            fee_minor=line.fee.minor,
            currency=line.amount.currency,
            state=LineState.UNMATCHED if cause else LineState.MATCHED,
            cause=cause or "",
            difference_minor=difference(line, expected).minor if cause else 0,
            **_about(ours),
        )
        if ours is not None and cause is None:
            _settle(ours, line, self._processor)
            self._done.add(_key(ours, line.amount.minor))
        return row

    def _find(self, line: records.SettlementLine) -> Ours | None:
        if line.kind == "refund":
            return self._refunds.get(str(line.ours)) or self._refunds.get(line.reference)
        if line.kind == "dispute":
            return self._disputes.get(line.reference)
        if line.kind != "payment":
            return None
        payment = self._payments.get(str(line.ours)) or self._payments.get(line.reference)
        is_paid = payment is not None and payment.state == State.CAPTURED
        if is_paid:
            return payment
        brought = self._notices.get(line.reference)
        return brought or (payment and self._brought.get(payment.id)) or payment

    def _expected(self, line: records.SettlementLine, ours: Ours) -> Expected:
        is_settled = _key(ours, line.amount.minor) in self._done
        if isinstance(ours, models.Payment):
            return Expected(
                amount=ours.amount,
                fee=_fee(ours.fee_minor, ours.currency),
                has_moved=ours.state == State.CAPTURED,
                is_settled=is_settled or ours.settled_on is not None,
            )
        if isinstance(ours, models.Refund):
            return Expected(
                amount=Money(-ours.amount_minor, ours.of.currency),
                fee=None,
                has_moved=ours.state in _OUT,
                is_settled=is_settled or ours.settled_on is not None,
            )
        if isinstance(ours, models.Notice):
            return Expected(amount=ours.amount, fee=None, has_moved=True, is_settled=is_settled)
        return _of_dispute(line, ours, is_settled=is_settled)

    def _is_live(self, ours: Ours | None) -> bool:
        """Of what nobody knows: as the processor is."""
        if isinstance(ours, models.Payment | models.Notice):
            return ours.is_live
        if isinstance(ours, models.Refund):
            return ours.of.is_live
        if isinstance(ours, models.Dispute):
            return ours.payment.is_live
        return any(each.slug == self._processor for each in installed())

    def _settled_before(self) -> set[tuple[UUID, int]]:
        """What lines before were about that leave no mark of their own, or were written off."""
        ours = [each.id for each in (*self._disputes.values(), *self._notices.values())]
        paid = [each.id for each in (*self._payments.values(), *self._refunds.values())]
        before = models.SettlementLine.visible_to(self._actor).filter(
            Q(state=LineState.MATCHED) & (Q(dispute__in=ours) | Q(notice__in=ours))
            | Q(written_off=True) & (Q(payment__in=paid) | Q(refund__in=paid))
        )
        rows = before.values_list(
            "dispute_id", "notice_id", "payment_id", "refund_id", "amount_minor"
        )
        return {(next(filter(None, each[:4])), each[4]) for each in rows}


def _by_name(rows: Any) -> dict[str, Any]:  # Any: of one kind of ours
    """By the processor's reference, and by our id."""
    found = list(rows)
    named = {getattr(each, "provider_id", ""): each for each in found if hasattr(each, "till_id")}
    named |= {each.processor_reference: each for each in found}
    named.pop("", None)
    return named | {str(each.id): each for each in found}


def _key(ours: Ours, minor: int) -> tuple[UUID, int]:
    return ours.id, minor


def _fee(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)


def _of_dispute(
    line: records.SettlementLine, dispute: models.Dispute, *, is_settled: bool
) -> Expected:
    """The processor keeps the sum back with a fee, and gives the sum again if it is won.

    One that tells of a dispute only when it is over has one line of the fee for what was won.
    """
    minor, currency = dispute.amount_minor, dispute.payment.currency
    is_won = dispute.state == DisputeState.WON
    is_back = is_won and line.amount.minor == minor
    amount = line.amount.minor if is_won and line.amount.minor in (0, minor) else -minor
    return Expected(
        amount=Money(amount, currency),
        fee=Money(0 if is_back else dispute.fee_minor, currency),
        has_moved=True,
        is_settled=is_settled,
    )


def _about(ours: Ours | None) -> dict[str, Any]:  # Any: the column that says what a line is about
    for name, kind in (
        ("payment", models.Payment),
        ("refund", models.Refund),
        ("dispute", models.Dispute),
        ("notice", models.Notice),
    ):
        if isinstance(ours, kind):
            return {name: ours}
    return {}


def _settle(ours: Ours, line: records.SettlementLine, processor: str) -> None:
    if isinstance(ours, models.Notice):
        books = Books(ours.organisation_id, ours.currency, is_live=ours.is_live)
        enter_fee(books, ours.id, line.fee, processor)
        return
    ours.settled_on = line.paid_out_on
    if isinstance(ours, models.Dispute):
        ours.save(update_fields=["settled_on"])
    elif isinstance(ours, models.Refund):
        ours.save(update_fields=["settled_on"])
        of = ours.of
        books = Books(ours.organisation_id, of.currency, is_live=of.is_live)
        enter_fee(books, ours.id, line.fee, processor)
        models.SettlementLine.found(ours)
    else:
        if ours.fee_minor is None:
            ours.fee_minor = line.fee.minor
            enter_fee(books_of(ours), ours.id, line.fee, processor)
        ours.save(update_fields=["settled_on", "fee_minor"])
        models.SettlementLine.found(ours)
        tell_settled(ours)
