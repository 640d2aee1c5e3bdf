"""Django's own mail, through notify."""

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection, send_mail
from pytest_django import Settings

from townhall.capabilities.notify import models, queries
from townhall.capabilities.notify.errors import NotAnAddress
from townhall.capabilities.notify.tests.make import BARSET, ELSEWHERE, make_actor
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db

ORGANISATION = "X-Townhall-Organisation"


@pytest.fixture(autouse=True)
def backend(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "townhall.capabilities.notify.mail.NotifyBackend"


def make_mail(**changes: object) -> EmailMultiAlternatives:
    usual: dict[str, object] = {
        "subject": "Your code",
        "body": "123456",
        "to": ["Ann <ann@example.com>"],
        "headers": {ORGANISATION: str(BARSET.id)},
    }
    return EmailMultiAlternatives(**usual | changes)  # type: ignore[arg-type]


def test_a_mail_is_queued_kept_and_sent() -> None:
    mail = make_mail(attachments=[("a.txt", "words", "text/plain"), ("b", b"\x00", None)])

    sent = mail.send()
    run_tasks()

    (line,) = queries.list_sandbox_messages(make_actor()).rows
    email = queries.get_sandbox_message(make_actor(), line.id)
    assert sent == 1
    assert (email.to, email.subject, email.text) == ("ann@example.com", "Your code", "123456\n")
    assert [each.filename for each in email.attachments] == ["a.txt", "b"]
    assert ORGANISATION not in dict(email.headers)
    assert email.attachments[0].content == b"words"


def test_each_recipient_gets_a_mail_of_their_own() -> None:
    make_mail(to=["ann@example.com"], cc=["bob@example.com"], bcc=["cat@example.com"]).send()

    to = models.Message.objects.order_by("to").values_list("to", flat=True)
    assert list(to) == ["ann@example.com", "bob@example.com", "cat@example.com"]


def test_a_mail_is_of_the_organisation_that_it_names() -> None:
    make_mail(headers={ORGANISATION: str(ELSEWHERE.id)}).send()

    assert models.Message.objects.get().organisation_id == ELSEWHERE.id


def test_a_mail_that_names_none_needs_there_to_be_one() -> None:
    with pytest.raises(ValueError, match=ORGANISATION):
        send_mail("Hello", "Body", None, ["ann@example.com"])


def test_a_bad_address_is_refused_unless_failing_silently() -> None:
    with pytest.raises(NotAnAddress):
        make_mail(to=["nobody"]).send()

    quiet = get_connection(fail_silently=True)
    assert make_mail(to=["nobody"], connection=quiet).send() == 0
