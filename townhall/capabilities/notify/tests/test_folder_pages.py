"""What staff do with templates on the pages: folders, copies, versions, and a look meanwhile."""

import re
from typing import Any
from uuid import uuid4

import pytest

from townhall.capabilities.notify import models, operations, queries, records
from townhall.capabilities.notify.records import Channel
from townhall.capabilities.notify.tests.make import make_actor, make_template
from townhall.capabilities.notify.tests.test_pages import WORDS, get, make, marked, post, url

pytestmark = pytest.mark.django_db


def folder(title: str = "Bins", **more: Any) -> records.FolderName:
    return operations.make_folder(make_actor(), title=title, **more)


def page(address: str) -> str:
    content: str = get(address).content.decode()
    return content


def test_a_folder_is_made_in_another_and_browsed_with_breadcrumbs() -> None:
    bins = folder()

    answer = post(f"{url('make_folder')}?folder={bins.id}", {"title": "Garden"})

    garden = models.TemplateFolder.objects.get(title="Garden")
    assert answer["Location"] == url("folder", garden.id)
    shown = page(url("folder", garden.id))
    assert re.findall(r'breadcrumbs__link" href="([^"]+)"', shown) == [
        url("templates"),
        url("folder", bins.id),
    ]
    assert "The folder is empty." in shown
    assert str(garden.id) in shown
    assert "1 folder</span>" in page(url("templates"))


def test_a_template_is_made_in_the_folder_that_is_being_looked_at() -> None:
    bins = folder()
    make_template()
    link = f"{url('make_template')}?folder={bins.id}"

    asked = post(link, {"channel": "email", "sender": "main"})
    post(asked["Location"], WORDS | {"title": "Bin day"})

    template = models.Template.objects.get(name="bin-day")
    assert f'href="{link}"' in page(url("folder", bins.id))
    assert template.folder_id == bins.id
    assert url("folder", bins.id) in page(url("template", template.id))
    for odd in ("x", uuid4()):
        assert get(f"{url('make_email_template')}?folder={odd}").status_code == 404


def test_a_folder_is_renamed_moved_and_deleted_when_empty() -> None:
    bins, roads = folder(), folder("Roads")
    template = make(Channel.SMS)

    renamed = post(url("rename_folder", bins.id), {"title": "Waste"})
    taken = post(url("rename_folder", bins.id), {"title": "Roads"})
    moved = post(url("move_folder", bins.id), {"folder": str(roads.id)})
    itself = post(url("move_folder", roads.id), {"folder": str(bins.id)})
    post(url("move_template", template.id), {"folder": str(bins.id)})
    full = post(url("delete_folder", bins.id), {})
    post(url("move_template", template.id), {"folder": "none"})
    empty = post(url("delete_folder", bins.id), {})

    assert renamed["Location"] == moved["Location"] == url("folder", bins.id)
    assert "There is a folder of that name here" in taken.content.decode()
    assert itself.status_code == 422
    assert (full.status_code, "elsewhere first" in full.content.decode()) == (409, True)
    assert empty["Location"] == url("folder", roads.id)
    assert not models.TemplateFolder.objects.filter(id=bins.id).exists()


def test_templates_are_found_whatever_their_folder() -> None:
    template = make(Channel.SMS)
    operations.move_template(make_actor(), template.id, folder_id=folder("Waste").id)
    make_template()

    found = page(f"{url('templates')}?words=BIN&channel=sms")
    by_kind = page(f"{url('templates')}?words=&channel=email")
    none = page(f"{url('templates')}?words=zebra&channel=")
    odd = get(f"{url('templates')}?words=a&channel=fax")

    assert ">Bins</a>" in found
    assert "Waste</td>" in found
    assert (">Bins</a>" in by_kind, "Collection booked" in by_kind) == (False, True)
    assert "No template fits." in none
    assert odd.status_code == 422


def test_a_template_is_copied_under_another_title() -> None:
    template = make(Channel.LETTER)

    asked = page(url("copy_template", template.id))
    answer = post(url("copy_template", template.id), {"title": "Bins again"})
    again = post(url("copy_template", template.id), {"title": "Bins again"})

    assert 'value="Copy of Bins"' in asked
    copy = models.Template.objects.get(name="bins-again")
    assert answer["Location"] == url("template", copy.id)
    assert (again.status_code, "of that name" in again.content.decode()) == (422, True)


