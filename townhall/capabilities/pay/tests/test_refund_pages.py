"""Refunds over HTTP: asked for, looked at, and approved by a second person."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from townhall.capabilities.pay import models, operations, queries
from townhall.capabilities.pay.records import RefundState
from townhall.capabilities.pay.tests import make, staff
from townhall.capabilities.pay.tests.staff import get, post, text_of, url
from townhall.machinery.money import Money
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def staff_ask(settings: Settings) -> None:
    settings.ACTORS = "townhall.capabilities.pay.tests.staff.who_asks"


def propose(minor: int = 20_000) -> models.Refund:
    payment = make.make_paid_payment(amount=Money(30_000))
    operations.refund_by_staff(staff.CLERK, payment.id, amount=Money(minor), reason="Moved away")
    return models.Refund.objects.get()


def test_part_of_a_payment_after_a_look_at_the_answers() -> None:
    payment = make.make_paid_payment()
    client = Client(headers={"X-Test-Actor": "clerk"})
    answers = {"how": "partial", "amount": "5.50", "reason": "A day too many"}

    asked = client.post(url("refund", payment.id), answers)
    shown = text_of(client.get(asked["Location"]))
    for _time in range(2):
        client.post(url("check_refund", payment.id), {})

    (refund,) = queries.list_refunds(make.SERVICE, payment_id=payment.id)
    assert "Refund £5.50" in shown
    assert (refund.amount, refund.reason) == (Money(550), "A day too many")
    assert refund.state == RefundState.REQUESTED


def test_answers_are_still_there_to_be_changed() -> None:
    payment = make.make_paid_payment()
    client = Client(headers={"X-Test-Actor": "clerk"})
    answers = {"how": "partial", "amount": "5.50", "reason": "A day too many"}
    client.post(url("refund", payment.id), answers)

    page = text_of(client.get(url("refund", payment.id)))

    assert 'value="5.50"' in page
    assert "A day too many" in page


def test_a_second_small_one_says_before_that_it_waits() -> None:
    payment = make.make_paid_payment(amount=Money(40_000))
    operations.refund_by_staff(staff.CLERK, payment.id, amount=Money(6_000), reason="")
    client = Client(headers={"X-Test-Actor": "clerk"})
    client.post(url("refund", payment.id), {"how": "partial", "amount": "60", "reason": "x"})

    page = text_of(client.get(url("check_refund", payment.id)))

    assert "Propose the refund" in page


def test_all_that_is_left() -> None:
    payment = make.make_paid_payment()
    client = Client(headers={"X-Test-Actor": "clerk"})
    operations.refund_by_staff(staff.CLERK, payment.id, amount=Money(1), reason="")

    client.post(url("refund", payment.id), {"how": "full", "amount": "x", "reason": "Asked"})
    client.post(url("check_refund", payment.id), {})

    assert models.Payment.objects.get(id=payment.id).refunded_minor == 2000


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"how": "partial", "reason": "x"},
        {"how": "partial", "amount": "20.01", "reason": "x"},
        {"how": "partial", "amount": "0", "reason": "x"},
        {"how": "full", "reason": "x" * 201},
    ],
)
def test_wrong_answers_are_said(answers: dict[str, object]) -> None:
    payment = make.make_paid_payment()

    assert post(url("refund", payment.id), answers).status_code == 422


def test_a_large_one_waits_for_a_second_person() -> None:
    refund = propose()

    page = text_of(get(url("approvals"), by="second"))
    answer = post(url("decide_refund", refund.id), {"decision": "approve"}, by="second")

    run_tasks()
    refund.refresh_from_db()
    assert "Moved away" in page
    assert answer.status_code == 302
    assert (refund.state, refund.approved_by) == ("succeeded", staff.SECOND.person_id)


def test_the_second_person_says_no() -> None:
    refund = propose()

    post(url("decide_refund", refund.id), {"decision": "reject"}, by="second")

    assert models.Payment.objects.get().refunded_minor == 0


def test_who_proposed_it_cannot_approve_it() -> None:
    payment = make.make_paid_payment(amount=Money(30_000))
    refund = operations.refund_by_staff(
        staff.BOTH, payment.id, amount=Money(20_000), reason="Moved"
    )

    page = text_of(get(url("decide_refund", refund.id)))
    answer = post(url("decide_refund", refund.id), {"decision": "approve"})

    assert "someone else must approve it" in page
    assert (answer.status_code, models.Refund.objects.get().state) == (422, "proposed")


def test_not_without_the_permission() -> None:
    refund = propose()

    for page in (url("approvals"), url("decide_refund", refund.id)):
        assert get(page, by="clerk").status_code == 403
    assert get(url("refund", refund.payment_id), by="second").status_code == 403
