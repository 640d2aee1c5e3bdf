"""What a sender's texts begin with: off until staff say so, and then in all of them."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.test import Client

from townhall.capabilities.notify import models, operations
from townhall.capabilities.notify.errors import MessageTooLong, NoSuchSender
from townhall.capabilities.notify.records import Channel, NewKey
from townhall.capabilities.notify.rendering.texts import begin_with, clean_prefix
from townhall.capabilities.notify.tests.bulk import BULK
from townhall.capabilities.notify.tests.channels import SMS, make, text
from townhall.capabilities.notify.tests.make import OUTSIDER, make_actor, make_key
from townhall.capabilities.notify.tests.wire import post
from townhall.machinery.errors import NotAllowed
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db


def begin(key: NewKey, prefix: str = "Barset") -> UUID:
    sender_id = UUID(key.text[-73:-37])
    operations.set_prefix(make_actor(), sender_id, prefix=prefix)
    return sender_id


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("", "hello"), (" Barset : ", "Barset: hello"), ("Tŷ’r – Cyngor", "Tŷ'r - Cyngor: hello")],
)
def test_it_is_written_as_texts_are(typed: str, expected: str) -> None:
    assert begin_with(clean_prefix(typed), "hello") == expected


def test_each_text_of_a_program_says_who_writes() -> None:
    key, template = make_key(), make(Channel.SMS)
    asked = text(template_id=str(template.id))
    plain = post(key, asked, path=SMS).json()

    begin(key)
    begin(key)
    prefixed = post(key, asked, path=SMS).json()
    shown = post(
        key, {"personalisation": {"name": "Ann"}}, path=f"/v2/template/{template.id}/preview"
    )

    assert plain["content"]["body"] == "Hello Ann"
    assert prefixed["content"]["body"] == shown.json()["body"] == "Barset: Hello Ann"


def test_the_most_characters_are_without_it_and_the_charge_is_with_it() -> None:
    key, template = make_key(), make(Channel.SMS, "((name))")
    begin(key, "B" * 40)

    for length, status in ((918, 201), (919, 400)):
        values = {"name": "x" * length}
        asked = text(template_id=str(template.id), personalisation=values)
        assert post(key, asked, path=SMS).status_code == status
        rows = [["phone number", "name"], ["07700900123", "x" * length]]
        listed = {"template_id": str(template.id), "name": "a", "rows": rows}
        assert post(key, listed, path=BULK).status_code == status
    run_tasks()

    sent = models.Message.objects.values_list("units", "body")
    assert {(units, body[:44], len(body)) for units, body in sent} == {(7, f"{'B' * 40}: xx", 960)}


def test_staff_set_it_on_the_senders_page_and_see_it_before_they_send(client: Client) -> None:
    sender_id = begin(make_key(), "Old")
    template = make(Channel.SMS)
    page = f"/notify/senders/{sender_id}/"

    assert b'value="Old"' in client.get(f"{page}prefix/").content
    too_long = client.post(f"{page}prefix/", {"words": "…" * 40})
    client.post(f"{page}prefix/", {"words": "Barset Council:"})

    assert b"Use 40 characters or fewer" in too_long.content
    assert b"Barset Council:" in client.get(page).content
    for path in (f"/notify/templates/{template.id}/", f"/notify/send/{template.id}/"):
        shown = client.get(path).content.decode()
        assert "Barset Council: Hello" in shown
        assert "14 of 918" in shown


def test_it_takes_the_permission_and_ones_own_sender() -> None:
    sender_id = begin(make_key(), "")
    foreign = replace(OUTSIDER, may=make_actor().may)

    for actor, refusal in ((OUTSIDER, NotAllowed), (foreign, NoSuchSender)):
        with pytest.raises(refusal):
            operations.set_prefix(actor, sender_id, prefix="x")
    with pytest.raises(MessageTooLong):
        begin(make_key(name="other"), "x" * 41)
