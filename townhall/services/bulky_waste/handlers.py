"""What this service does when something happens below it."""

from townhall.capabilities.cases.events import CaseClosed
from townhall.capabilities.pay.events import (
    PaymentFailed,
    PaymentSucceeded,
    RefundFailed,
    RefundSucceeded,
)
from townhall.machinery.actors import Actor
from townhall.machinery.dial_values import DialTurned
from townhall.machinery.events import PersonErased, on
from townhall.machinery.holdings import ERASE
from townhall.machinery.money import Money
from townhall.services.bulky_waste import operations
from townhall.services.bulky_waste.service import BULKY_WASTE


@on(PaymentSucceeded, service=BULKY_WASTE.slug)
def payment_succeeded(event: PaymentSucceeded) -> None:
    service = BULKY_WASTE.acting_alone(event.organisation_id)
    operations.book_collection(service, event.subject_id, payment_id=event.payment_id)


@on(PaymentFailed, service=BULKY_WASTE.slug, cause="expired")
def payment_expired(event: PaymentFailed) -> None:
    service = BULKY_WASTE.acting_alone(event.organisation_id)
    operations.lapse_collection(service, event.subject_id)


@on(CaseClosed, service=BULKY_WASTE.slug)
def case_closed(event: CaseClosed) -> None:
    operations.carry_out_decision(
        BULKY_WASTE.acting_alone(event.organisation_id),
        event.subject_id,
        case_id=event.case_id,
        outcome=event.outcome,
        note=event.note,
    )


@on(RefundSucceeded, service=BULKY_WASTE.slug)
def refund_succeeded(event: RefundSucceeded) -> None:
    service = BULKY_WASTE.acting_alone(event.organisation_id)
    assert event.payment_id is not None  # only money that no service waited for has none
    operations.note_refund(
        service,
        event.subject_id,
        payment_id=event.payment_id,
        amount=Money(event.amount_minor),
    )


@on(RefundFailed, service=BULKY_WASTE.slug)
def refund_failed(event: RefundFailed) -> None:
    service = BULKY_WASTE.acting_alone(event.organisation_id)
    operations.note_refund_failed(service, event.subject_id, amount=Money(event.amount_minor))


@on(DialTurned, owner=BULKY_WASTE.slug)
def dial_turned(event: DialTurned) -> None:
    operations.follow_dials(BULKY_WASTE.acting_alone(event.organisation_id))


@on(PersonErased)
def person_erased(event: PersonErased) -> None:
    us = Actor(BULKY_WASTE.name, frozenset({ERASE}), event.organisation_id)
    operations.forget_person(us, event.person_id, addresses=event.reached_at)
