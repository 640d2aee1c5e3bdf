"""Files behind a link in an email: from the program that sends one to whoever downloads it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.signing import TimestampSigner
from django.test import Client
from django.utils import timezone

from townhall.capabilities.notify import errors, models, operations, permissions, queries
from townhall.capabilities.notify.records import KeyType
from townhall.capabilities.notify.tests.make import (
    ELSEWHERE,
    PERSON,
    SENDER,
    make_actor,
    make_key,
)
from townhall.capabilities.notify.tests.uploads import (
    CONTACT,
    LINK,
    PDF,
    asked,
    confirm,
    open_page,
    parts,
    send,
    upload,
)
from townhall.capabilities.notify.tests.wire import body, post, refused
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed
from townhall.machinery.models import AuditEntry
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _contact() -> None:
    operations.set_contact(make_actor(), contact=CONTACT, sender=SENDER)


def holder(organisation_id: Any = None) -> Actor:
    made = make_actor(permissions.OPEN_FILES)
    return Actor("link:file", made.may, organisation_id or made.organisation_id)


def test_the_recipient_of_an_email_downloads_its_file_without_a_cookie() -> None:
    url = send(upload(filename="Your décision.pdf"), email_address="Ann@example.com")

    landing = open_page(url).content.decode()
    skipped = open_page(url, "download/")
    confirmed = confirm(url, " ann@Example.com ")
    page = Client().get(confirmed["Location"]).content.decode()
    answer = Client().get(confirmed["Location"].replace("/download/", "/content/"))

    assert "Barset Council sent you a file to download" in landing
    assert CONTACT in landing
    assert "/confirm/?key=" in landing
    assert (skipped.status_code, "/confirm/" in skipped["Location"]) == (302, True)
    assert "13\xa0bytes" in page
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    name = "attachment; filename*=utf-8''Your%20d%C3%A9cision.pdf"
    assert answer["Content-Disposition"] == name
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == (
        "private, no-store",
        "noindex, nofollow",
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies


def test_another_address_opens_nothing_and_nothing_is_said_of_the_right_one() -> None:
    url = send()

    for address in ("bob@example.com", "ann@example.org"):
        answer = confirm(url, address)
        page = answer.content.decode()
        assert (answer.status_code, "to another email address" in page) == (422, True)
        assert "ann@example.com" not in page
    assert confirm(url, "ann").status_code == 422
    forged = open_page(url, "content/", proof="x")
    others = open_page(url, "content/", proof=TimestampSigner(salt="x").sign(str(uuid4())))
    assert {forged.status_code, others.status_code} == {302}


def test_an_address_cannot_be_found_by_trying() -> None:
    url, now = send(), timezone.now()
    wanted = parts(url)

    for number in range(10):
        operations.guess_recipient(holder(), **wanted, address=f"{number}@example.com")
    with pytest.raises(errors.TooManyGuesses):
        operations.guess_recipient(holder(), **wanted, address="ann@example.com")
    assert "Wait an hour" in confirm(url, "ann@example.com").content.decode()
    with time_machine.travel(now + timedelta(minutes=61)):
        assert operations.guess_recipient(holder(), **wanted, address="ann@example.com").proof


def test_a_file_may_need_no_address() -> None:
    url = send(upload(b"a,b\n", is_csv=True, confirm_email_before_download=False))

    answer = open_page(url, "content/")

    assert "/download/?key=" in open_page(url).content.decode()
    assert open_page(url, "confirm/").status_code == 302
    assert (answer.content, answer["Content-Type"]) == (b"a,b\n", "text/csv")
    assert answer["Content-Disposition"] == 'attachment; filename="file.csv"'


def test_a_download_is_audited_and_told_to_the_person_whose_file_it_is() -> None:
    url = send(upload(confirm_email_before_download=False))
    models.LinkedFile.objects.update(person_id=PERSON)  # programs name nobody so far

    open_page(url)
    open_page(url, "download/")
    open_page(url, "content/")

    (entry,) = AuditEntry.objects.filter(action="notify.open_file")
    assert (entry.actor, entry.concerns, entry.subject_id) == (
        "link:file",
        [PERSON],
        str(parts(url)["file_id"]),
    )


def test_where_there_is_no_file_the_page_says_whom_to_contact() -> None:
    url = send(upload(retention_period="1 week"))
    pages = ("", "confirm/", "download/", "content/")

    wrong = [open_page(url, page, key="x" * 32) for page in pages]
    without = [open_page(f"http://testserver/files/{uuid4()}/", page) for page in pages]
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        late = [open_page(url, page) for page in pages]

    for answer in (*wrong, *without, *late):
        assert answer.status_code == 404
        assert "The file is not available" in answer.content.decode()
    for answer in (*wrong, *without):
        assert "Call us" in answer.content.decode()  # the organisation
    for answer in late:
        assert CONTACT in answer.content.decode()  # who sent the file


def test_another_organisation_does_not_find_it_nor_who_lacks_the_permission() -> None:
    wanted = parts(send(upload(confirm_email_before_download=False)))

    with pytest.raises(errors.NoSuchFile):
        queries.open_file(holder(ELSEWHERE.id), **wanted, proof="")
    for ask in (queries.open_file, queries.get_confirmed_file):
        with pytest.raises(NotAllowed):
            ask(make_actor(permissions.SEND), **wanted, proof="")
    with pytest.raises(NotAllowed):
        queries.get_linked_file(make_actor(permissions.SEND), **wanted)
    with pytest.raises(NotAllowed):
        operations.guess_recipient(make_actor(permissions.SEND), **wanted, address="a")
    with pytest.raises(NotAllowed):
        operations.wipe_files(make_actor(permissions.SEND))


def test_nothing_in_the_database_opens_a_file_once_its_message_is_wiped() -> None:
    url = send(upload(filename="ann.pdf"))
    run_tasks()
    models.Message.wipe(models.Message.visible_to(make_actor()))
    key = parts(url)["key"]

    row = models.LinkedFile.objects.values().get()
    message = models.Message.objects.values().get()

    for kept in (row, message):
        for value in kept.values():
            said = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            for secret in (key.encode(), PDF, b"ann"):
                assert secret not in said
    models.Message.objects.all().delete()
    assert confirm(url, "ann@example.com").status_code == 302  # it outlives its message


def test_files_are_wiped_after_their_weeks() -> None:
    url = send(upload(retention_period="2 weeks"))
    kept = send()

    operations.wipe_files(make_actor())
    assert confirm(url, "ann@example.com").status_code == 302
    with time_machine.travel(timezone.now() + timedelta(weeks=2, minutes=1)):
        operations.wipe_old_files()
        operations.wipe_old_files()

    wiped = models.LinkedFile.objects.get(id=parts(url)["file_id"])
    assert (bytes(wiped.content), bytes(wiped.name), wiped.size) == (b"", b"", len(PDF))
    assert models.LinkedFile.objects.get(id=parts(kept)["file_id"]).wiped_at is None


def test_without_contact_details_no_file_is_sent() -> None:
    models.Sender.objects.update(contact="")

    answer = post(make_key(), asked(upload()))

    says = (
        "Send files by email has not been set up - add contact details for your service at "
        "http://testserver/notify/origins/"
    )
    refused(answer, 400, "BadRequestError", says)


def test_a_test_key_uploads_too_and_a_smoke_address_does_not() -> None:
    test_key, smoke = make_key(KeyType.TEST), "simulate-delivered@notifications.service.gov.uk"

    sent = post(test_key, asked(upload())).json()["content"]["body"]
    smoked = post(test_key, asked(upload(), email_address=smoke)).json()["content"]["body"]

    match = LINK.search(sent)
    assert match
    assert open_page(match[0]).status_code == 200
    assert "http://testserver/files/test-document" in smoked
    assert Client().get("/files/test-document").status_code == 200
    assert models.LinkedFile.objects.count() == models.Message.objects.count() == 1


def test_several_files_have_links_of_their_own_that_nothing_makes_harmless() -> None:
    values = {"day": "Monday", "name": upload(), "items": upload(b"a,b", filename="b.csv")}
    asked_for = body(personalisation=values, sanitise_content_for=["Name", "day"])

    answer = post(make_key(), asked_for).json()

    links = LINK.findall(answer["content"]["body"])
    assert len({file_id for file_id, _key in links}) == 2
    assert answer["sanitised_content"] == {}
    run_tasks()
    html = models.SandboxMessage.objects.get().record().html
    assert all(f"/files/{file_id}/?key={key}" in html for file_id, key in links)


def test_a_repeated_request_keeps_its_first_files() -> None:
    key, given = make_key(), {"Idempotency-Key": "file-7"}
    attachment = {"file": upload()["file"], "filename": "a.pdf"}
    repeated = asked(upload(), attachments=[attachment])

    first, again = (post(key, repeated, **given).json() for _time in range(2))

    assert first == again
    assert models.LinkedFile.objects.count() == models.Message.objects.count() == 1
    assert len(models.Message.objects.get().files) == 1


def test_a_refused_email_leaves_no_file() -> None:
    answer = post(make_key(), body(personalisation={"name": upload()}))

    refused(answer, 400, "BadRequestError", "Missing personalisation: day, items")
    assert not models.LinkedFile.objects.exists()


def test_staff_give_the_contact_details() -> None:
    Client().post("/notify/origins/contact/?sender=main", {"contact": " a@barset.example "})
    wrong = Client().post("/notify/origins/contact/", {"contact": "http://barset.example"})

    assert queries.get_contact(make_actor(), sender="main") == "a@barset.example"
    assert (wrong.status_code, "starts with https://" in wrong.content.decode()) == (422, True)
    assert "a@barset.example" in Client().get("/notify/origins/").content.decode()
    with pytest.raises(NotAllowed):
        operations.set_contact(make_actor(permissions.SEND), contact=CONTACT)
