"""Complaints: kept, told to programs as GOV.UK Notify tells them, and shown to staff."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from townhall.capabilities.notify import models, operations, permissions, queries, records
from townhall.capabilities.notify.errors import NoSuchMessage
from townhall.capabilities.notify.records import CallbackKind
from townhall.capabilities.notify.rules.callbacks import sign
from townhall.capabilities.notify.tests.make import (
    ELSEWHERE,
    PERSON,
    SENDER,
    TOKEN,
    make_actor,
    make_callback,
    make_key,
    send,
)
from townhall.capabilities.notify.tests.peers import listening
from townhall.capabilities.notify.tests.test_pages import get, url
from townhall.capabilities.notify.tests.wire import body, post
from townhall.machinery.errors import NotAllowed
from townhall.machinery.models import AuditEntry
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)


def complain(
    message_id: UUID,
    *,
    reference: str = "arf",
    kind: str = "abuse",
    made_at: datetime | None = AT,
) -> records.Complaint:
    said = records.Complained(supplier_reference=reference, kind=kind, made_at=made_at)
    return operations.take_complaint(make_actor(permissions.DELIVER), message_id, said=said)


def send_as_program(**changes: object) -> UUID:
    key = make_key(name=f"key {uuid4()}")
    return UUID(post(key, body(**changes)).json()["id"])


def test_a_program_is_told_in_the_words_of_govuk_notify(settings: Settings) -> None:
    settings.DEMO = True  # else nothing on this machine is called
    with listening() as peer:
        peer.answer(503, 200)
        make_callback(f"{peer.url}/told", kind=CallbackKind.COMPLAINT)
        make_callback(f"{peer.url}/other-kind")
        make_callback(f"{peer.url}/other-sender", kind=CallbackKind.COMPLAINT, sender="parking")
        message_id = send_as_program(reference="r-1")

        complaint = complain(message_id)
        complain(message_id)
        run_tasks(with_later_ones=True)

    told = [asked for asked in peer.asked if asked.path == "/told"]
    assert len(peer.asked) == len(told) == 2  # the second is the second try
    assert json.loads(told[1].body) == {
        "notification_id": str(message_id),
        "complaint_id": str(complaint.id),
        "reference": "r-1",
        "to": "ann@example.com",
        "complaint_date": "2026-11-23T09:05:00.000000Z",
    }
    assert told[1].headers["authorization"] == f"Bearer {TOKEN}"
    assert told[1].headers["townhall-signature"] == sign(told[1].body, TOKEN)


def test_of_a_services_own_email_nobody_is_told() -> None:
    make_callback("https://example.com/", kind=CallbackKind.COMPLAINT)

    complain(send().id)

    assert models.Complaint.objects.count() == 1
    assert not models.CallbackDelivery.objects.exists()


def test_a_complaint_that_comes_twice_is_one() -> None:
    message_id = send().id

    first, second = complain(message_id), complain(message_id, kind="virus")
    another = complain(message_id, reference="ses 2")

    assert first == second
    assert another.id != first.id


@pytest.mark.parametrize("made_at", [None, datetime(9999, 1, 1, tzinfo=UTC)])
def test_no_complaint_is_of_the_future(made_at: datetime | None) -> None:
    complaint = complain(send().id, made_at=made_at)

    assert timezone.now() - complaint.complained_at < timedelta(minutes=1)


def test_a_complaint_is_audited_and_needs_the_permission() -> None:
    message = send()
    complain(message.id)
    said = records.Complained(supplier_reference="arf", kind="", made_at=None)
    outsider = make_actor(organisation_id=ELSEWHERE.id)

    assert AuditEntry.objects.get(action="notify.take_complaint").concerns == [PERSON]
    with pytest.raises(NotAllowed):
        operations.take_complaint(make_actor(permissions.SEND), message.id, said=said)
    with pytest.raises(NoSuchMessage):
        operations.take_complaint(outsider, message.id, said=said)


def test_staff_see_complaints_the_newest_first_and_nobody_elses() -> None:
    empty = get(url("complaints")).content.decode()
    older, newer = (
        send(),
        send(to="bob@example.com", personalisation={"day": "<b>", "name": "x", "items": []}),
    )
    complain(older.id, made_at=AT)
    complain(newer.id, made_at=AT + timedelta(hours=1), kind="")

    page = get(url("complaints")).content.decode()
    rows = queries.list_complaints(make_actor(permissions.READ_TEXTS)).rows

    assert "There are no complaints" in empty
    assert [row.to for row in rows] == ["bob@example.com", "ann@example.com"]
    assert page.index("bob@example.com") < page.index("ann@example.com")
    assert "Unwanted" in page
    assert "Reason not given" in page
    assert "Collection on &lt;b&gt;" in page
    assert queries.list_complaints(make_actor(organisation_id=ELSEWHERE.id)).rows == []
    assert get(url("complaints"), actor="stranger").status_code == 403
    assert b"ann@" not in get(url("complaints"), actor="outsider").content
    with pytest.raises(NotAllowed):
        queries.list_complaints(make_actor(permissions.MANAGE_KEYS))


def test_a_page_of_complaints_is_one_question(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    message_id = send_as_program()
    for number in range(30):
        complain(message_id, reference=f"ses {number}")

    with django_assert_num_queries(2):  # the page and the audit
        page = queries.list_complaints(make_actor())

    assert len(page.rows) == 25
    assert page.rows[0].sender == SENDER


def test_a_complaint_outlives_the_words_that_it_is_about() -> None:
    message_id = send_as_program()
    complain(message_id)
    long_ago = timezone.now() - timedelta(days=8)
    models.Message.objects.update(created_at=long_ago, status=records.Status.DELIVERED)

    operations.wipe_messages(make_actor())

    (row,) = queries.list_complaints(make_actor()).rows
    page = get(url("complaints")).content.decode()
    assert (row.to, row.subject, row.message_id) == ("", "", message_id)
    assert "Not kept any more" in page
    assert str(message_id) in page
