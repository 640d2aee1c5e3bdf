"""What staff see of callbacks and received texts; and answering a text of the sandbox."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from pytest_django import Settings

from townhall.capabilities.notify import models, queries
from townhall.capabilities.notify.tests.make import (
    NUMBER,
    TOKEN,
    make_actor,
    make_callback,
    make_number,
)
from townhall.capabilities.notify.tests.peers import Peer, listening
from townhall.capabilities.notify.tests.test_callbacks import send_test
from townhall.capabilities.notify.tests.test_pages import Answer, get, post, url
from townhall.capabilities.notify.tests.test_received import arrive, receive
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db

TYPED: dict[str, object] = {
    "kind": "delivery",
    "sender": "main",
    "url": "https://example.com/told",
    "token": TOKEN,
}


@pytest.fixture
def peer(settings: Settings) -> Iterator[Peer]:
    settings.DEMO = True
    with listening() as peer:
        yield peer


def test_a_callback_is_added_and_removed() -> None:
    empty = get(url("add_callback"))
    added = post(url("add_callback"), TYPED)
    listed = get(url("callbacks")).content.decode()
    callback = models.Callback.objects.get()
    asked = get(url("remove_callback", callback.id)).content.decode()
    removed = post(url("remove_callback", callback.id), {})

    assert empty.status_code == 200
    assert (added.status_code, added["Location"]) == (302, url("callbacks"))
    assert "https://example.com/told" in listed
    assert "In order" in listed
    assert TOKEN not in listed
    assert "https://example.com/told" in asked
    assert removed["Location"] == url("callbacks")
    assert not models.Callback.objects.exists()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"url": ""}, "Enter the address"),
        ({"url": "http://example.com"}, "starts with https://"),
        ({"url": "https://10.0.0.1/"}, "on the internet"),
        ({"token": "short"}, "Enter a token of 10 to 500"),
        ({"kind": "odd"}, "Choose one of the answers"),
        ({"sender": "nobody"}, "Choose one of the answers"),
    ],
)
def test_a_callback_that_cannot_be_says_why(changes: dict[str, str], says: str) -> None:
    answer = post(url("add_callback"), TYPED | changes)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not models.Callback.objects.exists()


def fail(peer: Peer) -> UUID:
    """Something that a callback did not take."""
    make_callback(peer.url)
    peer.answer(404, 200)
    send_test()
    run_tasks()
    return queries.list_failed_callbacks(make_actor()).rows[0].id


def test_what_was_not_taken_is_tried_again_from_its_page(peer: Peer) -> None:
    retry = url("retry_callback", fail(peer))
    before = get(url("callbacks")).content.decode()

    answer = post(retry, {})
    run_tasks()

    after = get(url("callbacks")).content.decode()
    assert "Not taken: 1" in before
    assert f'action="{retry}"' in before
    assert "404" in before
    assert answer["Location"] == url("callbacks")
    assert "In order" in after
    assert retry not in after
    assert get(retry).status_code == 405


def test_received_texts_are_shown_and_harmless() -> None:
    empty = get(url("received")).content.decode()
    make_number()
    receive(body="<script>\nYES")

    shown = get(url("received")).content.decode()

    assert "There are no texts yet" in empty
    assert "&lt;script&gt;<br>YES" in shown
    assert NUMBER in shown


def test_strangers_and_other_organisations_find_nothing(peer: Peer) -> None:
    delivery_id = fail(peer)
    make_number()
    receive(body="a private word")
    callback = models.Callback.objects.get()
    pages = [url("callbacks"), url("add_callback"), url("received")]
    one, retry = url("remove_callback", callback.id), url("retry_callback", delivery_id)

    def all_of(actor: str) -> list[Answer]:
        asked = [get(page, actor=actor) for page in [*pages, one]]
        return [*asked, post(one, {}, actor=actor), post(retry, {}, actor=actor)]

    strangers, outsiders = all_of("stranger"), all_of("outsider")

    assert [answer.status_code for answer in strangers] == [403] * 6
    assert [answer.status_code for answer in outsiders] == [200] * 3 + [404] * 3
    told = b"".join(answer.content for answer in outsiders)
    assert peer.url.encode() not in told
    assert b"a private word" not in told


def test_a_text_of_the_sandbox_is_answered_from_its_page() -> None:
    make_number()
    arrived = arrive()
    answer_url = reverse("notify_sandbox:answer", args=[arrived.pk])
    page = get(reverse("notify_sandbox:message", args=[arrived.pk]), actor="stranger")
    typed: dict[str, object] = {"body": "On my way", "reference": str(uuid4())}

    form = get(answer_url, actor="stranger")
    empty = post(answer_url, {"body": "", "reference": typed["reference"]}, actor="stranger")
    sent = [post(answer_url, typed, actor="stranger") for _each in range(2)]

    assert answer_url in page.content.decode()
    assert "Ready, Ann" in form.content.decode()
    assert empty.status_code == 422
    assert [answer.status_code for answer in sent] == [302, 302]
    assert "On my way" in get(url("received")).content.decode()
    assert models.ReceivedText.objects.count() == 1


def test_a_text_from_no_number_cannot_be_answered() -> None:
    arrived = arrive()
    answer_url = reverse("notify_sandbox:answer", args=[arrived.pk])

    page = get(reverse("notify_sandbox:message", args=[arrived.pk]))

    assert answer_url not in page.content.decode()
    assert get(answer_url).status_code == 404
