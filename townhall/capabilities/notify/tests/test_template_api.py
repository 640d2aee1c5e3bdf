"""Templates over the API: made, changed, taken out of use, and sent in a given version."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client

from townhall.capabilities.notify import models, operations, records
from townhall.capabilities.notify.records import FIRST_SENDER, Channel, KeyType
from townhall.capabilities.notify.tests import channels
from townhall.capabilities.notify.tests.make import (
    ELSEWHERE,
    SENDER,
    make_actor,
    make_key,
    make_live,
    make_template,
    make_text_template,
)
from townhall.capabilities.notify.tests.wire import bearer, body, get, post, refused
from townhall.machinery.errors import Invalid
from townhall.machinery.models import AuditEntry
from townhall.machinery.wording import Wording

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _live(db: None) -> None:
    """The senders of these tests have gone live."""
    for sender in (SENDER, FIRST_SENDER):
        make_live(sender)


NEW = {"name": "Bin day", "type": "email", "subject": "On ((day))", "body": "Dear ((name))"}
PATH = "/v2/template"
MEANWHILE = "Someone else has changed this template. Look at their version, then edit it again."


def make_editor(key_type: KeyType = KeyType.LIVE) -> records.NewKey:
    """A key that may change templates."""
    return operations.make_api_key(
        make_actor(), name="editor", key_type=key_type, sender=SENDER, may_edit_templates=True
    )


def make(key: records.NewKey, **changes: object) -> Any:
    return post(key, NEW | changes, path=PATH).json()


def test_a_program_makes_a_template_and_sends_with_it() -> None:
    key = make_editor()

    answer = post(key, NEW, path=PATH)

    made = answer.json()
    assert (answer.status_code, answer["ETag"]) == (201, '"1"')
    assert made == get(key, f"{PATH}/{made['id']}").json()
    assert {name: made[name] for name in NEW} == NEW
    assert (made["version"], made["created_by"]) == (1, "program:editor")
    assert made["personalisation"] == {"day": {"required": True}, "name": {"required": True}}
    assert post(key, body(template_id=made["id"])).status_code == 201
    entry = AuditEntry.objects.get(action="notify.make_template_for_program")
    assert (entry.actor, entry.subject_id) == ("program:editor", made["id"])


@pytest.mark.parametrize(
    ("asked", "stored"),
    [
        ({"type": "sms", "subject": None, "body_cy": "Helo"}, ("", "", "Helo", "")),
        ({"type": "letter", "postage": "economy"}, ("On ((day))", "", "", "economy")),
        ({"subject_cy": "Ar", "body_cy": "Helo"}, ("On ((day))", "Ar", "Helo", "")),
    ],
)
def test_it_makes_templates_of_every_kind_and_language(
    asked: dict[str, object], stored: tuple[str, ...]
) -> None:
    made = make(make_editor(), **asked)

    version = models.TemplateVersion.objects.get(template_id=made["id"])
    words = (version.subject_en, version.subject_cy, version.body_cy, version.postage)
    assert words == stored


@pytest.mark.parametrize(
    ("changes", "kind", "says"),
    [
        ({"type": "fax"}, "ValidationError", "type fax is not one of [sms, email, letter]"),
        ({"type": None}, "ValidationError", "type None is not one of [sms, email, letter]"),
        ({"name": " "}, "ValidationError", "name is empty"),
        ({"name": "!"}, "BadRequestError", "Enter a title with letters or numbers in it"),
        ({"body": 7}, "ValidationError", "body 7 is not of type string"),
        ({"subject": None}, "ValidationError", "subject is a required property"),
        (
            {"subject": "x" * 1001},
            "ValidationError",
            "subject is too long. Use 1000 characters or fewer",
        ),
        (
            {"postage": "first"},
            "ValidationError",
            "postage is not of a template of type email",
        ),
        ({"type": "sms"}, "ValidationError", "subject is not of a template of type sms"),
        ({"folder_id": "x"}, "ValidationError", "folder_id is not a valid UUID"),
        ({"folder_id": str(uuid4())}, "BadRequestError", "There is no such folder."),
        (
            {"id": 1},
            "ValidationError",
            "Additional properties are not allowed (id was unexpected)",
        ),
        (
            {"subject_cy": "Ar"},
            "BadRequestError",
            "Enter both the subject and the message in Welsh, or neither",
        ),
    ],
)
def test_what_makes_no_template_is_refused_in_the_wires_words(
    changes: dict[str, object], kind: str, says: str
) -> None:
    refused(post(make_editor(), NEW | changes, path=PATH), 400, kind, says)


def test_a_program_may_change_templates_only_if_its_key_was_made_so() -> None:
    template, key = make_template(), make_key()
    says = "This API key may not change templates. Make a key that may"

    for path in (PATH, f"{PATH}/{template.id}", f"{PATH}/{template.id}/archive"):
        refused(post(key, NEW, path=path), 403, "BadRequestError", says)
    with pytest.raises(Invalid):
        make_editor(KeyType.TEST)
    assert post(make_editor(KeyType.TEAM), NEW, path=PATH).status_code == 201


def test_a_template_goes_into_a_folder_of_the_same_organisation() -> None:
    key = make_editor()
    ours = operations.make_folder(make_actor(), title="Bins")
    theirs = operations.make_folder(make_actor(organisation_id=ELSEWHERE.id), title="Bins")

    made = make(key, folder_id=str(ours.id))
    answer = post(key, NEW | {"folder_id": str(theirs.id)}, path=PATH)

    assert models.Template.objects.get(id=made["id"]).folder_id == ours.id
    refused(answer, 400, "BadRequestError", "There is no such folder.")


def test_what_is_given_changes_and_the_rest_stays() -> None:
    key = make_editor()
    made = make(key, subject_cy="Ar ((day))", body_cy="Annwyl ((name))")
    path = f"{PATH}/{made['id']}"

    edited = post(key, {"name": "Bins", "body": "Hi ((name))", "version": 1}, path=path)
    by_header = post(key, {"body": "Hello"}, path=path, **{"If-Match": edited["ETag"]})

    now = edited.json()
    assert (now["name"], now["subject"], now["body"]) == ("Bins", "On ((day))", "Hi ((name))")
    assert (now["version"], edited["ETag"]) == (2, '"2"')
    assert (by_header.json()["version"], by_header.json()["name"]) == (3, "Bins")
    newest = models.TemplateVersion.objects.get(template_id=made["id"], version=3)
    assert (newest.subject_cy, newest.body_cy) == ("Ar ((day))", "Annwyl ((name))")


def test_a_change_repeated_changes_nothing_and_one_unseen_is_refused() -> None:
    key = make_editor()
    path = f"{PATH}/{make(key)['id']}"
    change = {"body": "Hi", "version": 1}

    first, again = (post(key, change, path=path) for _time in range(2))
    other = post(key, {"body": "Else", "version": 1}, path=path)
    unknown = post(key, {"body": "Else", "version": 99}, path=path)

    assert first.json() == again.json()
    assert again.json()["version"] == 2
    refused(other, 409, "ConflictError", MEANWHILE)
    says = "The template has no such version. Get it, then edit it again"
    refused(unknown, 409, "ConflictError", says)


@pytest.mark.parametrize(
    ("change", "headers", "kind", "says"),
    [
        ({"body": "x"}, {}, "ValidationError", "version is a required property"),
        (
            {"body": "x"},
            {"If-Match": "*"},
            "ValidationError",
            'If-Match has to be the ETag of one version, like "3"',
        ),
        ({"version": "1"}, {}, "ValidationError", "version 1 is not of type integer"),
        ({"version": 0}, {}, "ValidationError", "version 0 is less than the minimum of 1"),
        (
            {"version": 1, "postage": "first"},
            {},
            "BadRequestError",
            "A template of type email has no postage",
        ),
        (
            {"version": 1, "name": "Mine"},
            {},
            "BadRequestError",
            "The name of a template that a service gave cannot be changed",
        ),
        (
            {"version": 1, "body": "((age))"},
            {},
            "BadRequestError",
            "This message cannot say ((age)). The placeholders it has are: "
            "((day)), ((name)), ((items)), ((reference))",
        ),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    change: dict[str, object], headers: dict[str, str], kind: str, says: str
) -> None:
    path = f"{PATH}/{make_template().id}"

    refused(post(make_editor(), change, path=path, **headers), 400, kind, says)


def test_a_template_of_another_sender_is_not_there() -> None:
    template = operations.make_template(
        make_actor(), title="Main's", subject=Wording("Hi"), body=Wording("Hi")
    )
    key, path = make_editor(), f"{PATH}/{template.id}"

    for answer in (
        post(key, {"body": "Hi", "version": 1}, path=path),
        post(key, {}, path=f"{path}/archive"),
        get(key, f"{path}/versions"),
    ):
        refused(answer, 404, "NoResultFound", "No result found")


def test_the_same_name_is_refused_until_the_other_is_archived() -> None:
    key = make_editor()
    made = make(key)
    says = "There is a template of that name. Choose another title"

    refused(post(key, NEW, path=PATH), 409, "ConflictError", says)
    post(key, {}, path=f"{PATH}/{made['id']}/archive")

    assert post(key, NEW, path=PATH).status_code == 201


def test_an_archived_template_is_read_but_neither_listed_sent_nor_changed() -> None:
    key = make_editor()
    made = make(key)
    path = f"{PATH}/{made['id']}"
    sent = post(key, body(template_id=made["id"])).json()

    archived, again = (post(key, {}, path=f"{path}/archive") for _time in range(2))

    assert archived.json() == again.json() == made
    assert get(key, path).json() == made
    assert get(key, "/v2/templates").json()["templates"] == [
        get(key, f"{PATH}/{make_template().id}").json()
    ]
    says = "Template has been deleted"
    for version in (..., 1):
        asked = body(template_id=made["id"], template_version=version)
        refused(post(key, asked), 400, "BadRequestError", says)
    refused(post(key, {"version": 1, "body": "x"}, path=path), 400, "BadRequestError", says)
    assert get(key, f"/v2/notifications/{sent['id']}").json()["body"] == "Dear Ann"


def test_a_template_that_a_service_sends_is_not_archived() -> None:
    answer = post(make_editor(), {}, path=f"{PATH}/{make_template().id}/archive")

    says = "A service sends this message, so its template cannot be archived."
    refused(answer, 400, "BadRequestError", says)


def test_every_version_is_listed_the_newest_first() -> None:
    key = make_editor()
    path = f"{PATH}/{make(key)['id']}"
    for version in (1, 2):
        post(key, {"body": f"Now {version}", "version": version}, path=path)

    listed = get(key, f"{path}/versions").json()
    older = get(key, f"{path}/versions?older_than=2").json()
    none = get(key, f"{path}/versions?older_than=1").json()

    assert [each["version"] for each in listed["versions"]] == [3, 2, 1]
    assert listed["versions"][0] == get(key, f"{path}/version/0").json()
    assert listed["versions"][1] == get(key, f"{path}/version/2").json()
    assert listed["links"]["next"].endswith(f"{path}/versions?older_than=1")
    assert [each["body"] for each in older["versions"]] == ["Dear ((name))"]
    assert (none["versions"], "next" in none["links"]) == ([], False)
    for odd in ("x", "-1", "9" * 30):
        says = f"older_than {odd} is not of type integer"
        refused(get(key, f"{path}/versions?older_than={odd}"), 400, "ValidationError", says)


def edited(channel: Channel) -> records.Template:
    """A template with a second version."""
    subject = Wording("" if channel == Channel.SMS else "Second")
    if channel == Channel.EMAIL:
        first = make_template()
    else:
        first = make_text_template() if channel == Channel.SMS else channels.make(channel)
    staff = replace(make_actor(), name="staff:administrator")
    return operations.edit_template(
        staff, first.id, subject=subject, body=Wording("Second"), seen_version=1
    )


@pytest.mark.parametrize(
    ("channel", "first"),
    [
        (Channel.EMAIL, "Dear Ann\n\nWe collect: \n\n* a sofa\n* a bed"),
        (Channel.SMS, "Ready, Ann"),
        (Channel.LETTER, "Hello Ann"),
    ],
)
def test_a_given_version_is_sent(channel: Channel, first: str) -> None:
    template, key = edited(channel), make_key()
    ways = {Channel.EMAIL: body, Channel.SMS: channels.text, Channel.LETTER: channels.letter}
    asked = ways[channel](template_id=str(template.id))
    path = f"/v2/notifications/{channel}"

    newest = post(key, asked, path=path).json()
    older = post(key, asked | {"template_version": 1}, path=path).json()
    unknown = post(key, asked | {"template_version": 10**12}, path=path)

    assert (newest["template"]["version"], newest["content"]["body"]) == (2, "Second")
    assert (older["template"]["version"], older["content"]["body"]) == (1, first)
    refused(unknown, 400, "BadRequestError", "Template not found")
    for odd, says in (("1", "is not of type integer"), (0, "is less than the minimum of 1")):
        answer = post(key, asked | {"template_version": odd}, path=path)
        refused(answer, 400, "ValidationError", f"template_version {odd} {says}")


def test_a_given_version_is_from_what_its_sender_usually_is() -> None:
    operations.add_origin(make_actor(), channel=Channel.SMS, words="Barset", sender=SENDER)
    asked = channels.text(template_id=str(edited(Channel.SMS).id), template_version=1)

    sent = post(make_key(), asked, path=channels.SMS).json()

    assert sent["content"]["from_number"] == "Barset"


def test_the_same_idempotency_key_makes_one_template() -> None:
    key = make_editor()
    given = {"Idempotency-Key": "bins"}

    first, again = (post(key, NEW, path=PATH, **given) for _time in range(2))
    other = post(key, NEW | {"name": "Else"}, path=PATH, **given)

    assert (again.status_code, again.json()) == (201, first.json())
    says = "This Idempotency-Key was used for a different request"
    refused(other, 409, "ConflictError", says)


@pytest.mark.django_db(transaction=True)
def test_one_template_is_made_when_both_requests_come_at_once() -> None:
    key, together = make_editor(), threading.Barrier(2, timeout=10)

    def ask(_time: int) -> Any:
        together.wait()
        try:
            return post(key, NEW, path=PATH, **{"Idempotency-Key": "bins"}).json()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(ask, range(2))

    assert first == second
    assert models.Template.objects.count() == 1


def test_each_address_says_what_it_takes() -> None:
    key, path = make_key(), f"{PATH}/{make_template().id}"

    allowed = {
        (path, "PUT"): "GET, HEAD, POST",
        (PATH, "GET"): "POST",
        (f"{path}/archive", "GET"): "POST",
        (f"{path}/versions", "POST"): "GET, HEAD",
    }

    for (place, method), methods in allowed.items():
        answer = Client().generic(method, place, headers={"Authorization": bearer(key)})
        assert (answer.status_code, answer["Allow"]) == (405, methods)
