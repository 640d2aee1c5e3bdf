"""What staff see, and the demo's mailbox."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from townhall.capabilities.notify import models, queries, records
from townhall.capabilities.notify.tests.make import make_actor, make_key, make_template, send
from townhall.machinery.testing import run_tasks

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


def test_a_template_is_listed_and_shown_in_both_languages() -> None:
    template = make_template()

    listed = get(url("templates")).content.decode()
    shown = get(url("template", template.id)).content.decode()

    assert f'href="{url("template", template.id)}"' in listed
    assert "Collection on ((day))" in shown
    assert "Casgliad ar ((day))" in shown
    assert 'lang="cy"' in shown


def test_a_preview_shows_and_does_not_save() -> None:
    template = make_template()
    data = WORDS | {"seen_version": 1, "preview": "1"}

    answer = post(url("edit_template", template.id), data)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert '<h2 class="govuk-heading-m">Hello</h2>' in page
    assert "((name)) &lt;script&gt;" in page
    assert make_template().version == 1


def test_a_saved_edit_leads_back_to_the_template() -> None:
    template = make_template()
    before = get(url("edit_template", template.id)).content.decode()

    answer = post(url("edit_template", template.id), WORDS | {"seen_version": 1})

    assert "Collection on ((day))" in before
    assert (answer.status_code, answer["Location"]) == (302, url("template", template.id))
    assert get(url("versions", template.id)).status_code == 200
    old = get(url("version", template.id, 1)).content.decode()
    assert "Collection on ((day))" in old
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


def test_a_template_is_made() -> None:
    empty = get(url("make_template"))
    answer = post(url("make_template"), WORDS | {"title": "Bin day"})
    again = post(url("make_template"), WORDS | {"title": "Bin day"})

    template = models.Template.objects.get()
    assert empty.status_code == 200
    assert answer["Location"] == url("template", template.id)
    assert again.status_code == 422


def test_a_key_is_shown_once_and_can_be_revoked() -> None:
    made = post(url("make_key"), {"name": "till", "key_type": "test"})
    key = models.ApiKey.objects.get()

    assert made.status_code == 200
    assert f"till-{key.sender_id}-" in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    listed = get(url("keys")).content.decode()
    assert "till" in listed
    assert str(key.sender_id) not in listed
    assert get(url("revoke_key", key.id)).status_code == 200
    assert post(url("revoke_key", key.id), {})["Location"] == url("keys")
    assert "Revoked" in get(url("keys")).content.decode()


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
        url("template", template.id),
        url("edit_template", template.id),
        url("versions", template.id),
        url("version", template.id, 1),
        url("keys"),
        url("make_key"),
        url("revoke_key", key.id),
    ]


def test_a_stranger_finds_nothing() -> None:
    assert [get(page, actor="stranger").status_code for page in every_page()] == [403] * 9


def test_staff_of_another_organisation_find_nothing_of_this_one() -> None:
    pages = every_page()

    of_one = [page for page in pages if page.count("-") > 2]
    assert [get(page, actor="outsider").status_code for page in of_one] == [404] * 5
    lists = [get(page, actor="outsider").content.decode() for page in (pages[0], pages[6])]
    assert not any("Collection booked" in page or "till" in page for page in lists)


def test_what_is_not_there_is_not_found() -> None:
    assert get(url("template", uuid4())).status_code == 404
    assert get(url("version", make_template().id, 9)).status_code == 404
    assert get(f"{url('templates')}?place=bad").status_code == 422


def receive() -> int:
    calendar = records.Attachment(
        filename="a.ics", content_type="text/calendar", content=b"BEGIN:VCALENDAR\r\n"
    )
    send(attachments=[calendar])
    run_tasks()
    return models.SandboxMessage.objects.latest("id").pk


def test_anyone_reads_the_sandbox_mailbox_newest_first() -> None:
    first, second = receive(), receive()

    page = get(reverse("notify_sandbox:mailbox"), actor="stranger").content.decode()

    places = [page.index(reverse("notify_sandbox:email", args=[pk])) for pk in (second, first)]
    assert places == sorted(places)


def test_the_mailbox_is_read_page_by_page() -> None:
    for _each in range(26):
        receive()

    first = queries.list_sandbox_messages(make_actor())
    rest = queries.list_sandbox_messages(make_actor(), place=first.next_place)

    ids = [line.id for line in [*first.rows, *rest.rows]]
    assert (len(first.rows), len(rest.rows), rest.next_place) == (25, 1, None)
    assert ids == sorted(ids, reverse=True)


def test_an_email_is_shown_whole_and_harmlessly() -> None:
    email_id = receive()

    page = get(reverse("notify_sandbox:email", args=[email_id]), actor="stranger")
    framed = get(reverse("notify_sandbox:email_html", args=[email_id]), actor="stranger")
    source = get(reverse("notify_sandbox:email_source", args=[email_id]), actor="stranger")
    attached = get(reverse("notify_sandbox:attachment", args=[email_id, 0]), actor="stranger")

    assert "• a sofa" in page.content.decode()
    assert "Message-ID" in page.content.decode()
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    policy = framed["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert b"Message-ID" in source.content
    assert (attached.content, attached["Content-Type"]) == (b"BEGIN:VCALENDAR\r\n", "text/calendar")
    assert attached["Content-Disposition"] == 'attachment; filename="a.ics"'


def test_an_email_or_attachment_that_is_not_there_is_not_found() -> None:
    email_id = receive()

    assert get(reverse("notify_sandbox:email", args=[email_id + 1])).status_code == 404
    assert get(reverse("notify_sandbox:attachment", args=[email_id, 9])).status_code == 404
