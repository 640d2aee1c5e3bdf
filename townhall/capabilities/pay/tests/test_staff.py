"""What staff find, call off and write off, through the doors."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from townhall.capabilities.pay import models, operations, queries, records
from townhall.capabilities.pay.errors import (
    ChangedMeanwhile,
    MoreThanBalance,
    NoSuchAccount,
    NoSuchAgreement,
    NoSuchDispute,
    NoSuchEntry,
    NoSuchPayment,
    NoSuchRefund,
    NotInThatState,
)
from townhall.capabilities.pay.queries.staff import STATES
from townhall.capabilities.pay.records import (
    AgreementState,
    CardResult,
    DisputeState,
    Purpose,
    Search,
    Span,
    Stage,
    State,
)
from townhall.capabilities.pay.tests import make, staff
from townhall.machinery.errors import Invalid, NotAllowed
from townhall.machinery.models import AuditEntry
from townhall.machinery.money import Money
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db


def found(**search: Any) -> list[str]:  # Any: of a Search
    page = queries.search_payments(staff.CLERK, Search(**search))
    return [each.reference for each in page.rows]


def give_back(payment: records.Payment, minor: int, *, by: object = staff.CLERK) -> records.Refund:
    return operations.refund_by_staff(by, payment.id, amount=Money(minor), reason="Asked")  # type: ignore[arg-type]  # an Actor


def make_dispute(payment: records.Payment) -> models.Dispute:
    about = records.DisputeNotice(
        reference=f"dispute-{payment.id}",
        payment_reference=payment.processor_reference,
        state=DisputeState.NEEDS_RESPONSE,
        amount=payment.amount,
        fee=Money(1500),
        reason="fraudulent",
        answer_by=timezone.localdate() + timedelta(days=7),
    )
    make.record(records.ProcessorNotice(id=str(uuid4()), about=about))
    return models.Dispute.objects.get(payment_id=payment.id)


class TestSearch:
    def test_each_thing_narrows_the_list_to_what_has_it(self) -> None:
        paid = make.make_paid_payment(reference="PAID", service="parking", amount=Money(1234))
        declined = make.make_payment(reference="DECLINED", service="bins")
        make.authorise(declined, result=CardResult.DECLINED)
        make.make_payment(reference="OPEN", service="bins")
        models.Payment.objects.filter(id=paid.id).update(email="Ann@example.com")
        models.Payment.objects.filter(reference="OPEN").update(
            is_live=False, started_at=timezone.now() - timedelta(days=3)
        )
        give_back(paid, 100)
        today = timezone.localdate()

        assert found() == ["DECLINED", "PAID", "OPEN"]
        searches: list[tuple[dict[str, Any], list[str]]] = [  # Any: of a search
            ({"reference": "paid"}, ["PAID"]),
            ({"email": "ann@EXAMPLE.com"}, ["PAID"]),
            ({"cardholder": "a resi"}, ["DECLINED", "PAID"]),
            ({"cardholder": "resident"}, []),
            ({"last_digits": "4242"}, ["PAID"]),
            ({"stage": Stage.PAID}, ["PAID"]),
            ({"stage": Stage.REFUNDED}, ["PAID"]),
            ({"stage": Stage.DECLINED}, ["DECLINED"]),
            ({"stage": Stage.IN_PROGRESS}, ["OPEN"]),
            ({"service": "bins"}, ["DECLINED", "OPEN"]),
            ({"is_live": False}, ["OPEN"]),
            ({"amount": Money(1234)}, ["PAID"]),
            ({"first_on": today}, ["DECLINED", "PAID"]),
            ({"last_on": today - timedelta(days=1)}, ["OPEN"]),
            ({"service": "bins", "stage": Stage.PAID}, []),
        ]
        for search, references in searches:
            assert found(**search) == references, search

    def test_every_state_has_a_stage(self) -> None:
        stages = {state for states in STATES.values() for state in states}

        assert stages == set(State)

    @pytest.mark.parametrize("search", [Search(), Search(cardholder="A Res")])
    def test_a_list_of_25_costs_as_many_statements_as_one_of_2(self, search: Search) -> None:
        counts = []
        for number in (2, 24):
            for _each in range(number):
                payment = make.make_payment()
                models.Payment.objects.filter(id=payment.id).update(cardholder="A Resident")
            with CaptureQueriesContext(connection) as asked:
                page = queries.search_payments(staff.CLERK, search)
            counts.append(len(asked))

        rest = queries.search_payments(staff.CLERK, search, place=page.next_place)
        assert (len(page.rows), len(rest.rows)) == (25, 1)
        assert counts == [2, 2]  # the page, and the audit of it

    def test_who_took_payments_away_is_audited(self) -> None:
        payment = make.make_payment()

        queries.export_payments(staff.CLERK, Search())

        entry = AuditEntry.objects.get(action="pay.export_payments")
        assert entry.concerns == [payment.person_id]


def test_a_transaction_has_all_that_belongs_to_it() -> None:
    payment = make.make_paid_payment(amount=Money(30_000))
    give_back(payment, 20_000)
    operations.approve_refund(staff.SECOND, models.Refund.objects.get().id)
    run_tasks()
    make_dispute(payment)

    whole = queries.get_transaction(staff.CLERK, payment.id)

    assert whole.available == Money(10_000)
    assert whole.is_challenged
    assert [step.state for step in whole.steps][-1] == State.CAPTURED
    (refund,) = whole.refunds
    assert (refund.asked_by, refund.decided_by) == ("staff:clerk", "staff:second")
    assert refund.is_mine
    assert len(whole.disputes) == 1
    assert {entry.kind for entry in whole.entries} == {"payment", "refund", "chargeback", "fee"}


def test_a_refund_against_an_old_look_at_the_payment_gives_nothing() -> None:
    payment = make.make_paid_payment()
    give_back(payment, 500)

    with pytest.raises(ChangedMeanwhile):
        operations.refund_by_staff(
            staff.CLERK, payment.id, amount=Money(500), reason="", available=Money(2000)
        )


class TestCancelling:
    def test_a_payment_nobody_has_paid(self) -> None:
        payment = make.make_payment()

        for _time in range(2):
            cancelled = operations.cancel_payment_by_staff(staff.CLERK, payment.id)

        assert cancelled.state == State.CANCELLED

    def test_not_one_that_is_paid(self) -> None:
        with pytest.raises(NotInThatState):
            operations.cancel_payment_by_staff(staff.CLERK, make.make_paid_payment().id)

    def test_an_agreement(self) -> None:
        agreement = staff.make_agreement()

        for _time in range(2):
            cancelled = operations.cancel_agreement_by_staff(staff.CLERK, agreement.id)

        assert cancelled.state == AgreementState.CANCELLED
        assert cancelled.cancelled_at

    def test_not_one_that_was_never_active(self) -> None:
        agreement = staff.make_agreement(AgreementState.CREATED)

        with pytest.raises(NotInThatState):
            operations.cancel_agreement_by_staff(staff.CLERK, agreement.id)


class TestWritingOff:
    def write_off(self, purpose: Purpose, minor: int, **changes: Any) -> records.Entry:
        account = models.Account.objects.get(purpose=purpose)
        about: dict[str, Any] = {  # Any: as above
            "amount": Money(minor),
            "reason": "The processor's rounding",
            "reference": uuid4(),
        }
        return operations.write_off(staff.BOTH, account.pk, **(about | changes))

    def test_brings_what_a_processor_owes_nearer_to_nothing(self) -> None:
        make.make_paid_payment(amount=Money(2000))

        self.write_off(Purpose.PROCESSOR, 30)

        assert make.balances() == {
            ("processor", "sandbox"): 1970,
            ("takings", "parking"): -2000,
            ("written_off", ""): 30,
        }

    def test_brings_money_that_nobody_asks_for_nearer_to_nothing(self) -> None:
        make.record(make.make_notice("unknown"))

        self.write_off(Purpose.UNEXPECTED, 2000)

        assert make.balances() == {("processor", "sandbox"): 2000, ("written_off", ""): -2000}

    def test_twice_for_one_asking_writes_off_once(self) -> None:
        make.make_paid_payment(amount=Money(2000))
        reference = uuid4()

        first = self.write_off(Purpose.PROCESSOR, 1500, reference=reference)
        again = self.write_off(Purpose.PROCESSOR, 1500, reference=reference)

        assert first.id == again.id
        assert make.balances()["processor", "sandbox"] == 500

    def test_never_more_than_the_account_stands_at(self) -> None:
        make.make_paid_payment(amount=Money(2000))

        with pytest.raises(MoreThanBalance):
            self.write_off(Purpose.PROCESSOR, 2001)

    @pytest.mark.parametrize(
        "changes", [{"amount": Money(0)}, {"amount": Money(1, "EUR")}, {"reason": " "}]
    )
    def test_only_money_of_that_account_and_for_a_reason(self, changes: dict[str, object]) -> None:
        make.make_paid_payment(amount=Money(2000))

        with pytest.raises(Invalid):
            self.write_off(Purpose.PROCESSOR, 1, **changes)

    def test_takings_are_not_written_off(self) -> None:
        make.make_paid_payment()

        with pytest.raises(NoSuchAccount):
            self.write_off(Purpose.TAKINGS, 1)


class TestTheLedger:
    def test_all_accounts_cancel_out_live_apart_from_test(self) -> None:
        give_back(make.make_paid_payment(), 500)
        run_tasks()

        (trial,) = queries.list_trials(staff.BOTH)

        stands = {each.account.purpose: each.amount.minor for each in trial.balances}
        assert stands == {Purpose.PROCESSOR: 1500, Purpose.TAKINGS: -1500}
        assert (trial.total, trial.is_live) == (Money(0), True)

    def test_what_moved_on_an_account_newest_first_page_by_page(self) -> None:
        for _each in range(26):
            make.make_paid_payment(amount=Money(100))
        account = models.Account.objects.get(purpose=Purpose.TAKINGS)

        first = queries.list_account_lines(staff.BOTH, account.pk)
        rest = queries.list_account_lines(staff.BOTH, account.pk, place=first.next_place)

        ids = [line.id for line in [*first.rows, *rest.rows]]
        assert (len(first.rows), len(rest.rows)) == (25, 1)
        assert ids == sorted(ids, reverse=True)

    def test_an_entry_leads_to_the_payment_that_it_is_about(self) -> None:
        payment = make.make_paid_payment()
        give_back(payment, 500)
        run_tasks()
        entries = models.Entry.objects.filter(organisation_id=make.TOWN)

        shown = [queries.get_entry(staff.BOTH, entry.id) for entry in entries]

        assert {each.entry.kind for each in shown} == {"payment", "refund"}
        assert {each.payment_id for each in shown} == {payment.id}
        assert {each.entry.note for each in shown} == {""}  # "Asked" may say more of a person


class TestTakings:
    def takings(self, span: Span = Span.DAY, **changes: Any) -> records.Takings:
        today = timezone.localdate()
        about: dict[str, Any] = {  # Any: as above
            "first_on": today - timedelta(days=6),
            "last_on": today,
            "span": span,
        }
        return queries.get_takings(staff.CLERK, **(about | changes))

    def test_live_money_by_day_and_service(self) -> None:
        give_back(make.make_paid_payment(amount=Money(2000)), 500)
        make.make_paid_payment(amount=Money(100), service="bins")
        make.authorise(make.make_payment(), result=CardResult.DECLINED)
        test = make.make_paid_payment(amount=Money(999))
        models.Payment.objects.filter(id=test.id).update(is_live=False)
        run_tasks()

        taken = self.takings()

        total = taken.total
        assert (total.paid, total.failed, total.refunds) == (2, 1, 1)
        assert (total.taken, total.refunded, total.kept) == (Money(2100), Money(500), Money(1600))
        assert [each.service for each in taken.services] == ["parking", "bins"]
        assert [each.sums.paid for each in taken.spans] == [0, 0, 0, 0, 0, 0, 2]
        assert self.takings(service="bins").total.taken == Money(100)
        assert self.takings(currency="EUR").total.paid == 0

    @pytest.mark.parametrize("span", [Span.WEEK, Span.MONTH])
    def test_weeks_begin_on_monday_and_months_on_the_first(self, span: Span) -> None:
        make.make_paid_payment(amount=Money(2000))

        last = self.takings(span).spans[-1]

        today = timezone.localdate()
        begins = {
            Span.WEEK: today - timedelta(days=today.weekday()),
            Span.MONTH: today.replace(day=1),
        }
        assert (last.first_on, last.sums.taken) == (begins[span], Money(2000))

    def test_a_year_at_most(self) -> None:
        with pytest.raises(Invalid):
            self.takings(first_on=timezone.localdate() - timedelta(days=366))


def test_staff_of_another_organisation_find_nothing() -> None:
    payment = make.make_paid_payment(amount=Money(30_000))
    refund = give_back(payment, 20_000)
    dispute = make_dispute(payment)
    agreement = staff.make_agreement()
    account = models.Account.objects.get(purpose=Purpose.PROCESSOR)
    entry = models.Entry.objects.filter(organisation_id=make.TOWN).first()
    assert entry is not None
    them, today = staff.OUTSIDER, timezone.localdate()

    assert queries.search_payments(them, Search()).rows == []
    assert queries.export_payments(them, Search()).rows == []
    assert queries.list_proposed_refunds(them).rows == []
    assert queries.search_agreements(them).rows == []
    assert queries.search_disputes(them).rows == []
    assert queries.list_payments_of_agreement(them, agreement.id).rows == []
    assert queries.list_trials(them) == []
    assert queries.list_account_lines(them, account.pk).rows == []
    assert queries.export_entries(them, first_on=today, last_on=today).rows == []
    takings = queries.get_takings(them, first_on=today, last_on=today, span=Span.DAY)
    assert takings.total.paid == 0
    write_off: dict[str, Any] = {"amount": Money(1), "reason": "x", "reference": uuid4()}
    asks: list[tuple[type[Exception], Callable[[], object]]] = [
        (NoSuchPayment, lambda: queries.get_transaction(them, payment.id)),
        (NoSuchPayment, lambda: operations.cancel_payment_by_staff(them, payment.id)),
        (NoSuchRefund, lambda: queries.get_proposed_refund(them, refund.id)),
        (NoSuchDispute, lambda: queries.get_dispute(them, dispute.id)),
        (NoSuchAgreement, lambda: queries.get_staff_agreement(them, agreement.id)),
        (NoSuchAgreement, lambda: operations.cancel_agreement_by_staff(them, agreement.id)),
        (NoSuchAccount, lambda: queries.get_balance(them, account.pk)),
        (NoSuchAccount, lambda: operations.write_off(them, account.pk, **write_off)),
        (NoSuchEntry, lambda: queries.get_entry(them, entry.id)),
    ]
    for refused, ask in asks:
        with pytest.raises(refused):
            ask()


Ask = Callable[..., object]


@pytest.mark.parametrize(
    ("ask", "arguments"),
    [
        (queries.search_payments, (Search(),)),
        (queries.get_transaction, (uuid4(),)),
        (queries.list_proposed_refunds, ()),
        (queries.search_disputes, ()),
        (queries.list_trials, ()),
        (operations.cancel_payment_by_staff, (uuid4(),)),
        (operations.cancel_agreement_by_staff, (uuid4(),)),
        (operations.write_off, (1,)),
    ],
)
def test_not_without_the_permission(ask: Ask, arguments: tuple[object, ...]) -> None:
    with pytest.raises(NotAllowed):
        ask(staff.STRANGER, *arguments)


def test_who_proposed_a_refund_is_known_to_its_approver() -> None:
    payment = make.make_paid_payment(amount=Money(30_000))
    refund = give_back(payment, 20_000, by=staff.BOTH)

    mine = queries.get_proposed_refund(staff.BOTH, refund.id)
    theirs = queries.get_proposed_refund(staff.SECOND, refund.id)

    assert (mine.refund.is_mine, theirs.refund.is_mine) == (True, False)
