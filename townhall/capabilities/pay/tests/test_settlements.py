from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from townhall.capabilities.pay import models, operations, permissions, queries, records
from townhall.capabilities.pay.errors import NoSuchLine, NoSuchProcessor, NotInThatState
from townhall.capabilities.pay.providers import SANDBOX
from townhall.capabilities.pay.records import CardResult, LineState, Mismatch
from townhall.capabilities.pay.rules.matching import Expected, compare, difference
from townhall.capabilities.pay.tests import make
from townhall.machinery.errors import Invalid, NotAllowed
from townhall.machinery.money import Money

pytestmark = pytest.mark.django_db

FINANCE = make.actor(permissions.ACCOUNT)
TODAY = timezone.localdate()
FEE = Money(25)  # the sandbox's, of twenty pounds


def make_line(reference: str = "x", **changes: Any) -> records.SettlementLine:  # Any: its fields
    about: dict[str, Any] = {
        "id": uuid4().hex,
        "payout": "po-1",
        "paid_out_on": TODAY,
        "kind": "payment",
        "reference": reference,
        "amount": make.TWENTY_POUNDS,
        "fee": FEE,
    }
    return records.SettlementLine(**(about | changes))


def record(*lines: records.SettlementLine) -> records.Imported:
    return operations.record_settlement(make.PROCESSOR, processor=SANDBOX, lines=lines)


def unmatched() -> list[records.StoredLine]:
    return list(queries.list_unmatched_lines(FINANCE).rows)


def happened_yesterday() -> None:
    yesterday = timezone.now() - timedelta(days=1)
    models.SandboxCheckout.objects.exclude(captured_at=None).update(captured_at=yesterday)
    models.SandboxRefund.objects.update(made_at=yesterday)
    models.SandboxDispute.objects.exclude(settled_at=None).update(settled_at=yesterday)


@pytest.mark.parametrize(
    ("line", "ours", "cause", "minor"),
    [
        ({}, {}, None, None),
        ({}, {"fee": None}, None, None),
        ({}, None, Mismatch.UNKNOWN, 1975),
        ({"kind": "adjustment"}, None, Mismatch.ADJUSTMENT, 1975),
        ({}, {"is_settled": True}, Mismatch.TWICE, 1975),
        ({}, {"has_moved": False}, Mismatch.NOT_PAID, 1975),
        ({"amount": Money(1900)}, {}, Mismatch.OTHER_AMOUNT, -100),
        ({"amount": Money(1900)}, {"fee": None}, Mismatch.OTHER_AMOUNT, -125),
        ({"amount": Money(2000, "EUR"), "fee": Money(25, "EUR")}, {}, Mismatch.OTHER_AMOUNT, 1975),
        ({"fee": Money(30)}, {}, Mismatch.OTHER_FEE, -5),
    ],
)
def test_a_line_matches_or_says_why_not_and_by_how_much(
    line: dict[str, Any],
    ours: dict[str, Any] | None,
    cause: Mismatch | None,
    minor: int | None,
) -> None:
    known: dict[str, Any] = {  # Any: of Expected
        "amount": make.TWENTY_POUNDS,
        "fee": FEE,
        "has_moved": True,
        "is_settled": False,
    }
    expected = None if ours is None else Expected(**(known | ours))

    assert compare(make_line(**line), expected) == cause
    assert cause is None or difference(make_line(**line), expected).minor == minor


def test_what_matches_is_settled_and_the_money_stands_at_the_bank() -> None:
    payment = make.make_paid_payment()
    refund = operations.refund_payment(
        make.SERVICE, payment.id, amount=Money(500), reason="Too much"
    )
    operations.take_refund(refund_id=refund.id, organisation_id=make.TOWN)
    happened_yesterday()

    operations.read_settlements_of(processor=SANDBOX)

    settled = queries.get_payment(make.SERVICE, payment.id)
    given = queries.list_refunds(make.SERVICE, payment_id=payment.id)[0]
    assert (settled.settled_on, settled.fee) == (TODAY, FEE)
    assert given.settled_on == TODAY
    assert unmatched() == []
    assert make.balances() == {
        ("bank", ""): 1475,
        ("fees", "sandbox"): 25,
        ("takings", "parking"): -1500,
    }


