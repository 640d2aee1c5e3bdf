"""What staff see."""

from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from townhall.capabilities.notify import models, operations, queries, records
from townhall.capabilities.notify.records import Channel
from townhall.capabilities.notify.tests.make import (
    SENDER,
    make_actor,
    make_key,
    make_live,
    make_template,
)
from townhall.machinery.wording import Wording

pytestmark = pytest.mark.django_db

Answer = Any  # a test client's response
WORDS: dict[str, object] = {
    "subject_en": "New ((day))",
    "subject_cy": "",
    "body_en": "# Hello\n\n((name)) <script>",
    "body_cy": "",
}


def get(url: str, *, actor: str = "staff") -> Answer:
    return Client().get(url, headers={"X-Test-Actor": actor})


def post(url: str, data: dict[str, object], *, actor: str = "staff") -> Answer:
    return Client().post(url, data, headers={"X-Test-Actor": actor})


def url(name: str, *args: object) -> str:
    return reverse(f"notify:{name}", args=args)


def marked(name: str) -> str:
    """A placeholder that stands out."""
    return f'<mark class="town-placeholder">(({name}))</mark>'


def test_a_template_is_listed_and_shown_in_both_languages() -> None:
    template = make_template()

    listed = get(url("templates")).content.decode()
    shown = get(url("template", template.id)).content.decode()

    assert f'href="{url("template", template.id)}"' in listed
    assert f"Collection on {marked('day')}" in shown
    assert f"Casgliad ar {marked('day')}" in shown
    assert "Barset Council</p>" in shown
    assert '<p class="town-email__sender">Cyngor Barset</p>' in shown
    assert 'lang="cy"' in shown


def test_a_preview_shows_and_does_not_save() -> None:
    template = make_template()
    data = WORDS | {"seen_version": 1, "preview": "1"}

    answer = post(url("edit_template", template.id), data)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert '<h2 class="govuk-heading-m">Hello</h2>' in page
    assert f"{marked('name')} &lt;script&gt;" in page
    assert make_template().version == 1


def test_a_saved_edit_leads_back_to_the_template() -> None:
    template = make_template()
    before = get(url("edit_template", template.id)).content.decode()

    answer = post(url("edit_template", template.id), WORDS | {"seen_version": 1})

    assert "Collection on ((day))" in before
    assert (answer.status_code, answer["Location"]) == (302, url("template", template.id))
    assert get(url("versions", template.id)).status_code == 200
    old = get(url("version", template.id, 1)).content.decode()
    assert f"Collection on {marked('day')}" in old
    assert queries.get_template(make_actor(), template.id).version == 2


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"body_en": ""}, "Enter the message in English"),
        ({"body_en": "((age))"}, "cannot say ((age))"),
        ({"subject_en": "x" * 1001}, "Use 1000 characters or fewer"),
        ({"subject_cy": "Helo"}, "or neither"),
    ],
)
def test_an_edit_that_cannot_be_saved_says_why(changes: dict[str, object], says: str) -> None:
    template = make_template()

    answer = post(url("edit_template", template.id), WORDS | {"seen_version": 1} | changes)

    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_an_edit_of_an_older_version_is_refused() -> None:
    template = make_template()
    post(url("edit_template", template.id), WORDS | {"seen_version": 1})

    answer = post(
        url("edit_template", template.id), WORDS | {"seen_version": 1, "body_en": "Another"}
    )

    assert answer.status_code == 422
    assert "Someone else has changed this template" in answer.content.decode()


def test_it_is_asked_first_what_kind_of_message_and_whose() -> None:
    make_template()
    empty = get(url("make_template")).content.decode()

    answer = post(url("make_template"), {"channel": "sms", "sender": SENDER})
    unsure = post(url("make_template"), {"channel": "", "sender": "nobody"})

    assert 'value="bulky-waste"' in empty
    assert answer["Location"] == f"{url('make_sms_template')}?sender=bulky-waste"
    assert unsure.status_code == 422
    assert "Choose a kind of message" in unsure.content.decode()


def test_an_organisation_with_one_sender_is_not_asked_whose() -> None:
    empty = get(url("make_template")).content.decode()

    answer = post(url("make_template"), {"channel": "letter"})

    assert "Whose is it?" not in empty
    assert answer["Location"] == url("make_letter_template")


@pytest.mark.parametrize(
    ("channel", "changes", "made"),
    [
        ("email", {}, ("New ((day))", "")),
        ("sms", {"subject_en": "Not asked"}, ("", "")),
        ("letter", {"postage": "first"}, ("New ((day))", "first")),
    ],
)
def test_a_template_is_made(
    channel: str, changes: dict[str, object], made: tuple[str, str]
) -> None:
    make_template()
    page = f"{url(f'make_{channel}_template')}?sender={SENDER}"
    words = WORDS | {"title": "Bin day"} | changes

    empty = get(page)
    answer = post(page, words)
    again = post(page, words)

    template = models.Template.objects.get(name="bin-day")
    version = template.versions.get()
    assert empty.status_code == 200
    assert answer["Location"] == url("template", template.id)
    assert (template.channel, template.sender.name) == (channel, SENDER)
    assert (version.subject_en, version.postage) == made
    assert again.status_code == 422
    assert "There is a template of that name" in again.content.decode()


def test_a_template_is_of_a_sender_that_is_there() -> None:
    page = f"{url('make_email_template')}?sender=nobody"

    assert get(page).status_code == 404
    assert post(page, WORDS | {"title": "Bin day"}).status_code == 404


