"""The webhooks of a till on the pages of staff, over HTTP."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from townhall.capabilities.pay import models, operations, queries, records
from townhall.capabilities.pay.records import WebhookEvent
from townhall.capabilities.pay.tests import make, staff
from townhall.capabilities.pay.tests.staff import get, post, text_of, url

pytestmark = pytest.mark.django_db
URL = "https://program.example/told"
ANSWERS: Mapping[str, object] = {
    "url": URL,
    "description": "Our ledger",
    "events": [WebhookEvent.CAPTURED.value, WebhookEvent.REFUNDED.value],
}


@pytest.fixture(autouse=True)
def staff_ask(settings: Settings) -> None:
    settings.ACTORS = "townhall.capabilities.pay.tests.staff.who_asks"


def make_webhook() -> records.Webhook:
    webhook, _secret = operations.add_webhook(
        staff.BOTH, staff.make_till().id, url=URL, description="Our ledger", events=[*WebhookEvent]
    )
    return webhook


def make_message(webhook: records.Webhook, **changes: Any) -> models.WebhookMessage:  # Any: columns
    about = {"event": WebhookEvent.CAPTURED, "about": make.make_payment().id, "body": "{}"}
    return models.WebhookMessage.objects.create(webhook_id=webhook.id, **(about | changes))


def given_up() -> dict[str, object]:
    return {"attempts": 6, "last_answer": "500", "given_up_at": timezone.now()}


class TestOneWebhook:
    def test_is_added_and_its_page_shows_its_secret(self) -> None:
        till = staff.make_till()

        added = post(url("add_webhook", till.id), dict(ANSWERS))

        (webhook,) = queries.list_webhooks(staff.BOTH, till.id)
        page = get(url("webhook", webhook.id))
        assert added["Location"] == url("webhook", webhook.id)
        assert webhook.events == (WebhookEvent.CAPTURED, WebhookEvent.REFUNDED)
        assert queries.get_webhook_secret(staff.BOTH, webhook.id) in text_of(page)
        assert "no-store" in page["Cache-Control"]
        assert "A payment was captured" in text_of(page)
        assert "Our ledger" in text_of(get(url("till", till.id)))

    @pytest.mark.parametrize(
        ("answers", "says"),
        [
            ({"url": "http://program.example/"}, "starts with https://"),
            ({"url": "https://127.0.0.1/"}, "not within a network"),
            ({"url": ""}, "Enter the address"),
            ({"events": []}, "Choose what it is told of"),
            ({"events": ["x"]}, "Choose from the answers given"),
            ({"description": "x" * 256}, "Use 255 characters or fewer"),
        ],
    )
    def test_wrong_answers_are_said(self, answers: dict[str, object], says: str) -> None:
        webhook = make_webhook()

        for page in (url("add_webhook", webhook.till_id), url("change_webhook", webhook.id)):
            answer = post(page, {**ANSWERS, **answers})

            assert answer.status_code == 422
            assert says in text_of(answer)

    def test_one_too_many_is_refused_in_words(self) -> None:
        till = make_webhook().till_id
        for _each in range(9):
            post(url("add_webhook", till), dict(ANSWERS))

        answer = post(url("add_webhook", till), dict(ANSWERS))

        assert answer.status_code == 422
        assert "Remove one first" in text_of(answer)

    def test_is_switched_off_and_on_and_twice_is_harmless(self) -> None:
        webhook = make_webhook()
        page = url("change_webhook", webhook.id)

        for answers in (ANSWERS, ANSWERS):
            post(page, dict(answers))
        off = queries.get_webhook(staff.BOTH, webhook.id)
        post(page, {**ANSWERS, "is_active": "on"})

        assert (off.is_active, off.events) == (
            False,
            (WebhookEvent.CAPTURED, WebhookEvent.REFUNDED),
        )
        assert queries.get_webhook(staff.BOTH, webhook.id).is_active

    def test_its_secret_is_renewed_only_when_asked(self) -> None:
        webhook = make_webhook()
        page, secret = url("renew_secret", webhook.id), _secret_of(webhook)

        get(page)
        before = _secret_of(webhook)
        post(page, {})

        shown = text_of(get(url("webhook", webhook.id)))
        assert before == secret
        assert secret not in shown
        assert _secret_of(webhook) in shown

    def test_is_removed_and_the_second_time_it_is_not_there(self) -> None:
        webhook = make_webhook()
        make_message(webhook)
        page = url("remove_webhook", webhook.id)

        assert "Remove this webhook?" in text_of(get(page))
        removed, again = post(page, {}), post(page, {})

        assert removed["Location"] == url("till", webhook.till_id)
        assert again.status_code == 404
        assert not models.WebhookMessage.objects.exists()


class TestMessages:
    def test_are_listed_with_what_was_answered_and_what_comes_next(self) -> None:
        webhook = make_webhook()
        make_message(webhook, last_answer="204", delivered_at=timezone.now())
        make_message(webhook)
        make_message(webhook, attempts=1, last_answer="503", next_at=timezone.now())
        make_message(webhook, **given_up())

        every = text_of(get(url("webhook", webhook.id)))
        failed = text_of(get(url("webhook", webhook.id) + "?failed=yes"))

        for words in ("204", "503", "500", "Waiting to be sent", "Will be tried again", "Given up"):
            assert words in every
        assert ("204" in failed, "503" in failed, "500" in failed) == (False, True, True)
        assert every.count("Try again") == 1

    def test_what_was_given_up_is_tried_again_and_twice_is_harmless(self) -> None:
        message = make_message(make_webhook(), **given_up())

        answers = [post(url("try_again", message.id), {}) for _ in "ab"]

        message.refresh_from_db()
        assert {each["Location"] for each in answers} == {url("webhook", message.webhook_id)}
        assert (message.given_up_at, message.attempts) == (None, 0)

    def test_a_longer_list_costs_no_more_statements(self) -> None:
        webhook, counts = make_webhook(), []
        for _time in range(2):
            for _each in range(3):
                make_message(webhook)
            with CaptureQueriesContext(connection) as asked:
                get(url("webhook", webhook.id))
            counts.append(len(asked))

        assert counts[0] == counts[1]

    def test_who_may_not_see_payments_is_led_to_none(self) -> None:
        webhook = make_webhook()
        payment_id = make_message(webhook).about

        pages = [text_of(get(url("webhook", webhook.id), by=each)) for each in ("both", "manager")]

        assert [str(payment_id) in page for page in pages] == [True, False]


@pytest.mark.parametrize(("by", "status"), [("clerk", 403), ("outsider", 404)])
def test_they_are_for_those_who_manage_the_tills_of_their_organisation(
    by: str, status: int
) -> None:
    webhook = make_webhook()
    message = make_message(webhook, **given_up())
    of_webhook = ("change_webhook", "renew_secret", "remove_webhook")
    pages = [url(name, webhook.id) for name in of_webhook]
    pages.append(url("add_webhook", webhook.till_id))

    shown = [get(page, by=by) for page in [*pages, url("webhook", webhook.id)]]
    sent = [post(page, dict(ANSWERS), by=by) for page in [*pages, url("try_again", message.id)]]

    message.refresh_from_db()
    assert {each.status_code for each in [*shown, *sent]} == {status}
    assert message.given_up_at is not None
    assert queries.list_webhooks(staff.BOTH, webhook.till_id) == [webhook]


def _secret_of(webhook: records.Webhook) -> str:
    return queries.get_webhook_secret(staff.BOTH, webhook.id)
