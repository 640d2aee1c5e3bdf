"""From a notice that does not fit to a case, and the pages that staff resolve it with."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from townhall.capabilities.cases import permissions as cases
from townhall.capabilities.cases import queries as case_queries
from townhall.capabilities.cases.operations import close_case
from townhall.capabilities.cases.records import Case, View
from townhall.capabilities.identity.rules.rights import add_up
from townhall.capabilities.notify import permissions as notify_permissions
from townhall.capabilities.notify.queries import get_sandbox_message, list_sandbox_messages
from townhall.capabilities.notify.records import SandboxMessage
from townhall.capabilities.pay import operations as pay
from townhall.capabilities.pay import permissions as pay_permissions
from townhall.capabilities.pay import queries as pay_queries
from townhall.capabilities.pay import records
from townhall.machinery.actors import Actor, Permission
from townhall.machinery.dial_values import set_dial
from townhall.machinery.dials import SET_DIALS
from townhall.machinery.errors import NotAllowed, NotFound, Refused
from townhall.machinery.models import AuditEntry
from townhall.machinery.money import Money
from townhall.machinery.organisations import Organisation
from townhall.machinery.queue import run_waiting
from townhall.machinery.service import reaching_beyond
from townhall.machinery.testing import run_tasks
from townhall.machinery.wording import Wording
from townhall.services.payments import operations, queries
from townhall.services.payments.service import PAYMENTS, READ

pytestmark = pytest.mark.django_db

TOWN = UUID(int=1)
OTHER_TOWN = UUID(int=2)


def actor(*may: Permission, organisation_id: UUID = TOWN) -> Actor:
    return Actor("test", frozenset(may), organisation_id)


def organisation_for(request: HttpRequest) -> Organisation:
    return organisation()


def every_organisation() -> list[Organisation]:
    return [organisation()]


def organisation() -> Organisation:
    return Organisation(
        id=TOWN,
        slug="town",
        name=Wording("Test Town"),
        colour="#1d70b8",
        logo_url="",
        contact=Wording("Call us"),
    )


def caseworker(request: HttpRequest) -> Actor:
    return actor(*PAYMENTS.staff_roles["caseworker"])


def nobody(request: HttpRequest) -> Actor:
    return actor()


@pytest.fixture(autouse=True)
def staff(settings: Settings) -> None:
    settings.ORGANISATION = f"{__name__}.organisation_for"
    settings.ORGANISATIONS = f"{__name__}.every_organisation"
    settings.ACTORS = f"{__name__}.caseworker"


def make_payment(*, email: str = "") -> records.Payment:
    return pay.start_payment(
        actor(pay_permissions.START),
        service="parking",
        subject_id=uuid4(),
        person_id=uuid4(),
        amount=Money(2000),
        reference="PRK-1234",
        description="A parking permit",
        expires_at=timezone.now() + timedelta(minutes=30),
        email=email,
    )


def _record(notice: records.ProcessorNotice) -> records.Notice:
    recorder = actor(pay_permissions.RECORD)
    return pay.record_notice(recorder, processor="sandbox", notice=notice, body="{}")


def make_unfit(payment: records.Payment | None = None) -> records.Notice:
    """The processor's word that another sum was paid than we asked for, or for nothing known."""
    said = records.Outcome(
        reference=f"theirs-{uuid4()}",
        payment_id=payment.id if payment else None,
        word=records.Word.CAPTURED,
        amount=Money(1999),
    )
    notice = records.ProcessorNotice(id=str(uuid4()), about=said)
    return _record(notice)


def receipts() -> list[SandboxMessage]:
    """Those that have left."""
    reader = actor(notify_permissions.SEE_SANDBOX)
    return [get_sandbox_message(reader, line.id) for line in list_sandbox_messages(reader).rows]


def open_cases(organisation_id: UUID = TOWN) -> list[Case]:
    worker = actor(cases.WORK, organisation_id=organisation_id)
    return list(case_queries.list_cases(worker, view=View.ALL).rows)