def test_reading_a_report_again_changes_nothing() -> None:
    make.make_paid_payment()
    happened_yesterday()
    operations.read_settlements_of(processor=SANDBOX)
    before = make.balances()

    operations.read_settlements_of(processor=SANDBOX)

    assert make.balances() == before
    assert models.SettlementLine.objects.count() == models.Settlement.objects.count() == 1


@pytest.mark.parametrize("result", [CardResult.DISPUTED_AND_LOST, CardResult.DISPUTED_AND_WON])
def test_a_dispute_is_settled_as_the_sandbox_decides_it(result: CardResult) -> None:
    payment = make.make_paid_payment(result=result)
    checkout = models.SandboxCheckout.objects.get(payment_id=payment.id)
    dispute = models.SandboxDispute.objects.create(checkout=checkout, organisation_id=make.TOWN)
    begun = dispute.notice()
    dispute.advance(at=timezone.now())
    for about in (begun, dispute.notice()):
        notice = records.ProcessorNotice(id=f"{about.state}", about=about)
        operations.record_notice(make.PROCESSOR, processor=SANDBOX, notice=notice, body="{}")
    happened_yesterday()

    operations.read_settlements_of(processor=SANDBOX)

    assert unmatched() == []
    assert models.Dispute.objects.get().settled_on == TODAY
    assert ("processor", SANDBOX) not in make.balances()


def test_each_organisation_has_its_own_lines_and_what_nobody_knows_goes_to_the_first() -> None:
    theirs = make.actor(*make.SERVICE.may, organisation_id=make.OTHER_TOWN)
    payment = make.make_paid_payment()
    models.Payment.objects.filter(id=payment.id).update(organisation_id=make.OTHER_TOWN)
    lost = make.make_paid_payment()
    models.Payment.objects.filter(id=lost.id).update(processor_reference="another")
    happened_yesterday()

    operations.read_settlements_of(processor=SANDBOX)

    assert queries.get_payment(theirs, payment.id).settled_on == TODAY
    assert [line.cause for line in unmatched()] == [Mismatch.UNKNOWN]
    assert make.balances(make.OTHER_TOWN)["bank", ""] == 1975
    assert make.events("pay.settlement_unmatched")[0]["count"] == 1


def test_money_that_was_unexpected_matches_the_notice_that_brought_it() -> None:
    notice = make.record(make.make_notice("never-asked-for"))

    record(make_line("never-asked-for"))

    assert notice.brought_money
    assert unmatched() == []
    assert make.balances() == {
        ("bank", ""): 1975,
        ("fees", "sandbox"): 25,
        ("unexpected", ""): -2000,
    }


def test_what_was_paid_out_twice_is_listed() -> None:
    payment = make.make_paid_payment()

    taken = record(make_line(payment.processor_reference), make_line(payment.processor_reference))

    assert (taken.new, taken.unmatched) == (2, 1)
    assert [line.cause for line in unmatched()] == [Mismatch.TWICE]


def test_a_line_stays_listed_until_someone_explains_it() -> None:
    record(make_line())
    line = unmatched()[0]

    explained = operations.explain_line(FINANCE, line.id, reason="Next week's report has it")

    assert (explained.state, explained.reason) == (LineState.EXPLAINED, "Next week's report has it")
    assert unmatched() == []
    assert make.balances() == {("bank", ""): 1975, ("processor", SANDBOX): -1975}
    with pytest.raises(NotInThatState):
        operations.write_off_line(FINANCE, line.id, reason="Again")


