"""Templates: given by services, made and changed by staff."""

from dataclasses import replace

import pytest

from townhall.capabilities.notify import errors, operations, permissions, queries
from townhall.capabilities.notify.tests.make import (
    BARSET,
    ELSEWHERE,
    OUTSIDER,
    WORDING,
    make_actor,
    make_template,
    send,
)
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid, NotAllowed
from townhall.machinery.wording import Wording

pytestmark = pytest.mark.django_db

STAFF = Actor("staff:administrator", frozenset({permissions.EDIT_TEMPLATES}), BARSET.id)
SUBJECT, BODY = Wording("On ((day))"), Wording("Hello ((name)), your ((reference))")


def edit(seen_version: int = 1, **changes: object) -> object:
    words: dict[str, object] = {"subject": SUBJECT, "body": BODY}
    template = make_template()
    return operations.edit_template(
        STAFF,
        template.id,
        seen_version=seen_version,
        **words | changes,  # type: ignore[arg-type]
    )


def test_a_service_gives_its_templates_once() -> None:
    first = make_template()

    again = make_template()

    assert first == again
    assert (first.service, first.version) == ("bulky-waste", 1)
    assert first.placeholders == ("day", "name", "items")
    assert first.offers == ("day", "name", "items", "reference")


def test_a_services_newer_wording_replaces_its_older_one() -> None:
    make_template()

    newer = operations.ensure_templates(make_actor(), [replace(WORDING, subject=SUBJECT)])[0]

    assert (newer.version, newer.subject) == (2, SUBJECT)


def test_a_services_newer_wording_leaves_what_staff_wrote() -> None:
    edit()

    kept = operations.ensure_templates(make_actor(), [replace(WORDING, subject=Wording("New"))])[0]

    assert (kept.version, kept.subject) == (2, SUBJECT)


def test_an_edit_is_what_is_sent_from_then_on() -> None:
    edit()

    message = send(personalisation={"day": "Monday", "name": "Ann", "reference": "BW-1"})

    assert (message.template_version, message.subject) == (2, "On Monday")
    assert message.body == "Hello Ann, your BW-1"


def test_every_version_is_kept() -> None:
    edit()
    template = make_template()

    versions = queries.list_template_versions(STAFF, template.id).rows
    first = queries.get_template_version(STAFF, template.id, version=1)

    assert [(each.version, each.made_by) for each in versions] == [
        (2, "staff:administrator"),
        (1, "service:bulky-waste"),
    ]
    assert first.subject == WORDING.subject


def test_the_same_words_again_change_nothing() -> None:
    edit()
    edit()

    assert make_template().version == 2


def test_the_second_of_two_editors_is_told() -> None:
    edit()

    with pytest.raises(errors.EditedMeanwhile):
        edit(body=Wording("Something else"))


def test_a_wording_cannot_say_what_the_service_does_not_know() -> None:
    with pytest.raises(errors.UnknownPlaceholder, match=r"cannot say \(\(age\)\), \(\(Shoe\)\)"):
        edit(subject=Wording("((age)) ((NAME))"), body=Wording("((Shoe))"))


@pytest.mark.parametrize(
    "words",
    [{"subject": Wording("", "a"), "body": BODY}, {"subject": SUBJECT, "body": Wording("a", "b")}],
)
def test_words_are_in_english_or_in_both_languages(words: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        edit(**words)  # type: ignore[arg-type]  # the words only


def test_staff_make_a_template_for_programs() -> None:
    made = operations.make_template(STAFF, title="Bin day!", subject=SUBJECT, body=BODY)

    assert (made.name, made.service, made.version) == ("bin-day", "", 1)
    with pytest.raises(errors.NameTaken):
        operations.make_template(STAFF, title="Bin Day", subject=SUBJECT, body=BODY)
    with pytest.raises(Invalid):
        operations.make_template(STAFF, title="!", subject=SUBJECT, body=BODY)


def test_templates_are_listed_by_title() -> None:
    make_template()
    operations.make_template(STAFF, title="Bin day", subject=SUBJECT, body=BODY)

    assert [line.title for line in queries.list_templates(STAFF).rows] == [
        "Bin day",
        "Collection booked",
    ]


def test_another_organisation_finds_no_template() -> None:
    template = make_template()
    theirs = Actor("staff", frozenset({permissions.EDIT_TEMPLATES}), ELSEWHERE.id)

    assert queries.list_templates(theirs).rows == []
    assert queries.list_template_versions(theirs, template.id).rows == []
    with pytest.raises(errors.NoSuchTemplate):
        queries.get_template(theirs, template.id)
    with pytest.raises(errors.NoSuchTemplate):
        queries.get_template_version(theirs, template.id, version=1)
    with pytest.raises(errors.NoSuchTemplate):
        operations.edit_template(theirs, template.id, subject=SUBJECT, body=BODY, seen_version=1)


def test_templates_need_the_permission() -> None:
    template = make_template()

    with pytest.raises(NotAllowed):
        queries.list_templates(OUTSIDER)
    with pytest.raises(NotAllowed):
        operations.make_template(OUTSIDER, title="x", subject=SUBJECT, body=BODY)
    with pytest.raises(NotAllowed):
        operations.edit_template(OUTSIDER, template.id, subject=SUBJECT, body=BODY, seen_version=1)
    with pytest.raises(NotAllowed):
        operations.ensure_templates(OUTSIDER, [WORDING])