class TestTheCase:
    def test_a_notice_that_does_not_fit_opens_one(self) -> None:
        payment = make_payment()
        notice = make_unfit(payment)

        run_tasks()

        (case,) = open_cases()
        assert (case.service, case.kind, case.subject_id) == (
            "payments",
            "unexpected-money",
            notice.id,
        )
        assert case.person_id == payment.person_id
        assert case.link == f"/payments/notices/{notice.id}/"
        assert "sum is not the one" in case.summary
        assert {each.code for each in case.outcomes} == {"give-back", "keep"}

    def test_one_of_an_unknown_reference_too(self) -> None:
        make_unfit()

        run_tasks()

        assert "never asked for" in open_cases()[0].summary

    def test_asking_twice_opens_one(self) -> None:
        notice = make_unfit()
        us = PAYMENTS.acting_alone(TOWN)

        operations.ask_whose_money(us, notice.id)
        operations.ask_whose_money(us, notice.id)

        assert len(open_cases()) == 1

    def test_it_stays_in_its_organisation(self) -> None:
        make_unfit()

        run_tasks()

        assert open_cases(OTHER_TOWN) == []

    def test_nobody_else_opens_one(self) -> None:
        with pytest.raises(NotAllowed):
            operations.ask_staff(actor(READ), uuid4())


class TestTheDecision:
    def decide(self, notice: records.Notice, outcome: str) -> None:
        us = PAYMENTS.acting_alone(TOWN)
        for _time in range(2):
            operations.carry_out_decision(us, notice.id, outcome=outcome, note="Looked it up")

    def test_money_that_goes_back_is_refunded_once(self) -> None:
        notice = make_unfit(make_payment())

        self.decide(notice, "give-back")

        (refund,) = pay_queries.list_refunds_of_notice(actor(pay_permissions.READ), notice.id)
        assert (refund.amount, refund.reason) == (Money(1999), "Looked it up")

    def test_money_that_is_ours_is_booked_once_and_cannot_go_back(self) -> None:
        notice = make_unfit(make_payment())

        self.decide(notice, "keep")

        with pytest.raises(Refused):
            self.decide(notice, "give-back")

    def test_nobody_else_decides(self) -> None:
        with pytest.raises(NotAllowed):
            operations.carry_out_decision(actor(READ), uuid4(), outcome="keep", note="")

    def test_closing_the_case_carries_it_out(self) -> None:
        notice = make_unfit(make_payment())
        run_tasks()
        (case,) = open_cases()

        close_case(actor(cases.WORK), case.id, outcome="give-back", note="")
        run_waiting(dropped=(pay.take_refund.name,))

        assert pay_queries.list_refunds_of_notice(actor(pay_permissions.READ), notice.id)


class TestOtherCases:
    def test_a_challenged_payment_is_one(self) -> None:
        payment = make_payment()
        dispute_id = uuid4()
        us = PAYMENTS.acting_alone(TOWN)

        for _time in range(2):
            operations.ask_to_answer(us, dispute_id, payment.id)

        (case,) = open_cases()
        assert (case.subject_id, case.person_id) == (dispute_id, payment.person_id)
        assert case.link == f"/pay/disputes/{dispute_id}/"

    def test_a_report_that_does_not_match_is_one(self) -> None:
        us, event_id = PAYMENTS.acting_alone(TOWN), uuid4()

        for _time in range(2):
            operations.ask_to_explain(us, event_id, processor="sandbox", count=3)

        (case,) = open_cases()
        assert (case.link, case.summary) == ("/pay/reconciliation/", "3 lines of sandbox")

    def test_nobody_else_opens_them(self) -> None:
        with pytest.raises(NotAllowed):
            operations.ask_to_answer(actor(READ), uuid4(), uuid4())
        with pytest.raises(NotAllowed):
            operations.ask_to_explain(actor(READ), uuid4(), processor="sandbox", count=1)


class TestTheReceipt:
    def test_a_payer_who_gave_an_address_gets_one_in_their_language(self) -> None:
        payment = make_payment(email="payer@resident.example")

        make_paid(payment)
        run_tasks()

        (sent,) = receipts()
        assert sent.subject == "Your payment for A parking permit"
        assert "£20" in sent.text

    def test_no_address_no_receipt(self) -> None:
        make_paid(make_payment())
        run_tasks()

        assert receipts() == []

    def test_none_where_the_organisation_sends_none(self) -> None:
        set_dial(actor(SET_DIALS), "payments", "receipts", value=False)

        make_paid(make_payment(email="payer@resident.example"))
        run_tasks()

        assert receipts() == []


