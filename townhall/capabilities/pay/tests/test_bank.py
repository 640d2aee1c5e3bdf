from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from townhall.capabilities.pay import models, operations, permissions, queries, records
from townhall.capabilities.pay.errors import NoSuchRefund, NotOffered
from townhall.capabilities.pay.providers import offered_for
from townhall.capabilities.pay.providers.bank import Bank, find_reference, make_reference
from townhall.capabilities.pay.records import Misfit, Mode, NoticeState, RefundState, State
from townhall.capabilities.pay.tests import make, trials
from townhall.capabilities.pay.tests.trials import FINANCE, make_receipt
from townhall.machinery.errors import Invalid, NotAllowed
from townhall.machinery.money import Money

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def bank(settings: Settings):  # type: ignore[no-untyped-def]  # a generator of nothing
    with trials.installed(settings, trials.BankTrial().installed):
        yield


def make_awaited(**changes: object) -> records.Payment:
    """A payment whose payer has been told how to pay it."""
    in_days = {"expires_at": timezone.now() + timedelta(days=10)}
    payment = make.make_payment(**(in_days | changes))
    operations.open_at_processor(
        make.PAYER, payment.id, processor="bank", return_url="", notice_url=""
    )
    return queries.get_payment(make.SERVICE, payment.id)


def receive(payment: records.Payment, **changes: object) -> records.Notice:
    about = make_receipt(payment.processor_reference, payment)
    values = {name: getattr(about, name) for name in about.__dataclass_fields__}
    return operations.record_receipt(FINANCE, records.Receipt(**(values | changes)))


def is_offered(payment: records.Payment) -> bool:
    return any(isinstance(each, Bank) for each in offered_for(payment))


def test_the_payer_is_told_where_to_pay_and_under_which_reference() -> None:
    payment = make_awaited()

    told = queries.find_instructions(make.PAYER, payment.id)

    assert told is not None
    assert (told.account_name, told.sort_code, told.account_number) == (
        "Newtown Council",
        "20-00-00",
        "55779911",
    )
    assert told.reference.replace(" ", "") == payment.processor_reference
    assert len(payment.processor_reference) <= 18


def test_their_page_says_how(client: Client) -> None:
    in_days = timezone.now() + timedelta(days=10)
    payment = make.make_payment(expires_at=in_days)
    link = operations.open_checkout(
        make.SERVICE, payment.id, return_url=make.RETURN_URL, language="en"
    )

    shown = client.get(link.replace("http://testserver", ""), follow=True).content.decode()

    reference = queries.get_payment(make.SERVICE, payment.id).processor_reference
    for words in ("How to pay", "Newtown Council", "20-00-00", "55779911", reference[:4]):
        assert words in shown
    assert 'id="card-no"' not in shown


def test_a_reference_is_found_in_what_people_write_and_not_when_it_is_mistyped() -> None:
    reference = make_reference(uuid4())
    other = "3" if reference[-1] != "3" else "4"

    assert find_reference(f"Permit {reference[:4].lower()} {reference[4:8]}-{reference[8:]}.") == (
        reference
    )
    assert find_reference(reference[:-1] + other) == ""


def test_it_is_offered_only_to_those_who_have_days() -> None:
    in_an_hour = make.make_payment(expires_at=timezone.now() + timedelta(hours=1))
    in_a_week = make.make_payment(expires_at=timezone.now() + timedelta(days=7))

    assert not is_offered(in_an_hour)
    assert is_offered(in_a_week)


@pytest.mark.parametrize(
    "changes",
    [
        {"moto": True},
        {"delayed_capture": True},
        {"sets_up_agreement": True},
        {"mode": Mode.MOTO_API},
    ],
)
def test_it_is_not_offered_where_a_card_is_needed(changes: dict[str, object]) -> None:
    payment = make.make_payment(expires_at=timezone.now() + timedelta(days=7))
    models.Payment.objects.filter(id=payment.id).update(**changes)

    assert not is_offered(queries.get_payment(make.SERVICE, payment.id))


def test_the_payer_of_a_till_gets_two_weeks_when_they_choose_it() -> None:
    till = models.Till.objects.create(
        organisation_id=make.TOWN, name="Library", slug="library", is_live=True
    )
    payment = make.make_payment()
    models.Payment.objects.filter(id=payment.id).update(till=till)

    operations.open_at_processor(
        make.PAYER, payment.id, processor="bank", return_url="", notice_url=""
    )

    left = queries.get_payment(make.SERVICE, payment.id).expires_at - timezone.now()
    assert timedelta(days=13) < left <= timedelta(days=14)


def test_a_receipt_pays_once_however_often_it_is_recorded() -> None:
    payment = make_awaited()

    first = receive(payment, number="17")
    again = receive(payment, number="17")

    assert first == again
    assert queries.get_payment(make.SERVICE, payment.id).state == State.CAPTURED
    assert make.balances() == {("processor", "bank"): 2000, ("takings", "parking"): -2000}