def test_an_archived_template_can_be_looked_at_and_copied() -> None:
    template, theirs = make(Channel.SMS), make_template()

    asked = page(url("archive_template", template.id))
    answer = post(url("archive_template", template.id), {})

    assert "Nothing more can be sent with it" in asked
    assert answer["Location"] == url("templates")
    assert ">Bins</a>" not in page(url("templates"))
    shown = page(url("template", template.id))
    assert "Archived</strong>" in shown
    assert url("copy_template", template.id) in shown
    assert url("edit_template", template.id) not in shown
    edited = WORDS | {"title": "Bins", "seen_version": 1}
    assert "is archived" in post(url("edit_template", template.id), edited).content.decode()
    assert url("archive_template", theirs.id) not in page(url("template", theirs.id))
    assert post(url("archive_template", theirs.id), {}).status_code == 409


def test_a_version_says_who_changed_what_and_not_by_colour_alone() -> None:
    template = make(Channel.LETTER)
    words = WORDS | {"title": "Bins", "seen_version": 1, "postage": "first"}
    post(url("edit_template", template.id), words | {"body_en": "Dear ((full name)) <b>"})

    first, second = (page(url("version", template.id, number)) for number in (1, 2))

    said = " ".join(re.sub(r"<span[^>]*>|</span>|end of change", "", second).split())
    assert "Dear ((<ins>Added: full </ins>name))<ins>Added: &lt;b&gt; </ins>" in said
    assert "<del>Removed: second </del><ins>Added: first </ins>" in said
    assert "What changed since version 1" in second
    assert "Message (English)" in second
    assert "staff:administrator" in second
    assert "What changed" not in first
    assert "Restore this version" in first
    assert "Restore this version" not in second


def test_an_older_version_is_restored_unless_someone_edited_meanwhile() -> None:
    template = make(Channel.SMS)
    words = {"title": "Bins", "body_en": "Other", "body_cy": "", "seen_version": 1}
    post(url("edit_template", template.id), words)
    restore = url("restore_version", template.id, 1)

    answer = post(restore, {"seen_version": 2})
    late = post(url("restore_version", template.id, 2), {"seen_version": 2})

    assert answer["Location"] == url("template", template.id)
    assert queries.get_template(make_actor(), template.id).version == 3
    assert late.status_code == 409
    assert get(restore).status_code == 405
    assert post(restore, {"seen_version": "x"}).status_code == 422


@pytest.mark.parametrize("channel", list(Channel))
def test_our_script_is_given_the_preview_alone_even_of_a_form_that_is_not_done(
    channel: Channel,
) -> None:
    address = url(f"make_{channel}_template")
    some: dict[str, object] = {
        "title": "",
        "body_en": "Hi ((name)) <b>",
        "body_cy": "",
        "preview": "live",
    }

    answer = post(address, some)
    nothing = post(address, some | {"body_en": ""})

    shown = answer.content.decode()
    assert (answer.status_code, "<html" in shown, "<form" in shown) == (200, False, False)
    assert f"Hi {marked('name')} &lt;b&gt;" in shown
    assert ("data:image/png" in shown) == (channel == Channel.LETTER)
    assert "What you write is shown here" in nothing.content.decode()
    assert not models.Template.objects.exists()


def test_a_preview_says_who_the_message_is_from() -> None:
    for channel, words in (("sms", "Barset"), ("email", "bins@a.example"), ("letter", "Hall")):
        operations.add_origin(make_actor(), channel=Channel(channel), words=words)
    typed = WORDS | {"preview": "live"}

    text = post(url("make_sms_template"), typed).content.decode()
    email = post(url("make_email_template"), typed).content.decode()

    assert "From Barset" in text
    assert "<dd>bins@a.example</dd>" in email
    assert f"<strong>New {marked('day')}</strong>" in email
    assert '<p class="town-email__sender">Barset Council</p>' in email


def test_a_letter_too_long_to_be_posted_says_so_while_it_is_written() -> None:
    typed = WORDS | {"preview": "live", "body_en": "a\n\n---\n\n" * 11}

    shown = post(url("make_letter_template"), typed).content.decode()

    assert "A letter can have 10 pages" in shown
    assert "<img" not in shown
