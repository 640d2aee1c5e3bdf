"""The pages of staff, over HTTP."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings
from python_calamine import CalamineWorkbook

from townhall.capabilities.pay import models, operations
from townhall.capabilities.pay.records import Purpose, State
from townhall.capabilities.pay.rules.identifiers import write_id
from townhall.capabilities.pay.tests import make, staff
from townhall.capabilities.pay.tests.staff import get, post, text_of, url
from townhall.capabilities.pay.tests.test_staff import make_dispute
from townhall.machinery import sheets
from townhall.machinery.models import AuditEntry
from townhall.machinery.money import Money

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def staff_ask(settings: Settings) -> None:
    settings.ACTORS = "townhall.capabilities.pay.tests.staff.who_asks"


class TestTheList:
    def test_shows_payments_with_their_cards_and_refunds(self) -> None:
        payment = make.make_paid_payment(reference="PRK-77")
        operations.refund_by_staff(staff.CLERK, payment.id, amount=Money(500), reason="")

        page = text_of(get(url("transactions") + "?reference=prk-77"))

        for words in ("PRK-77", "Visa ending 4242", "£20", "£5 refunded", "Refunded in part"):
            assert words in page
        assert "4242424242424242" not in page

    def test_a_longer_list_costs_no_more_statements(self) -> None:
        counts = []
        for _time in range(2):
            for _each in range(6):
                make.make_payment()
            with CaptureQueriesContext(connection) as asked:
                get(url("transactions"))
            counts.append(len(asked))

        assert counts[0] == counts[1]

    @pytest.mark.parametrize(
        "asked", ["last_digits=12", "amount=x", "first_on_day=1", "stage=x", "service=x", "mode=x"]
    )
    def test_what_makes_no_sense_is_said_in_an_error_summary(self, asked: str) -> None:
        page = get(url("transactions") + "?" + asked)

        assert page.status_code == 422
        assert "There is a problem" in text_of(page)

    def test_a_damaged_page_link_is_refused(self) -> None:
        assert get(url("transactions") + "?place=x").status_code == 422


class TestTakingItAway:
    def test_csv_has_every_payment_that_fits_and_no_formulas(self) -> None:
        payment = make.make_paid_payment(reference="=1+1", description="@SUM(1)")
        make.make_payment(reference="OTHER")

        answer = get(url("export_csv") + "?stage=paid")

        (line,) = csv.DictReader(io.StringIO(text_of(answer)))
        assert (line["Reference"], line["Description"]) == ("'=1+1", "'@SUM(1)")
        assert (line["Amount"], line["State"], line["Payment ID"]) == (
            "20.00",
            "Paid",
            write_id(payment.id),
        )
        assert line["Last 4 digits of the card"] == "4242"
        assert AuditEntry.objects.filter(action="pay.export_payments").count() == 1

    def test_an_export_reads_some_hundreds_at_a_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("townhall.capabilities.pay.queries.staff.EXPORTED_AT_ONCE", 2)
        for number in range(5):
            make.make_payment(reference=f"R{number}")

        lines = list(csv.DictReader(io.StringIO(text_of(get(url("export_csv"))))))

        assert [line["Reference"] for line in lines] == ["R4", "R3", "R2", "R1", "R0"]

    def test_excel_has_the_same_with_words_as_words(self) -> None:
        make.make_paid_payment(reference="=1+1")

        answer = get(url("export_excel"))

        sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
        heading, row = sheet.get_sheet_by_index(0).to_python()
        line = dict(zip(heading, row, strict=False))
        assert (line["Reference"], line["Amount"]) == ("=1+1", 20.0)

    def test_too_many_for_excel_are_refused_in_words(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sheets, "MOST_EXCEL_ROWS", 1)
        make.make_payment()
        make.make_payment()

        answer = get(url("export_excel"))

        assert answer.status_code == 422
        assert "Choose fewer days, or CSV" in text_of(answer)

    def test_not_by_those_who_may_not_see(self) -> None:
        assert get(url("export_csv"), by="stranger").status_code == 403
        assert get(url("export_entries"), by="clerk").status_code == 403


class TestOneTransaction:
    def test_says_everything_but_the_whole_card_number(self) -> None:
        payment = make.make_paid_payment()
        make_dispute(payment)

        page = text_of(get(url("transaction", payment.id)))

        for words in ("Visa ending 4242", "A Resident", "In the ledger", "Needs an answer"):
            assert words in page
        assert "424242424242" not in page
        assert "cannot be refunded" in page

    def test_a_payment_nobody_has_paid_is_cancelled(self) -> None:
        payment = make.make_payment()
        asked = text_of(get(url("cancel_payment", payment.id)))

        post(url("cancel_payment", payment.id), {})

        assert "cannot be undone" in asked
        assert models.Payment.objects.get(id=payment.id).state == State.CANCELLED

    def test_of_another_organisation_is_not_there(self) -> None:
        payment = make.make_paid_payment()

        for name in ("transaction", "cancel_payment", "refund", "check_refund"):
            page = get(url(name, payment.id), by="outsider")
            assert page.status_code in (302, 404), name
            assert payment.reference not in text_of(page)


class TestAgreementsAndDisputes:
    def test_an_agreement_with_its_payments_is_cancelled(self) -> None:
        agreement = staff.make_agreement()
        payment = make.make_paid_payment(reference="MONTH-1")
        models.Payment.objects.filter(id=payment.id).update(agreement=agreement)
        listed = text_of(get(url("agreements") + "?state=active"))
        one = text_of(get(url("agreement", agreement.id)))

        post(url("cancel_agreement", agreement.id), {})

        assert "Visa ending 4242" in listed
        assert "MONTH-1" in one
        assert "AGR-1" not in text_of(get(url("agreements") + "?state=active"))

    def test_a_dispute_says_what_to_do(self) -> None:
        dispute = make_dispute(make.make_paid_payment(reference="PRK-1"))

        listed = text_of(get(url("disputes")))
        one = text_of(get(url("dispute", dispute.id)))

        assert "PRK-1" in listed
        assert "Answer at the payment processor" in one
        assert "they did not make it" in one


class TestTills:
    def test_one_is_added_changed_and_given_a_key_that_is_shown_once(self) -> None:
        added = post(url("add_till"), {"name": "Library", "mode": "test"})
        till = models.Till.objects.get()
        post(url("change_till", till.id), {"takes": ["takes_moto"], "is_open": "on"})
        made = post(url("make_key", till.id), {"name": "Kiosk"})

        key = models.ApiKey.objects.get()
        one = text_of(get(url("till", till.id)))
        till.refresh_from_db()
        assert added["Location"] == url("till", till.id)
        assert (till.takes_moto, till.takes_recurring, till.is_live) == (True, False, False)
        assert "api_test_" in text_of(made)
        assert "api_test_" not in one
        assert f"ends with {key.ends_with}" in one

    def test_a_key_is_revoked(self) -> None:
        till = staff.make_till()
        operations.make_key(staff.BOTH, till.id, name="Kiosk")
        key = models.ApiKey.objects.get()

        post(url("revoke_key", key.id), {})

        assert "Revoked" in text_of(get(url("till", till.id)))

    def test_a_name_that_is_taken_is_refused_in_words(self) -> None:
        staff.make_till()

        answer = post(url("add_till"), {"name": "Library fines", "mode": "live"})

        assert "There is a till of that name" in text_of(answer)

    def test_of_another_organisation_they_are_not_there(self) -> None:
        till = staff.make_till()
        operations.make_key(staff.BOTH, till.id, name="Kiosk")

        assert "Library fines" not in text_of(get(url("tills"), by="outsider"))
        for page in (
            url("till", till.id),
            url("change_till", till.id),
            url("make_key", till.id),
            url("revoke_key", models.ApiKey.objects.get().id),
        ):
            assert get(page, by="outsider").status_code == 404
            assert post(page, {"name": "x"}, by="outsider").status_code in (404, 405)


class TestTakings:
    def test_a_table_for_each_chart(self) -> None:
        make.make_paid_payment(amount=Money(123_456))

        page = text_of(get(url("takings") + "?period=7&span=week"))

        assert page.count("data-chart=") == 2
        assert 'data-value="1234.56"' in page
        assert "£1,234.56" in page

    @pytest.mark.parametrize("asked", ["period=x", "span=x", "service=x", "currency=XXX"])
    def test_what_makes_no_sense_is_refused(self, asked: str) -> None:
        assert get(url("takings") + "?" + asked).status_code == 422


class TestTheLedger:
    def test_says_plainly_that_the_accounts_cancel_out(self) -> None:
        make.make_paid_payment()

        page = text_of(get(url("ledger")))

        assert "These accounts cancel out, as they must." in page
        assert "Takings: parking" in page

    def test_an_account_leads_to_its_entries_and_these_to_the_payment(self) -> None:
        payment = make.make_paid_payment()
        account = models.Account.objects.get(purpose=Purpose.PROCESSOR)
        entry = models.Entry.objects.get(organisation_id=make.TOWN)

        assert url("entry", entry.id) in text_of(get(url("account", account.pk)))
        assert url("transaction", payment.id) in text_of(get(url("entry", entry.id)))

    def test_writing_off_is_asked_twice_and_done_once(self) -> None:
        make.make_paid_payment()
        page = url("write_off", models.Account.objects.get(purpose=Purpose.PROCESSOR).pk)
        answers: dict[str, object] = {"amount": "0.30", "reason": "Rounding", "reference": uuid4()}

        shown = post(page, answers)
        for _time in range(2):
            done = post(page, answers | {"sure": "yes"})

        assert "Check before you write off" in text_of(shown)
        assert "Rounding" in text_of(get(done["Location"]))
        assert make.balances()["written_off", ""] == 30

    def test_more_than_it_stands_at_is_refused_in_words(self) -> None:
        make.make_paid_payment()
        page = url("write_off", models.Account.objects.get(purpose=Purpose.PROCESSOR).pk)

        answer = post(page, {"amount": "99", "reason": "x", "reference": uuid4(), "sure": "yes"})

        assert answer.status_code == 422
        assert "Enter £20 or less" in text_of(answer)

    def test_entries_of_a_period_as_csv(self) -> None:
        make.make_paid_payment()
        day = timezone.localdate()
        words = "&".join(
            f"{name}_day={on.day}&{name}_month={on.month}&{name}_year={on.year}"
            for name, on in (("first_on", day - timedelta(days=1)), ("last_on", day))
        )

        lines = list(csv.DictReader(io.StringIO(text_of(get(url("export_entries") + "?" + words)))))

        assert [(line["Debit"], line["Credit"]) for line in lines] == [("20.00", ""), ("", "20.00")]
        assert {line["Kind"] for line in lines} == {"Payment"}

    def test_days_that_make_no_sense_are_said(self) -> None:
        assert get(url("export_entries") + "?first_on_day=1").status_code == 422

    @pytest.mark.parametrize("name", ["ledger", "export_entries"])
    def test_for_finance_only(self, name: str) -> None:
        assert get(url(name), by="clerk").status_code == 403


def test_what_a_service_gave_back_is_shown_with_its_reason() -> None:
    payment = make.make_paid_payment()
    operations.refund_payment(make.SERVICE, payment.id, amount=Money(1), reason="Bin lost")

    assert "Bin lost" in text_of(get(url("transaction", payment.id)))
