"""Texts that people send: kept, shown to staff and to programs, and told to callbacks."""

import json
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import Settings

from townhall.capabilities.notify import models, operations, permissions, queries, records
from townhall.capabilities.notify.errors import NoSuchMessage, NoSuchNumber
from townhall.capabilities.notify.records import CallbackKind, Channel
from townhall.capabilities.notify.tests.make import (
    ELSEWHERE,
    NUMBER,
    make_actor,
    make_callback,
    make_key,
    make_number,
    make_text_template,
)
from townhall.capabilities.notify.tests.peers import Peer, listening
from townhall.capabilities.notify.tests.wire import get, post
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid, NotAllowed
from townhall.machinery.models import AuditEntry
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def peer(settings: Settings) -> Iterator[Peer]:
    settings.DEMO = True
    with listening() as peer:
        yield peer


def receive(
    reference: str = "s-1",
    *,
    actor: Actor | None = None,
    to: str = NUMBER,
    by: str = "447700900123",
    body: str = "YES",
) -> records.ReceivedText:
    return operations.receive_text(
        actor or make_actor(), to=to, by=by, body=body, supplier_reference=reference
    )


def arrive(body: str = "Ann") -> models.SandboxMessage:
    """A text in the sandbox mailbox, from the sender's usual number."""
    sent = {"phone_number": "07900 900123", "template_id": str(make_text_template().id)}
    post(make_key(), sent | {"personalisation": {"name": body}}, path="/v2/notifications/sms")
    run_tasks()
    return models.SandboxMessage.objects.latest("id")


def test_a_text_is_told_in_the_words_of_govuk_notify(peer: Peer) -> None:
    make_number()
    make_callback(peer.url, kind=CallbackKind.RECEIVED_TEXT)

    text = receive(body="Helô")
    run_tasks()

    (asked,) = peer.asked
    assert json.loads(asked.body) == {
        "id": str(text.id),
        "source_number": "447700900123",
        "destination_number": NUMBER,
        "message": "Helô",
        "date_received": text.created_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }


def test_one_reference_is_one_text(peer: Peer) -> None:
    make_number()
    make_callback(peer.url, kind=CallbackKind.RECEIVED_TEXT)

    first, second = receive(), receive(body="again")
    run_tasks()

    assert first == second
    assert len(peer.asked) == 1


@pytest.mark.parametrize("spelt", [NUMBER, f"+{NUMBER}", f"0{NUMBER[2:]}", "60777"])
def test_a_number_is_known_however_staff_spell_it(spelt: str) -> None:
    make_number(spelt)

    assert receive(to="60777" if spelt == "60777" else f"+{NUMBER}").body == "YES"


def test_a_number_that_takes_no_texts_gets_none() -> None:
    make_number()
    models.Origin.objects.update(takes_texts=False)

    with pytest.raises(NoSuchNumber):
        receive()
    with pytest.raises(NoSuchNumber):
        receive(to="441632960001")


@pytest.mark.parametrize(("by", "reference"), [("4" * 21, "s-1"), ("4", ""), ("4", "x" * 101)])
def test_what_fits_no_text_is_refused(by: str, reference: str) -> None:
    make_number()

    with pytest.raises(Invalid):
        receive(reference, by=by)


def test_another_organisation_has_other_numbers_and_sees_no_texts() -> None:
    make_number()
    receive()
    elsewhere = make_actor(organisation_id=ELSEWHERE.id)

    with pytest.raises(NoSuchNumber):
        receive("s-2", actor=elsewhere)
    assert queries.list_texts(elsewhere).rows == []


def test_texts_are_for_those_who_may() -> None:
    with pytest.raises(NotAllowed):
        receive(actor=make_actor(permissions.SEND))
    with pytest.raises(NotAllowed):
        queries.list_texts(make_actor(permissions.EDIT_TEMPLATES))


def test_staff_read_texts_newest_first_and_the_audit_knows() -> None:
    make_number()
    texts = [receive(f"s-{number}") for number in range(26)]

    first = queries.list_texts(make_actor())
    rest = queries.list_texts(make_actor(), place=first.next_place)

    assert [*first.rows, *rest.rows] == texts[::-1]
    assert AuditEntry.objects.filter(action="notify.list_texts").count() == 2


def test_programs_read_the_same_texts() -> None:
    make_number()
    text = receive()

    listed = get(make_key(), "/v2/received-text-messages").json()["received_text_messages"]

    assert [each["id"] for each in listed] == [str(text.id)]


def test_texts_are_wiped_with_messages() -> None:
    make_number()
    old, fresh = receive("s-1"), receive("s-2")
    long_ago = timezone.now() - timedelta(days=8)
    models.ReceivedText.objects.filter(id=old.id).update(created_at=long_ago)

    operations.wipe_messages(make_actor())
    operations.wipe_messages(make_actor())

    assert [text.id for text in models.ReceivedText.objects.all()] == [fresh.id]


def test_a_text_of_the_sandbox_is_answered_once(peer: Peer) -> None:
    make_number()
    make_callback(peer.url, kind=CallbackKind.RECEIVED_TEXT)
    arrived, reference = arrive(), uuid4()

    for _each in range(2):
        operations.answer_sandbox_text(make_actor(), arrived.pk, body="Thanks", reference=reference)
    run_tasks()

    (text,) = queries.list_texts(make_actor()).rows
    assert (text.to, text.by, text.body) == (NUMBER, arrived.to, "Thanks")
    assert len(peer.asked) == 1


def test_not_every_message_of_the_sandbox_can_be_answered() -> None:
    arrived = arrive()  # from no number
    actor, reference = make_actor(), uuid4()

    assert not queries.can_answer(actor, queries.get_sandbox_message(actor, arrived.pk))
    with pytest.raises(NoSuchNumber):
        operations.answer_sandbox_text(actor, arrived.pk, body="Hi", reference=reference)
    models.SandboxMessage.objects.update(channel=Channel.LETTER)
    assert not queries.can_answer(actor, queries.get_sandbox_message(actor, arrived.pk))
    with pytest.raises(NoSuchMessage):
        operations.answer_sandbox_text(actor, arrived.pk, body="Hi", reference=reference)
    with pytest.raises(NotAllowed):
        operations.answer_sandbox_text(
            make_actor(permissions.SEND), arrived.pk, body="Hi", reference=reference
        )