@pytest.mark.parametrize("amount", [Money(1900), Money(2100)])
def test_writing_off_a_difference_leaves_the_processor_owing_nothing(amount: Money) -> None:
    payment = make.make_paid_payment()
    record(make_line(payment.processor_reference, amount=amount))

    written = operations.write_off_line(FINANCE, unmatched()[0].id, reason="Their rounding")

    assert written.written_off
    assert ("processor", SANDBOX) not in make.balances()
    assert make.balances()["written_off", ""] == 2000 - amount.minor + FEE.minor


def test_what_no_report_has_for_days_is_listed_until_it_comes() -> None:
    payment = make.make_paid_payment()
    long_ago = timezone.now() - timedelta(days=11)
    models.Payment.objects.filter(id=payment.id).update(settled_at=long_ago)
    operations.look_for_missing(organisation_id=make.TOWN)
    operations.look_for_missing(organisation_id=make.TOWN)
    listed = unmatched()

    record(make_line(payment.processor_reference))

    assert [(line.cause, line.payment_id) for line in listed] == [(Mismatch.MISSING, payment.id)]
    assert len(make.events("pay.settlement_unmatched")) == 1
    assert unmatched() == []
    assert ("processor", SANDBOX) not in make.balances()


def test_a_report_is_imported_from_a_file_once() -> None:
    payment = make.make_paid_payment()
    content = (
        "id,payout,paid_out_on,kind,reference,amount,fee,currency\n"
        f"t1,po-1,23/11/2026,payment,{payment.processor_reference},20.00,0.25,GBP\n"
        "t2,po-1,2026-11-23,adjustment,,-5.00,,GBP\n"
    ).encode()

    first = operations.import_settlement(FINANCE, content, processor=SANDBOX)
    again = operations.import_settlement(FINANCE, content, processor=SANDBOX)

    assert (first.new, first.unmatched) == (2, 1)
    assert (again.new, again.known) == (0, 2)
    assert [line.cause for line in unmatched()] == [Mismatch.ADJUSTMENT]


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"",
        b"id,payout\n",
        b"id,payout,paid_out_on,kind,reference,amount,fee,currency\n1,2,3\n",
        b"id,payout,paid_out_on,kind,reference,amount,fee,currency\na,b,2026-11-23,payment,r,NaN,0,GBP\n",
        b"id,payout,paid_out_on,kind,reference,amount,fee,currency\na,b,2026-11-23,payment,r,1e99,0,GBP\n",
        b"id,payout,paid_out_on,kind,reference,amount,fee,currency\na,b,2026-11-23,gift,r,1,0,GBP\n",
        b"id,payout,paid_out_on,kind,reference,amount,fee,currency\na,b,2026-11-23,payment,r\x00,1,0,GBP\n",
        b'id,payout,paid_out_on,kind,reference,amount,fee,currency\n"a',
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(content: bytes) -> None:
    with pytest.raises(Invalid):
        operations.import_settlement(FINANCE, content, processor=SANDBOX)


def test_nobody_settles_or_explains_without_the_permission_or_for_others() -> None:
    record(make_line())
    line = unmatched()[0]
    others = make.actor(permissions.ACCOUNT, organisation_id=make.OTHER_TOWN)

    with pytest.raises(NotAllowed):
        operations.explain_line(make.SERVICE, line.id, reason="No")
    with pytest.raises(NotAllowed):
        operations.import_settlement(make.SERVICE, b"", processor=SANDBOX)
    with pytest.raises(NoSuchProcessor):
        operations.import_settlement(FINANCE, b"", processor="nobody")
    with pytest.raises(NoSuchLine):
        operations.write_off_line(others, line.id, reason="Not ours")
    with pytest.raises(Invalid):
        operations.explain_line(FINANCE, line.id, reason=" ")


def test_a_page_of_payouts_is_read_in_one_statement_however_many_lines_they_have(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    record(*(make_line() for _each in range(3)))
    record(make_line(payout="po-2", kind="adjustment"))

    with django_assert_num_queries(1):
        rows = queries.list_settlements(FINANCE).rows

    assert sorted((row.payout, row.lines, row.unmatched) for row in rows) == [
        ("po-1", 3, 3),
        ("po-2", 1, 1),
    ]