class TestTheNotice:
    def test_staff_see_it_with_its_payment(self) -> None:
        payment = make_payment()
        notice = make_unfit(payment)

        unfit = queries.get_unfit_notice(actor(READ), notice.id)

        assert (unfit.notice, unfit.payment) == (notice, payment)

    def test_seeing_it_is_audited_with_the_person_concerned(self) -> None:
        payment = make_payment()
        notice = make_unfit(payment)

        queries.get_unfit_notice(actor(READ), notice.id)

        entry = AuditEntry.objects.get(action="payments.get_unfit_notice")
        assert entry.concerns == [payment.person_id]

    def test_not_without_the_permission(self) -> None:
        notice = make_unfit()

        with pytest.raises(NotAllowed):
            queries.get_unfit_notice(actor(), notice.id)
        with pytest.raises(NotAllowed):
            queries.list_unfit_notices(actor())

    def test_another_organisation_finds_nothing(self) -> None:
        notice = make_unfit()
        other = actor(READ, organisation_id=OTHER_TOWN)

        with pytest.raises(NotFound):
            queries.get_unfit_notice(other, notice.id)
        assert queries.list_unfit_notices(other).rows == []


class TestThePages:
    def test_the_page_of_a_notice_says_what_is_wrong(self, client: Client) -> None:
        notice = make_unfit(make_payment())

        shown = client.get(f"/payments/notices/{notice.id}/").content.decode()

        assert "The sum is not the one that we asked for" in shown
        assert "£19.99" in shown
        assert "£20" in shown
        assert "PRK-1234" in shown
        assert "theirs-" in shown

    def test_the_page_of_one_of_an_unknown_payment(self, client: Client) -> None:
        notice = make_unfit()

        shown = client.get(f"/payments/notices/{notice.id}/").content.decode()

        assert "We know no payment of that reference" in shown

    def test_one_of_a_refund_shows_the_refunds_there_are(self, client: Client) -> None:
        payment = make_payment()
        make_paid(payment)
        refund = pay.refund_payment(
            actor(pay_permissions.REFUND), payment.id, amount=Money(500), reason="Cancelled"
        )
        wrong = records.RefundOutcome(
            reference="r-1",
            refund_id=refund.id,
            state=records.RefundState.SUCCEEDED,
            amount=Money(501),
        )
        notice = _record(records.ProcessorNotice(id="n-1", about=wrong))

        shown = client.get(f"/payments/notices/{notice.id}/").content.decode()

        assert "Given back" in shown
        assert "Cancelled" in shown

    def test_the_list_leads_to_each(self, client: Client) -> None:
        notices = [make_unfit(), make_unfit()]

        shown = client.get("/payments/notices/").content.decode()

        assert all(f"/payments/notices/{notice.id}/" in shown for notice in notices)

    def test_a_long_list_has_pages(self, client: Client) -> None:
        for _time in range(26):
            make_unfit()

        shown = client.get("/payments/notices/").content.decode()

        assert shown.count("/payments/notices/") - shown.count("/payments/notices/?") >= 25
        assert "?place=" in shown

    def test_an_empty_list_says_so(self, client: Client) -> None:
        assert "There are none." in client.get("/payments/notices/").content.decode()

    @pytest.mark.parametrize(
        ("url", "status"),
        [
            ("/payments/notices/?place=nonsense", 422),
            (f"/payments/notices/{UUID(int=9)}/", 404),
            ("/payments/notices/nonsense/", 404),
        ],
    )
    def test_nonsense_is_no_fault(self, client: Client, url: str, status: int) -> None:
        assert client.get(url).status_code == status

    def test_a_resident_sees_none_of_it(self, client: Client, settings: Settings) -> None:
        settings.ACTORS = f"{__name__}.nobody"
        notice = make_unfit()

        assert client.get("/payments/notices/").status_code == 403
        assert client.get(f"/payments/notices/{notice.id}/").status_code == 403


def make_paid(payment: records.Payment) -> None:
    said = records.Outcome(
        reference="theirs-1",
        payment_id=payment.id,
        word=records.Word.CAPTURED,
        amount=payment.amount,
    )
    notice = records.ProcessorNotice(id=str(uuid4()), about=said)
    _record(notice)
    read = actor(pay_permissions.READ)
    assert pay_queries.get_payment(read, payment.id).state == records.State.CAPTURED


def test_who_works_in_this_service_only_sees_no_payment_of_another() -> None:
    narrow = [(frozenset({READ}), frozenset({PAYMENTS.slug}))]
    may, within = add_up(narrow, frozenset(), beyond=reaching_beyond())
    clerk = Actor("staff:clerk", may, TOWN, uuid4(), may_within=within)

    with pytest.raises(NotAllowed):
        queries.list_unfit_notices(clerk)
