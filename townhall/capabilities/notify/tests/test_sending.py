"""Sending: what is stored, what is refused, and what the carrier gets."""

from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from uuid import UUID, uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from townhall.capabilities.notify import errors, models, operations, permissions, queries, records
from townhall.capabilities.notify.records import KeyType, Status
from townhall.capabilities.notify.tests.make import (
    ELSEWHERE,
    OUTSIDER,
    PERSON,
    VALUES,
    WORDING,
    make_actor,
    make_guest,
    make_key,
    make_template,
    send,
)
from townhall.machinery.errors import Invalid, NotAllowed
from townhall.machinery.models import AuditEntry, RecordedEvent
from townhall.machinery.testing import run_tasks
from townhall.machinery.wording import Wording

pytestmark = pytest.mark.django_db


def test_an_email_is_filled_in_kept_audited_and_sent() -> None:
    message = send()
    run_tasks()

    assert (message.subject, message.status) == ("Collection on Monday", Status.CREATED)
    assert message.body == "Dear Ann\n\nWe collect: \n\n* a sofa\n* a bed"
    kept = queries.get_message(make_actor(), message.id)
    assert (kept.status, kept.template_version) == (Status.SENDING, 1)
    assert kept.sent_at is not None
    assert kept.completed_at is None
    written = AuditEntry.objects.filter(subject_id=message.id, kind=AuditEntry.WRITE)
    assert {(row.action, tuple(row.concerns)) for row in written} == {
        ("notify.send_email", (PERSON,)),
        ("notify.mark_sent", (PERSON,)),
    }
    event = RecordedEvent.objects.get(name="notify.message_sent")
    assert event.facts["message_id"] == str(message.id)
    assert event.facts["template"] == "collection-booked"


def test_the_letter_is_of_the_organisation_in_the_persons_language() -> None:
    calendar = records.Attachment(
        filename="a.ics", content_type="text/calendar", content=b"BEGIN:VCALENDAR\r\n"
    )
    message = send(language="cy", attachments=[calendar])
    run_tasks()

    received = queries.get_sandbox_message(make_actor(), models.SandboxMessage.objects.get().pk)
    letter = message_from_bytes(received.source, policy=default)
    assert letter["From"] == "Cyngor Barset <noreply@barset.example>"
    assert letter["Subject"] == "Casgliad ar Monday"
    assert letter["Message-ID"] == f"<{message.id}@barset.example>"
    assert letter["Content-Language"] == "cy"
    assert received.text == "Annwyl Ann\n\n• a sofa\n• a bed\n"
    assert '<html lang="cy">' in received.html
    assert ">a sofa</li>" in received.html
    assert received.attachments == (calendar,)


def test_without_welsh_words_the_email_is_english_and_says_so() -> None:
    only_english = records.TemplateWording(
        name="plain",
        title="Plain",
        subject=Wording("Hello"),
        body=Wording("Hello ((name))"),
    )

    assert send(template=only_english, language="cy").language == "en"