def make(channel: Channel, **changes: object) -> records.Template:
    """A template that staff made."""
    usual: dict[str, object] = {"subject": Wording("Hi"), "body": Wording("Dear ((name))", "Helo")}
    if channel == Channel.SMS:
        del usual["subject"]
    else:
        usual["subject"] = Wording("Hi", "Shwmae")
    actor = make_actor()
    return operations.make_template(actor, title="Bins", channel=channel, **usual | changes)  # type: ignore[arg-type]


def test_a_text_is_shown_with_what_it_is_charged_as_in_each_language() -> None:
    template = make(Channel.SMS, body=Wording("((name)) <b>" + "x" * 160, "Dŵr " * 17 + "\nx"))

    page = get(url("template", template.id)).content.decode()
    listed = get(url("templates")).content.decode()

    assert f"{marked('name')} &lt;b&gt;xxx" in page
    assert "<br>x</div>" in page
    assert "172 of 918 characters used." in page
    assert "From the supplier’s own number" in page
    assert "Charged as 2 text messages" in page
    assert "Charged as 1 text message." in page
    assert "Text message" in listed
    assert "programs of main" in listed


def test_a_letter_is_shown_as_a_pdf_in_each_language_and_version() -> None:
    template = make(Channel.LETTER, postage="economy")

    page = get(url("template", template.id)).content.decode()
    old = get(url("version", template.id, 1)).content.decode()
    english = get(url("letter", template.id))
    welsh = get(url("letter", template.id) + "?language=cy")

    assert "Economy" in page
    assert f'href="{url("letter", template.id)}"' in page
    assert f'href="{url("letter", template.id)}?language=cy"' in page
    assert f'href="{url("version_letter", template.id, 1)}"' in old
    assert english["Content-Type"] == "application/pdf"
    assert "((address line 1))" in words_of(english)
    assert "Dear ((name))" in words_of(english)
    assert "Shwmae" in words_of(welsh)
    assert words_of(get(url("version_letter", template.id, 1))) == words_of(english)


def words_of(answer: Answer) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)


def test_what_is_no_letter_has_no_pdf() -> None:
    assert get(url("letter", make_template().id)).status_code == 404


def test_staff_change_the_title_of_what_they_made_and_the_postage_of_a_letter() -> None:
    mine, theirs = make(Channel.LETTER), make_template()
    words = WORDS | {"title": "Bins again", "seen_version": 1, "postage": "first"}

    post(url("edit_template", mine.id), words)
    post(url("edit_template", theirs.id), words)

    edited = queries.get_template(make_actor(), mine.id)
    assert (edited.title, edited.postage, edited.version) == ("Bins again", "first", 2)
    assert queries.get_template(make_actor(), theirs.id).title == "Collection booked"
    assert 'name="title"' not in get(url("edit_template", theirs.id)).content.decode()


def test_a_key_is_shown_once_and_can_be_revoked() -> None:
    make_template()
    made = post(url("make_key"), {"name": "till", "key_type": "test", "sender": SENDER})
    key = models.ApiKey.objects.get()

    assert made.status_code == 200
    assert f"till-{key.sender_id}-" in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    listed = get(url("keys")).content.decode()
    assert "till" in listed
    assert SENDER in listed
    assert str(key.sender_id) not in listed
    assert get(url("revoke_key", key.id)).status_code == 200
    assert post(url("revoke_key", key.id), {})["Location"] == url("keys")
    assert "Revoked" in get(url("keys")).content.decode()


def test_a_key_may_change_templates_only_if_that_was_chosen() -> None:
    make_template()
    make_live()
    usual: dict[str, object] = {"key_type": "live", "sender": SENDER}

    post(url("make_key"), usual | {"name": "till"})
    post(url("make_key"), usual | {"name": "editor", "may_edit_templates": "on"})
    tested = {"name": "test", "key_type": "test", "may_edit_templates": "on"}
    refused = post(url("make_key"), usual | tested)

    may = dict(models.ApiKey.objects.values_list("name", "may_edit_templates"))
    assert may == {"till": False, "editor": True}
    assert refused.status_code == 422
    assert "A key that pretends to send cannot change templates" in refused.content.decode()
    assert get(url("keys")).content.decode().count("may change templates") == 1


def test_a_key_without_a_name_is_not_made() -> None:
    answer = post(url("make_key"), {"name": "", "key_type": "odd"})

    assert answer.status_code == 422
    assert "Enter what the program is called" in answer.content.decode()
    assert not models.ApiKey.objects.exists()


def every_page() -> list[str]:
    template, key = make_template(), make_key()
    return [
        url("templates"),
        url("make_template"),
        url("make_sms_template"),
        url("template", template.id),
        url("letter", template.id),
        url("edit_template", template.id),
        url("versions", template.id),
        url("version", template.id, 1),
        url("version_letter", template.id, 1),
        url("keys"),
        url("make_key"),
        url("revoke_key", key.id),
    ]


def test_a_stranger_finds_nothing() -> None:
    assert [get(page, actor="stranger").status_code for page in every_page()] == [403] * 12


def test_staff_of_another_organisation_find_nothing_of_this_one() -> None:
    pages = every_page()

    of_one = [page for page in pages if page.count("-") > 2]
    assert [get(page, actor="outsider").status_code for page in of_one] == [404] * 7
    lists = [get(page, actor="outsider").content.decode() for page in (pages[0], pages[9])]
    assert not any("Collection booked" in page or "till" in page for page in lists)


def test_what_is_not_there_is_not_found() -> None:
    assert get(url("template", uuid4())).status_code == 404
    assert get(url("version", make_template().id, 9)).status_code == 404
    assert get(f"{url('templates')}?place=bad").status_code == 422
