"""Messages that were sent, as staff find them, read them and send them again."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from townhall.capabilities.notify import models, operations, permissions, queries, records
from townhall.capabilities.notify.errors import NoSuchMessage
from townhall.capabilities.notify.pages import histories
from townhall.capabilities.notify.records import Channel, KeyType, Receipt, Stage, Status, StepKind
from townhall.capabilities.notify.rules.stages import STATUSES
from townhall.capabilities.notify.tests import channels, wire
from townhall.capabilities.notify.tests.make import (
    ELSEWHERE,
    PERSON,
    SENDER,
    make_actor,
    make_callback,
    make_key,
    make_template,
    send,
    set_tariff,
)
from townhall.machinery.errors import NotAllowed
from townhall.machinery.models import AuditEntry
from townhall.machinery.queue import run_waiting
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db

Answer = Any  # a test client's response


def get(page: str, *, actor: str = "staff") -> Answer:
    return Client().get(page, headers={"X-Test-Actor": actor})


def post(page: str, data: dict[str, object], *, actor: str = "staff") -> Answer:
    return Client().post(page, data, headers={"X-Test-Actor": actor})


def url(name: str, *args: object) -> str:
    return reverse(f"notify:{name}", args=args)


def found(**asked: object) -> list[object]:
    page = queries.list_sent_messages(make_actor(), **asked)  # type: ignore[arg-type]  # as given
    return [line.id for line in page.rows]


def kinds(message_id: object) -> list[StepKind]:
    history = queries.get_history(make_actor(), message_id)  # type: ignore[arg-type]  # a UUID
    return [step.kind for step in history.steps]


def fail(message: records.Message, status: Status = Status.TECHNICAL_FAILURE) -> None:
    operations.fail_message(make_actor(), message.id, status=status, cause="no answer in a day")


def test_messages_are_listed_newest_first_and_page_by_page() -> None:
    sent = [send().id for _each in range(26)]

    first = queries.list_sent_messages(make_actor())
    rest = queries.list_sent_messages(make_actor(), place=first.next_place)

    ids = [line.id for line in [*first.rows, *rest.rows]]
    assert (len(first.rows), rest.next_place) == (25, None)
    assert ids == sent[::-1]


def test_a_longer_list_costs_no_more_statements() -> None:
    counts = []
    for _time in range(2):
        for _each in range(5):
            send()
        with CaptureQueriesContext(connection) as asked:
            found()
        counts.append(len(asked))

    assert counts == [2, 2]  # the page, and the audit of it


def test_a_list_is_narrowed_by_what_messages_are_and_became() -> None:
    email, failed, old = send().id, send(), send().id
    fail(failed)
    models.Message.objects.filter(id=old).update(created_at=timezone.now() - timedelta(days=3))
    key = make_key()
    text = wire.post(key, channels.text(), path=channels.SMS).json()
    wire.post(make_key(KeyType.TEST, name="test"), wire.body())
    template_id, sender = make_template().id, models.Sender.objects.get(name=SENDER)
    today = timezone.localdate()
    yesterday = today - timedelta(days=1)

    assert len(found()) == 4
    assert [str(each) for each in found(channel=Channel.SMS)] == [text["id"]]
    assert found(stage=Stage.FAILED) == [failed.id]
    assert found(template_id=template_id) == [failed.id, email, old]
    assert len(found(sender_id=sender.id)) == 4
    assert found(last_on=yesterday) == [old]
    assert len(found(first_on=yesterday, last_on=today)) == 3
    assert found(sender_id=uuid4()) == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Ann.Arbor@Example.com", "email"),
        (" ann.arbor@example.com ", "email"),
        ("ref-7", "email"),
        ("07700 900123", "text"),
        ("+44 7700 900123", "text"),
        ("ann", ""),
        ("ref", ""),
    ],
)
def test_messages_are_found_by_their_whole_recipient_or_reference(
    words: str, expected: str
) -> None:
    ids = {"email": [send(to="Ann.Arbor@example.com", reference="ref-7").id], "": []}
    wire.post(make_key(), channels.text(), path=channels.SMS)
    ids["text"] = [models.Message.objects.get(channel=Channel.SMS).id]

    assert found(words=words) == ids[expected]


def test_whoever_lists_messages_stands_in_the_audit_with_the_persons_concerned() -> None:
    send()

    found()

    entry = AuditEntry.objects.get(action="notify.list_sent_messages")
    assert entry.concerns == [PERSON]


def test_a_message_tells_its_story_from_the_program_to_the_callback() -> None:
    make_callback("https://program.example/told")
    sent = wire.post(make_key(), wire.body(reference="r-1")).json()
    message = models.Message.objects.get(id=sent["id"])
    operations.put_off(make_actor(), message.id, attempts=0, words="busy (421)")
    operations.mark_sent(make_actor(), message.id)
    receipt = Receipt(status=Status.DELIVERED, cause="")
    operations.take_receipt(make_actor(), message.id, receipt=receipt)
    told = models.CallbackDelivery.objects.get()
    gone = records.CallbackAnswer(outcome=records.Outcome.REFUSED, words="410")
    operations.note_answer(make_actor(), told.id, attempts=0, answer=gone)

    history = queries.get_history(make_actor(), message.id)

    told_of = [(step.kind, step.by, step.words) for step in history.steps]
    assert told_of == [
        (StepKind.ACCEPTED, "program:till", ""),
        (StepKind.NOT_TAKEN, "sandbox", "busy (421)"),
        (StepKind.HANDED_OVER, "sandbox", ""),
        (StepKind.ARRIVED, "", ""),
        (StepKind.PROGRAM_NOT_TOLD, "https://program.example/told", "410"),
    ]
    page = get(url("message", message.id)).content.decode()
    assert "the program till" in page
    assert "busy (421)" in page
    assert "r-1" in page


def test_a_letter_tells_its_story_too_and_can_be_seen() -> None:
    wire.post(make_key(), channels.letter(), path=channels.LETTER)
    message = models.Message.objects.get()
    early = get(url("sent_letter", message.id))
    run_tasks()

    pdf = get(url("sent_letter", message.id))

    assert early.status_code == 409
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    assert kinds(message.id) == [StepKind.ACCEPTED, StepKind.PRINTED, StepKind.HANDED_OVER]
    assert url("sent_letter", message.id) in get(url("message", message.id)).content.decode()


def test_a_test_keys_message_says_that_nobody_got_it() -> None:
    sent = wire.post(make_key(KeyType.TEST), wire.body()).json()
    run_tasks()

    assert kinds(sent["id"]) == [StepKind.ACCEPTED, StepKind.PRETENDED]


def test_an_email_is_shown_as_it_was_sent_and_harmlessly() -> None:
    set_tariff()
    message = send()
    run_tasks()

    page = get(url("message", message.id))
    framed = get(url("email_html", message.id))

    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert "0.05p" in page.content.decode()
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    policy = framed["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "a sofa" in framed.content.decode()


def test_a_text_is_shown_as_it_was_sent() -> None:
    wire.post(make_key(), channels.text(), path=channels.SMS)
    message = models.Message.objects.get()

    page = get(url("message", message.id)).content.decode()

    assert "Hello Ann" in page
    assert get(url("email_html", message.id)).status_code == 404


def test_the_code_that_somebody_signs_in_with_is_shown_to_nobody() -> None:
    message = operations.send_ready_email(
        make_actor(), to="ann@example.com", subject="Code 123456", body="123456", language="en"
    )

    page = get(url("message", message.id)).content.decode()

    assert "123456" not in page + get(url("messages")).content.decode()
    assert "so its words are not shown" in page
    assert get(url("email_html", message.id)).status_code == 404


def test_a_wiped_message_has_its_story_and_no_words() -> None:
    message = send()
    run_tasks()
    models.Message.objects.update(created_at=timezone.now() - timedelta(days=8))
    operations.wipe_messages(make_actor())

    page = get(url("message", message.id)).content.decode()

    assert kinds(message.id)[-1] == StepKind.WIPED
    assert "Its words are wiped" in page
    assert "ann@example.com" not in page
    assert "Wiped" in get(url("messages")).content.decode()


def test_a_message_that_failed_on_the_way_is_sent_again_once_under_its_own_id() -> None:
    make_callback("https://program.example/told")
    sent = wire.post(make_key(), wire.body()).json()
    message = models.Message.objects.get(id=sent["id"])
    fail(message.record())
    shown = get(url("message", message.id)).content.decode()

    answers = [post(url("send_again", message.id), {}) for _time in range(2)]
    run_waiting(dropped=(operations.call_back.name,))

    assert url("send_again", message.id) in shown
    assert [answer.status_code for answer in answers] == [302, 302]
    assert models.SandboxMessage.objects.count() == 1
    message.refresh_from_db()
    assert message.status == Status.SENDING
    steps = [StepKind.ACCEPTED, StepKind.FAILED, StepKind.SENT_AGAIN, StepKind.HANDED_OVER]
    assert kinds(message.id) == steps
    fail_again = Receipt(status=Status.PERMANENT_FAILURE, cause="550")
    operations.take_receipt(make_actor(), message.id, receipt=fail_again)
    assert models.CallbackDelivery.objects.count() == 1


@pytest.mark.parametrize("status", [Status.PERMANENT_FAILURE, Status.TEMPORARY_FAILURE])
def test_what_failed_otherwise_is_not_sent_again(status: Status) -> None:
    message = send()
    fail(message, status)

    again = operations.send_again(make_actor(), message.id)

    assert again.status == status
    assert url("send_again", message.id) not in get(url("message", message.id)).content.decode()


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("first_on_day=31&first_on_month=2&first_on_year=2026", "Enter a real date"),
        ("last_on_day=31&last_on_month=12&last_on_year=9999", "Enter a real date"),
        ("channel=fax", "Choose one of the answers"),
        ("template=x", "UUID"),
    ],
)
def test_a_search_that_makes_no_sense_says_so(query: str, says: str) -> None:
    answer = get(f"{url('messages')}?{query}")

    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_the_first_page_shows_figures_and_leads_to_the_messages_behind_them() -> None:
    fail(send())
    operations.put_off(make_actor(), send().id, attempts=0, words="busy (421)")
    sender = models.Sender.objects.get()

    page = get(url("figures")).content.decode()
    month = get(f"{url('sender_figures', sender.id)}?period={timezone.localdate():%Y-%m}")

    assert "1 message failed today" in page
    assert "busy (421)" in page
    assert f"{url('messages')}?stage=failed" in page
    assert "Nobody has said what messages cost" in page
    assert month.status_code == 200
    assert get(f"{url('figures')}?period=odd").status_code == 422


def test_prices_are_set_on_a_page_and_shown() -> None:
    today = timezone.localdate()
    typed: dict[str, object] = {
        "begins_on_day": today.day,
        "begins_on_month": today.month,
        "begins_on_year": today.year,
        "email": "0.05",
        "text": "2.33p",
        "europe_times": "3",
        "world_times": "5",
        **dict.fromkeys(("first", "second", "economy", "europe", "rest_of_world"), "155"),
        "sheet": "6",
    }

    answer = post(url("add_tariff"), typed)
    wrong = post(url("add_tariff"), typed | {"text": "two", "begins_on_year": today.year - 1})
    late = post(url("add_tariff"), typed | {"begins_on_year": today.year - 1})

    page = get(url("tariffs")).content.decode()
    assert answer["Location"] == url("tariffs")
    assert "2.33p" in page
    assert "£1.55" in page
    assert 'value="2.33"' in get(url("add_tariff")).content.decode()
    assert (wrong.status_code, late.status_code) == (422, 422)
    assert "Enter a price in pence" in wrong.content.decode()
    assert "of this month or later" in late.content.decode()


def test_how_long_a_senders_messages_are_kept_is_set_on_a_page() -> None:
    make_template()
    sender = models.Sender.objects.get()
    page = url("retention", sender.id)

    before = get(page).content.decode()
    answer = post(page, {"days": "30"})
    wrong = post(page, {"days": "2"})
    after = get(url("sender_figures", sender.id)).content.decode()
    post(page, {"days": ""})

    assert "which is 7" in before
    assert answer["Location"] == url("sender_figures", sender.id)
    assert wrong.status_code == 422
    assert "Messages are kept for 30 days" in after
    sender.refresh_from_db()
    assert sender.retention_days is None


def test_every_status_has_a_stage_and_words() -> None:
    """Else a message of that status would be a fault on three pages."""
    staged = {status for statuses in STATUSES.values() for status in statuses}

    assert staged == set(Status) == set(histories.STATUSES)
    assert set(StepKind) == set(histories.STEPS)


def every_page() -> list[str]:
    message = send()
    sender = models.Sender.objects.get()
    of_one = [("message", message.id), ("email_html", message.id), ("sent_letter", message.id)]
    of_sender = [("sender_figures", sender.id), ("retention", sender.id)]
    lists = [url(name) for name in ("figures", "messages", "tariffs", "add_tariff")]
    return lists + [url(name, thing) for name, thing in [*of_one, *of_sender]]


def test_a_stranger_finds_nothing() -> None:
    assert {get(page, actor="stranger").status_code for page in every_page()} == {403}


def test_staff_of_another_organisation_find_nothing_of_this_one() -> None:
    pages = every_page()
    elsewhere = make_actor(organisation_id=ELSEWHERE.id)
    message_id = models.Message.objects.get().id

    assert [get(page, actor="outsider").status_code for page in pages] == [200] * 4 + [404] * 5
    assert "ann@example.com" not in get(pages[1], actor="outsider").content.decode()
    with pytest.raises(NoSuchMessage):
        operations.send_again(elsewhere, message_id)


def test_reading_messages_needs_its_own_permission() -> None:
    message = send()
    programs = make_actor(permissions.READ, permissions.SEE_FIGURES)

    with pytest.raises(NotAllowed):
        queries.get_history(programs, message.id)
    with pytest.raises(NotAllowed):
        queries.list_sent_messages(programs)
    with pytest.raises(NotAllowed):
        operations.send_again(programs, message.id)