def test_a_message_costs_few_statements(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_template()

    # wording, message, task, audit; and the transaction's two
    with django_assert_num_queries(6):
        send()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"personalisation": {"day": "Monday"}}, errors.MissingPersonalisation),
        ({"to": "ann@example"}, errors.NotAnAddress),
        ({"to": "ann.@example.com"}, errors.NotAnAddress),
        ({"to": ".ann@example.com"}, errors.NotAnAddress),
        ({"to": "ann@example.com\nBcc: x@example.com"}, errors.NotAnAddress),
        ({"to": "Ann <ann@example.com>"}, errors.NotAnAddress),
        ({"personalisation": VALUES | {"name": "x" * 2_000_001}}, errors.MessageTooLong),
        ({"personalisation": VALUES | {"day": "x" * 2_001}}, errors.MessageTooLong),
        (
            {
                "attachments": [
                    records.Attachment(
                        filename="a", content_type="text/plain", content=b"x" * 2_000_001
                    )
                ]
            },
            errors.MessageTooLong,
        ),
    ],
)
def test_what_cannot_be_sent_is_refused_and_not_kept(
    changes: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        send(**changes)  # type: ignore[arg-type]  # never the actor

    assert not models.Message.objects.exists()


def test_sending_needs_the_permission() -> None:
    with pytest.raises(NotAllowed):
        send(make_actor(permissions.READ))


def test_another_organisation_finds_no_message() -> None:
    message = send()

    with pytest.raises(errors.NoSuchMessage):
        queries.get_message(make_actor(permissions.READ, organisation_id=ELSEWHERE.id), message.id)
    with pytest.raises(NotAllowed):
        queries.get_message(OUTSIDER, message.id)


def test_reading_a_message_is_audited_for_its_person() -> None:
    message = send()

    queries.get_message(make_actor(), message.id)

    read = AuditEntry.objects.get(kind=AuditEntry.READ)
    assert (read.action, read.concerns) == ("notify.get_message", [PERSON])


def test_ready_mail_goes_out_as_it_was_written() -> None:
    operations.send_ready_email(
        make_actor(),
        to="ann@example.com",
        subject="Your code",
        body="# 123456 <b>",
        language="en",
    )
    run_tasks()

    sent = queries.get_sandbox_message(make_actor(), models.SandboxMessage.objects.get().pk)
    assert (sent.text, sent.html) == ("# 123456 <b>\n", "")


def make_program(key_type: KeyType = KeyType.LIVE) -> records.Program:
    key = models.ApiKey.objects.get(id=make_key(key_type).id)
    return records.Program(
        key_id=key.id,
        sender_id=key.sender_id,
        name=key.name,
        key_type=key_type,
        last_used_on=None,
        standing=key.sender.standing(),
    )


def send_as(program: records.Program, **changes: object) -> records.Message:
    usual: dict[str, object] = {
        "template_id": make_template().id,
        "to": "ann@example.com",
        "personalisation": VALUES,
    }
    return operations.send_email_for_program(
        make_actor(),
        program=program,
        **usual | changes,  # type: ignore[arg-type]
    )


def test_a_program_sends_by_the_templates_id() -> None:
    program = make_program()

    message = send_as(program, reference="r-1")

    found = queries.get_message_of_program(make_actor(), message.id, program=program)
    assert (found.reference, found.person_id) == ("r-1", None)
    assert models.ApiKey.objects.get().last_used_on is not None


def test_a_program_has_no_template_of_another_organisation() -> None:
    elsewhere = make_actor(organisation_id=ELSEWHERE.id)
    theirs = operations.ensure_templates(elsewhere, [WORDING])[0]

    with pytest.raises(Invalid, match="Template not found"):
        send_as(make_program(), template_id=theirs.id)


@pytest.mark.parametrize(
    ("to", "status"),
    [
        ("ann@example.com", Status.DELIVERED),
        ("temp-fail@simulator.notify", Status.TEMPORARY_FAILURE),
        ("Perm-Fail@simulator.notify", Status.PERMANENT_FAILURE),
    ],
)
def test_a_test_key_only_pretends(to: str, status: Status) -> None:
    message = send_as(make_program(KeyType.TEST), to=to)
    run_tasks()

    assert queries.get_message(make_actor(), message.id).status == status
    assert not models.SandboxMessage.objects.exists()


def test_mail_to_a_smoke_address_is_checked_and_not_kept() -> None:
    program = make_program()

    message = send_as(program, to="simulate-delivered-2@notifications.service.gov.uk")

    assert message.subject == "Collection on Monday"
    assert not models.Message.objects.exists()
    with pytest.raises(errors.MissingPersonalisation):
        send_as(program, to="simulate-delivered@notifications.service.gov.uk", personalisation={})


def test_a_team_key_reaches_only_the_team_and_guest_list() -> None:
    program = make_program(KeyType.TEAM)
    make_guest(program.sender_id, email="ANN@example.com")

    assert send_as(program, to="Ann@example.com").status == Status.CREATED
    with pytest.raises(errors.NotOnGuestList):
        send_as(program, to="nn@example.com")


def test_a_program_may_send_so_fast_and_no_faster() -> None:
    program = make_program()
    taken = [
        models.Allowance.take_one(program.sender_id, "live", most=3, per_second=0)
        for _each in range(4)
    ]

    assert taken == [True, True, True, False]
    assert models.Allowance.take_one(program.sender_id, "test", most=3, per_second=0)
    assert models.Allowance.take_one(program.sender_id, "live", most=3, per_second=1_000_000)


def test_too_fast_is_refused_in_the_words_of_the_wire() -> None:
    program = make_program()
    send_as(program)
    models.Allowance.objects.update(remaining=-1000)

    with pytest.raises(errors.TooFast, match="key type LIVE of 3000 requests per 60 seconds"):
        send_as(program)


def test_sending_as_a_program_needs_the_permission() -> None:
    with pytest.raises(NotAllowed):
        operations.send_email_for_program(
            make_actor(permissions.READ),
            program=make_program(),
            template_id=uuid4(),
            to="ann@example.com",
            personalisation={},
        )


def test_ready_mail_needs_the_permission() -> None:
    with pytest.raises(NotAllowed):
        operations.send_ready_email(
            make_actor(permissions.READ), to="a@b.example", subject="", body="x", language="en"
        )


def test_a_message_of_one_sender_is_not_anothers() -> None:
    program = make_program()
    message = send_as(program)
    stranger = replace(program, key_id=UUID(int=9), sender_id=UUID(int=9))

    with pytest.raises(errors.NoSuchMessage):
        queries.get_message_of_program(make_actor(), message.id, program=stranger)