@pytest.mark.parametrize("amount", [Money(1500), Money(2500)])
def test_another_amount_is_unexpected_money_and_so_is_what_comes_after_it(amount: Money) -> None:
    payment = make_awaited()

    part = receive(payment, amount=amount)
    rest = receive(payment, amount=Money(500))

    assert (part.cause, rest.cause) == (Misfit.WRONG_AMOUNT, Misfit.OTHER_REFERENCE)
    assert make.balances()["unexpected", ""] == -amount.minor - 500
    assert queries.get_payment(make.SERVICE, payment.id).state == State.STARTED


def test_what_is_paid_twice_is_unexpected_money() -> None:
    payment = make_awaited()
    receive(payment)

    again = receive(payment)

    assert again.brought_money
    assert make.balances()["unexpected", ""] == -2000


def test_a_statement_is_taken_line_by_line_and_the_same_day_again_adds_nothing() -> None:
    payment = make_awaited()
    content = (
        "Date,Amount,Reference,Payer\n"
        f"23/11/2026,£20.00,permit {payment.processor_reference.lower()},A RESIDENT\n"
        "2026-11-23,12.00,thanks,SOMEBODY\n"
        "2026-11-23,12.00,thanks,SOMEBODY\n"
        "2026-11-23,-500.00,wages,SOMEBODY ELSE\n"
    ).encode()

    first = operations.import_statement(FINANCE, content)
    again = operations.import_statement(FINANCE, content)

    assert (first.new, first.known, first.unmatched) == (3, 0, 2)
    assert (again.new, again.known) == (0, 3)
    assert queries.get_payment(make.SERVICE, payment.id).state == State.CAPTURED
    assert make.balances()["unexpected", ""] == -2400


def test_lines_of_another_organisation_are_left_alone() -> None:
    payment = make_awaited()
    content = f"date,amount,reference,payer\n2026-11-23,20,{payment.processor_reference},A\n"
    others = make.actor(permissions.ACCOUNT, organisation_id=make.OTHER_TOWN)

    taken = operations.import_statement(others, content.encode())

    assert (taken.new, taken.of_others) == (0, 1)


def test_a_refund_waits_until_staff_have_paid_it() -> None:
    payment = make_awaited()
    receive(payment, payer="MS R RESIDENT")
    refund = operations.refund_payment(
        make.SERVICE, payment.id, amount=Money(500), reason="Too much"
    )
    operations.take_refund(refund_id=refund.id, organisation_id=make.TOWN)
    waiting = queries.list_to_pay_back(FINANCE).rows

    paid = operations.confirm_paid_back(FINANCE, refund.id, paid_on=TODAY)
    operations.confirm_paid_back(FINANCE, refund.id, paid_on=TODAY)

    assert [(row.refund_id, row.payer) for row in waiting] == [(refund.id, "MS R RESIDENT")]
    assert paid.state == RefundState.SUCCEEDED
    assert queries.list_to_pay_back(FINANCE).rows == []
    assert make.balances() == {("processor", "bank"): 1500, ("takings", "parking"): -1500}


def test_a_refund_that_cannot_be_paid_is_free_again() -> None:
    payment = make_awaited()
    receive(payment)
    refund = operations.refund_payment(
        make.SERVICE, payment.id, amount=Money(500), reason="Too much"
    )

    failed = operations.give_up_paying_back(FINANCE, refund.id, tried_on=TODAY)

    assert failed.state == RefundState.FAILED
    assert queries.get_payment(make.SERVICE, payment.id).refunded == Money(0)


def test_what_the_statement_had_is_settled_and_what_the_counter_took_is_not_yet() -> None:
    by_bank, at_counter = make_awaited(), make_awaited()
    receive(by_bank)
    receive(at_counter, is_counter=True, number="18")

    operations.read_settlements_of(processor="bank")

    assert queries.get_payment(make.SERVICE, by_bank.id).settled_on == TODAY
    assert queries.get_payment(make.SERVICE, at_counter.id).settled_on is None
    assert make.balances() == {
        ("bank", ""): 2000,
        ("processor", "bank"): 2000,
        ("takings", "parking"): -4000,
    }


def test_money_after_the_time_to_pay_is_unexpected() -> None:
    payment = make_awaited()
    make.let_expire(payment)
    operations.follow_up_payments()

    late = receive(payment)

    assert (late.state, late.cause) == (NoticeState.UNFIT, Misfit.PAID_TOO_LATE)


def test_nobody_records_money_without_the_permission_or_nonsense(settings: Settings) -> None:
    payment = make_awaited()
    receipt = make_receipt(payment.processor_reference, payment)

    with pytest.raises(NotAllowed):
        operations.record_receipt(make.SERVICE, receipt)
    with pytest.raises(Invalid):
        receive(payment, amount=Money(0))
    with pytest.raises(Invalid):
        operations.import_statement(FINANCE, b"date,amount,reference,payer\n1,2,3,4\n")
    with pytest.raises(NoSuchRefund):
        operations.confirm_paid_back(FINANCE, uuid4(), paid_on=TODAY)
    with (
        trials.installed(settings, trials.SandboxTrial().installed),
        pytest.raises(NotOffered),
    ):
        operations.record_receipt(FINANCE, receipt)
