"""Letters that staff print and post themselves."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pypdfium2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader, PdfWriter
from pytest_django import Settings

from townhall.capabilities.notify import models, operations, permissions, queries
from townhall.capabilities.notify.errors import NoSuchMessage
from townhall.capabilities.notify.records import Status
from townhall.capabilities.notify.rendering.batches import join_letters
from townhall.capabilities.notify.tests.channels import LETTER, letter
from townhall.capabilities.notify.tests.make import (
    ELSEWHERE,
    make_actor,
    make_key,
)
from townhall.capabilities.notify.tests.wire import get, post
from townhall.machinery import providers
from townhall.machinery.errors import NotAllowed
from townhall.machinery.models import AuditEntry
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db

PAGE = "/notify/printing/"
Response = Any  # a test client's


@pytest.fixture(autouse=True)
def chosen(settings: Settings) -> None:
    printer = "townhall.capabilities.notify.providers.print_here.HerePrinter"
    settings.PROVIDERS = settings.PROVIDERS | {"notify.letters": [(printer, {})]}
    providers.chosen.cache_clear()


@pytest.fixture
def send() -> Callable[[], UUID]:
    key, asked = make_key(), letter()

    def send() -> UUID:
        """A letter that waits to be printed."""
        answer = post(key, asked, path=LETTER)
        assert answer.status_code == 201, answer.content
        run_tasks()
        return UUID(answer.json()["id"])

    return send


def visit(path: str, actor: str = "staff") -> Response:
    return Client().get(path, headers={"X-Test-Actor": actor})


def pdf_of(pages: int) -> bytes:
    writer, file = PdfWriter(), BytesIO()
    for number in range(pages):
        writer.add_blank_page(width=595 + number, height=842)
    writer.write(file)
    return file.getvalue()


def test_a_letter_waits_until_it_is_posted(send: Callable[[], UUID]) -> None:
    message_id = send()
    assert b"Ann Arbour" in visit(PAGE).content
    assert models.Message.objects.get().supplier == "print-here"

    answer = Client().post(f"{PAGE}posted/", {"id": str(message_id)})
    again = Client().post(f"{PAGE}posted/", {"id": str(message_id)})

    assert (answer.status_code, again.status_code) == (302, 302)
    message = models.Message.objects.get()
    assert message.status == Status.DELIVERED
    assert message.completed_at is not None
    assert "No letter waits" in visit(PAGE).content.decode()
    assert visit(f"{PAGE}{message_id}/letter.pdf").status_code == 404


def test_a_program_hears_that_it_was_received() -> None:
    key = make_key()
    sent = post(key, letter(), path=LETTER).json()["id"]
    run_tasks()
    path = f"/v2/notifications/{sent}"
    assert get(key, path).json()["status"] == "accepted"

    operations.mark_posted(make_actor(), message_ids=[UUID(sent)])

    assert get(key, path).json()["status"] == "received"


def test_a_batch_holds_the_letters_of_the_page_and_no_other(send: Callable[[], UUID]) -> None:
    first, second, other = send(), send(), send()

    answer = visit(f"{PAGE}letters.pdf?id={second}&id={first}")

    assert answer["Content-Type"] == "application/pdf"
    assert "attachment" in answer["Content-Disposition"]
    pages = pypdfium2.PdfDocument(answer.content)
    texts = [page.get_textpage().get_text_range() for page in pages]
    assert [bool(each.strip()) for each in texts] == [True, False, True, False]
    assert b"%PDF" in visit(f"{PAGE}{other}/letter.pdf").content


@pytest.mark.parametrize(
    ("lengths", "expected"), [([1], 2), ([2], 2), ([1, 2, 3], 8), ([10, 1], 12)]
)
def test_each_letter_begins_on_a_sheet_of_its_own(lengths: list[int], expected: int) -> None:
    joined = join_letters(pdf_of(each) for each in lengths)

    pages = PdfReader(BytesIO(joined)).pages
    starts = [number for number, page in enumerate(pages) if page.mediabox.width == 595]
    assert len(pages) == expected
    assert set(starts) >= {sum(n + n % 2 for n in lengths[:i]) for i in range(len(lengths))}


def test_what_was_posted_meanwhile_is_not_printed_again(send: Callable[[], UUID]) -> None:
    first, second = send(), send()
    operations.mark_posted(make_actor(), message_ids=[first])

    answer = visit(f"{PAGE}letters.pdf?id={first}&id={second}")

    assert answer.status_code == 409
    assert b"Somebody has posted one" in answer.content


@pytest.mark.parametrize("query", ["", "?id=x", "?id="])
def test_a_batch_of_nothing_says_what_to_do(query: str) -> None:
    answers = [visit(f"{PAGE}letters.pdf{query}"), Client().post(f"{PAGE}posted/{query}")]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert all(b"Choose the letters" in answer.content for answer in answers)


def test_a_page_costs_the_same_however_many_wait(send: Callable[[], UUID]) -> None:
    counts = []
    for _each in range(2):
        send()
        with CaptureQueriesContext(connection) as asked:
            visit(PAGE)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_the_audit_knows_who_saw_and_posted(send: Callable[[], UUID]) -> None:
    message_id = send()
    models.Message.objects.update(person_id=UUID(int=77))
    AuditEntry.objects.all().delete()

    visit(PAGE)
    visit(f"{PAGE}{message_id}/letter.pdf")
    operations.mark_posted(make_actor(), message_ids=[message_id])

    names = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert names == [
        "notify.list_letters_to_print",
        "notify.list_papers_to_print",
        "notify.mark_posted",
    ]


def test_others_neither_see_nor_post_it(send: Callable[[], UUID]) -> None:
    message_id = send()
    elsewhere = make_actor(organisation_id=ELSEWHERE.id)
    stranger = make_actor(permissions.SEND)

    assert operations.mark_posted(elsewhere, message_ids=[message_id]) == []
    assert queries.list_letters_to_print(elsewhere).rows == []
    with pytest.raises(NoSuchMessage):
        queries.list_papers_to_print(elsewhere, message_ids=[message_id, uuid4()])
    with pytest.raises(NotAllowed):
        operations.mark_posted(stranger, message_ids=[message_id])
    with pytest.raises(NotAllowed):
        queries.list_letters_to_print(stranger)
    with pytest.raises(NotAllowed):
        queries.list_papers_to_print(stranger, message_ids=[message_id])
    assert visit(PAGE, "stranger").status_code == 403
    assert models.Message.objects.get().status == Status.SENDING


def test_what_waits_to_be_printed_is_not_wiped(send: Callable[[], UUID]) -> None:
    posted, _waiting = send(), send()
    operations.mark_posted(make_actor(), message_ids=[posted])
    models.Message.objects.update(created_at=timezone.now() - timedelta(days=8))

    operations.wipe_old_messages()

    (kept,) = queries.list_letters_to_print(make_actor()).rows
    assert kept.to.startswith("Ann Arbour")
    assert models.Paper.objects.count() == 1
    assert models.Message.objects.get(id=posted).to == ""
