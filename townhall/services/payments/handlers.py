"""What this service does when something happens below it."""

from townhall.capabilities.cases.events import CaseClosed
from townhall.capabilities.pay.events import (
    DisputeMoved,
    MoneyUnexpected,
    NoticeUnfit,
    PaymentSucceeded,
    RefundFailed,
    SettlementUnmatched,
)
from townhall.capabilities.pay.records import DisputeState
from townhall.machinery.events import on
from townhall.services.payments import operations
from townhall.services.payments.service import PAYMENTS


@on(NoticeUnfit)
def notice_unfit(event: NoticeUnfit) -> None:
    operations.ask_staff(PAYMENTS.acting_alone(event.organisation_id), event.notice_id)


@on(MoneyUnexpected)
def money_unexpected(event: MoneyUnexpected) -> None:
    operations.ask_whose_money(PAYMENTS.acting_alone(event.organisation_id), event.notice_id)


@on(PaymentSucceeded)
def payment_succeeded(event: PaymentSucceeded) -> None:
    operations.send_receipt(PAYMENTS.acting_alone(event.organisation_id), event.payment_id)


@on(RefundFailed, service="")  # of unexpected money: the subject is the notice that brought it
def return_failed(event: RefundFailed) -> None:
    operations.ask_about_return(PAYMENTS.acting_alone(event.organisation_id), event.subject_id)


@on(DisputeMoved, state=DisputeState.NEEDS_RESPONSE)
def dispute_opened(event: DisputeMoved) -> None:
    us = PAYMENTS.acting_alone(event.organisation_id)
    operations.ask_to_answer(us, event.dispute_id, event.payment_id)


@on(SettlementUnmatched)
def settlement_unmatched(event: SettlementUnmatched) -> None:
    us = PAYMENTS.acting_alone(event.organisation_id)
    operations.ask_to_explain(us, event.event_id, processor=event.processor, count=event.count)


@on(CaseClosed, service=PAYMENTS.slug, kind=operations.UNEXPECTED)
def whose_money_decided(event: CaseClosed) -> None:
    operations.carry_out_decision(
        PAYMENTS.acting_alone(event.organisation_id),
        event.subject_id,
        outcome=event.outcome,
        note=event.note,
    )
