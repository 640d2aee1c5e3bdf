"""Texts, letters, lists and templates on GOV.UK Notify's wire: what is answered, what refused."""

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from pytest_django.fixtures import Settings

from townhall.capabilities.notify import models, operations, records
from townhall.capabilities.notify.operations import programs
from townhall.capabilities.notify.providers import printer, texter
from townhall.capabilities.notify.records import Channel, KeyType
from townhall.capabilities.notify.rendering.letters import write_pdf
from townhall.capabilities.notify.tests.make import BARSET, SENDER, make_actor, make_key
from townhall.capabilities.notify.tests.wire import body, get, post, refused
from townhall.machinery.actors import Actor
from townhall.machinery.dial_values import set_dial
from townhall.machinery.dials import SET_DIALS
from townhall.machinery.errors import Invalid
from townhall.machinery.testing import run_tasks
from townhall.machinery.wording import Wording

pytestmark = pytest.mark.django_db

SMS, LETTER = "/v2/notifications/sms", "/v2/notifications/letter"
ADDRESS = {
    "address_line_1": "Ann Arbour",
    "address_line_2": "1 Abbey Walk",
    "address_line_3": "SW1A 1AA",
}


def make(channel: Channel, words: str = "Hello ((name))") -> records.Template:
    return operations.make_template(
        make_actor(),
        title=f"{channel} template",
        subject=Wording("" if channel == Channel.SMS else "About ((name))"),
        body=Wording(words),
        channel=channel,
        sender=SENDER,
    )


def text(**changes: object) -> dict[str, object]:
    usual: dict[str, object] = {"phone_number": "07700 900123", "personalisation": {"name": "Ann"}}
    if "template_id" not in changes:
        changes["template_id"] = str(make(Channel.SMS).id)
    return {name: value for name, value in (usual | changes).items() if value is not ...}


def letter(**changes: object) -> dict[str, object]:
    usual: dict[str, object] = {"personalisation": ADDRESS | {"name": "Ann"}}
    if "template_id" not in changes:
        changes["template_id"] = str(make(Channel.LETTER).id)
    return {name: value for name, value in (usual | changes).items() if value is not ...}


def ready_letter() -> bytes:
    return write_pdf(
        records.Sheet(
            address=tuple(ADDRESS.values()),
            contact_block="Barset Council",
            written_on=date(2026, 11, 23),
            subject="Made elsewhere",
            body="As it came.",
            language="en",
        )
    )


def set_to(name: str, value: object) -> None:
    setter = Actor("staff:administrator", frozenset({SET_DIALS}), BARSET.id)
    set_dial(setter, "notify", name, value=value)


def test_a_text_is_answered_with_its_sender_and_arrives() -> None:
    key = make_key()
    sender = models.Sender.objects.get(name=SENDER)
    models.Origin.objects.create(
        sender=sender, channel=Channel.SMS, words="Barset", is_default=True
    )

    answer = post(key, text(reference="r"), path=SMS)
    run_tasks()

    assert answer.status_code == 201
    assert answer.json()["content"] == {"body": "Hello Ann", "from_number": "Barset"}
    read = get(key, f"/v2/notifications/{answer.json()['id']}").json()
    assert (read["phone_number"], read["email_address"]) == ("447700900123", None)
    assert (read["status"], read["type"], read["subject"]) == ("delivered", "sms", None)
    assert models.SandboxMessage.objects.get().sent_by == "Barset"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"phone_number": ...}, "phone_number is a required property"),
        ({"phone_number": 5}, "phone_number 5 is not of type string"),
        ({"phone_number": "0770"}, "phone_number Not enough digits"),
        ({"sms_sender_id": "x"}, "sms_sender_id is not a valid UUID"),
        (
            {"email_address": "a@example.com"},
            "Additional properties are not allowed (email_address was unexpected)",
        ),
    ],
)
def test_a_misshapen_text_is_told_why(changes: dict[str, object], message: str) -> None:
    refused(post(make_key(), text(**changes), path=SMS), 400, "ValidationError", message)


def test_a_text_may_not_be_too_long_or_empty() -> None:
    key, template = make_key(), make(Channel.SMS, "((words))")
    for words, message in (
        (
            "x" * 919,
            "Text messages cannot be longer than 918 characters. "
            "Your message is 919 characters long.",
        ),
        (" ", "Your message is empty."),
    ):
        asked = text(template_id=str(template.id), personalisation={"words": words})
        refused(post(key, asked, path=SMS), 400, "BadRequestError", message)


def test_a_template_of_one_channel_does_not_go_by_another() -> None:
    key, template = make_key(), make(Channel.SMS)
    asked = body(template_id=str(template.id))

    says = "sms template is not suitable for email notification"
    refused(post(key, asked), 400, "BadRequestError", says)


def test_texts_go_abroad_only_where_the_organisation_says_so() -> None:
    key, asked = make_key(), text(phone_number="+33 6 12 34 56 78")

    says = "Cannot send to international mobile numbers"
    refused(post(key, asked, path=SMS), 400, "BadRequestError", says)
    set_to("abroad", True)
    assert post(key, asked, path=SMS).status_code == 201


def test_a_team_key_reaches_only_the_guest_lists_numbers() -> None:
    key, asked = make_key(KeyType.TEAM), text()

    says = "Can’t send to this recipient using a team-only API key"
    refused(post(key, asked, path=SMS), 400, "BadRequestError", says)
    set_to("guest_list", "ann@example.com, 07700 900 123")
    assert post(key, asked, path=SMS).status_code == 201


def test_a_sender_that_is_not_there_is_named() -> None:
    key, unknown = make_key(), str(uuid4())
    sender_id = key.text[-73:-37]

    answer = post(key, text(sms_sender_id=unknown), path=SMS)

    says = f"sms_sender_id {unknown} does not exist in database for service id {sender_id}"
    refused(answer, 400, "BadRequestError", says)


@pytest.mark.parametrize(
    ("number", "status"),
    [
        ("07700900003", "temporary-failure"),
        ("07700900002", "permanent-failure"),
        ("07700900004", "delivered"),
    ],
)
def test_with_a_test_key_the_number_decides(number: str, status: str) -> None:
    key = make_key(KeyType.TEST)
    sent = post(key, text(phone_number=number), path=SMS).json()

    run_tasks()

    assert get(key, f"/v2/notifications/{sent['id']}").json()["status"] == status
    assert not models.SandboxMessage.objects.exists()


def test_a_smoke_number_is_answered_and_forgotten() -> None:
    key = make_key()

    sent = post(key, text(phone_number="07700900111"), path=SMS).json()

    refused(get(key, f"/v2/notifications/{sent['id']}"), 404, "NoResultFound", "No result found")


def test_a_days_limit_holds_and_test_keys_use_none_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(programs.MOST_A_DAY, Channel.SMS, 1)
    asked = text()
    test_key, key = make_key(KeyType.TEST, name="test"), make_key()

    assert post(test_key, asked, path=SMS).status_code == 201
    assert post(key, asked, path=SMS).status_code == 201
    says = "Exceeded send limits (sms: 1) for today"
    refused(post(key, asked, path=SMS), 429, "TooManyRequestsError", says)
    refused(post(test_key, asked, path=SMS), 429, "TooManyRequestsError", says)
    assert models.Message.objects.count() == 2


def test_a_letter_is_printed_and_kept_as_a_pdf() -> None:
    key = make_key()
    sent = post(key, letter(), path=LETTER).json()
    early = get(key, f"/v2/notifications/{sent['id']}/pdf")

    run_tasks()

    says = "PDF not available yet, try again later"
    refused(early, 400, "PDFNotReadyError", says)
    answer = get(key, f"/v2/notifications/{sent['id']}/pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert bytes(models.SandboxMessage.objects.get().source) == answer.content
    read = get(key, f"/v2/notifications/{sent['id']}").json()
    assert (read["status"], read["line_1"], read["postcode"]) == (
        "accepted",
        "Ann Arbour",
        "SW1A 1AA",
    )
    assert read["cost_details"]["billable_sheets_of_paper"] == 1


def test_delivering_a_letter_twice_prints_it_once() -> None:
    key = make_key()
    post(key, letter(), path=LETTER)
    message = models.Message.objects.get()

    for _time in range(2):
        operations.deliver(message_id=message.id, organisation_id=BARSET.id)

    assert models.Paper.objects.count() == models.SandboxMessage.objects.count() == 1


def test_an_address_that_is_none_is_refused_in_notifys_words() -> None:
    values = {"address_line_1": "Ann", "name": "Ann"}

    answer = post(make_key(), letter(personalisation=values), path=LETTER)

    assert answer.status_code == 400
    assert answer.json()["errors"][0] == {
        "error": "ValidationError",
        "message": "Address must be at least 3 lines",
    }


def test_a_team_key_sends_no_letters() -> None:
    answer = post(make_key(KeyType.TEAM), letter(), path=LETTER)

    refused(answer, 403, "BadRequestError", "Cannot send letters with a team api key")


def send_ready(key: records.NewKey, pdf: bytes, **changes: object) -> Any:
    coded = base64.b64encode(pdf).decode()
    asked: dict[str, object] = {"reference": "r", "content": coded}
    return post(key, asked | changes, path=LETTER)


def test_a_letter_that_came_ready_is_looked_at_and_then_printed() -> None:
    key, pdf = make_key(), ready_letter()

    answer = send_ready(key, pdf, postage="first")

    sent = answer.json()
    assert sent == {"id": sent["id"], "reference": "r", "postage": "first"}
    before = get(key, f"/v2/notifications/{sent['id']}").json()
    run_tasks()
    after = get(key, f"/v2/notifications/{sent['id']}").json()
    assert (before["status"], after["status"]) == ("pending-virus-check", "accepted")
    assert after["line_1"] == "Ann Arbour"
    assert get(key, f"/v2/notifications/{sent['id']}/pdf").content == pdf


def test_a_letter_with_a_virus_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_virus(_content: bytes) -> bool:
        raise Invalid("a virus")

    monkeypatch.setattr("townhall.capabilities.notify.operations.papers.scan", find_virus)
    key = make_key()
    sent = send_ready(key, ready_letter()).json()

    run_tasks()

    read = get(key, f"/v2/notifications/{sent['id']}").json()
    assert read["status"] == "virus-scan-failed"
    assert not models.SandboxMessage.objects.exists()


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        (
            {"content": "£"},
            "BadRequestError",
            "Cannot decode letter content (invalid base64 encoding)",
        ),
        ({"content": 5}, "ValidationError", "content 5 is not of type string"),
        (
            {"postage": "third"},
            "ValidationError",
            "postage invalid. It must be first, second or economy.",
        ),
    ],
)
def test_a_misshapen_ready_letter_is_told_why(
    changes: dict[str, object], kind: str, message: str
) -> None:
    refused(send_ready(make_key(), b"x", **changes), 400, kind, message)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("template_type=fax", "template_type fax is not one of [sms, email, letter]"),
        ("older_than=x", "older_than is not a valid UUID"),
        ("include_jobs=1", "include_jobs 1 is not one of [true, True]"),
        ("page=2", "Additional properties are not allowed (page was unexpected)"),
    ],
)
def test_a_list_narrowed_by_nonsense_is_refused(asked: str, message: str) -> None:
    answer = get(make_key(), f"/v2/notifications?{asked}")

    refused(answer, 400, "ValidationError", message)


def test_a_list_holds_what_keys_of_the_same_type_sent() -> None:
    live, test = make_key(), make_key(KeyType.TEST, name="test")
    asked = text()
    sent = [post(live, asked, path=SMS).json()["id"] for _number in range(2)]
    post(test, asked, path=SMS)

    page = get(live, "/v2/notifications?status=created&status=failed&template_type=sms").json()

    assert [each["id"] for each in page["notifications"]] == sent[::-1]
    assert page["links"]["next"].endswith(f"template_type=sms&older_than={sent[0]}")
    unknown = get(live, f"/v2/notifications?older_than={uuid4()}").json()
    assert unknown["notifications"] == []
    assert "next" not in unknown["links"]


def test_letters_are_found_by_the_words_of_letters() -> None:
    key = make_key()
    sent = post(key, letter(), path=LETTER).json()["id"]
    post(key, text(), path=SMS)

    found = {
        status: [
            each["id"]
            for each in get(key, f"/v2/notifications?status={status}").json()["notifications"]
        ]
        for status in ("accepted", "received", "returned-letter", "cancelled")
    }

    assert found == {"accepted": [sent], "received": [], "returned-letter": [], "cancelled": []}


def test_templates_of_another_sender_are_not_there() -> None:
    other = operations.make_api_key(make_actor(), name="other", sender="another")
    template = make(Channel.SMS)

    for path in ("", "/version/1", "/preview"):
        ask = post if path == "/preview" else get
        whole = f"/v2/template/{template.id}{path}"
        answer = ask(other, {}, path=whole) if ask is post else get(other, whole)
        refused(answer, 404, "NoResultFound", "No result found")
    assert get(other, "/v2/templates").json() == {"templates": []}


def test_a_template_that_is_asked_for_by_nonsense() -> None:
    key, template = make_key(), make(Channel.SMS)

    refused(get(key, "/v2/template/x"), 400, "ValidationError", "id is not a valid UUID")
    assert get(key, f"/v2/template/{template.id}/version/0").json()["version"] == 1
    assert get(key, f"/v2/template/{template.id}/version/x").json()["result"] == "error"
    says = "type fax is not one of [sms, email, letter]"
    refused(get(key, "/v2/templates?type=fax"), 400, "ValidationError", says)


@pytest.mark.parametrize(
    "path", ["/v2/notifications", "/v2/templates", "/v2/received-text-messages"]
)
def test_what_is_only_read_takes_no_posts(path: str) -> None:
    answer = post(make_key(), {}, path=path)

    assert answer.status_code == 405
    assert answer.json()["result"] == "error"


def test_without_a_supplier_of_texts_the_check_says_so(settings: Settings) -> None:
    settings.DEMO = False

    assert "TOWNHALL_TEXTS" in texter().check()
    assert "TOWNHALL_LETTERS" in printer().check()


@pytest.mark.parametrize("path", [SMS, LETTER])
def test_the_same_key_for_the_same_request_sends_once(path: str) -> None:
    key, asked = make_key(), text() if path == SMS else letter()
    given = {"Idempotency-Key": "order-7"}

    first = post(key, asked, path=path, **given)
    again = post(key, asked, path=path, **given)
    other = post(key, asked | {"reference": "other"}, path=path, **given)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    says = "This Idempotency-Key was used for a different request"
    refused(other, 409, "ConflictError", says)
    run_tasks()
    assert models.Message.objects.count() == models.SandboxMessage.objects.count() == 1


def test_an_email_repeated_with_its_key_says_again_what_was_made_harmless() -> None:
    key = make_key()
    values = {"day": "www.x.example", "name": "Ann", "items": "a"}
    asked = body(personalisation=values, sanitise_content_for=["day"])

    first, again = (post(key, asked, **{"Idempotency-Key": "e"}).json() for _time in range(2))

    assert first == again
    assert first["sanitised_content"]


def test_a_ready_letter_repeated_with_its_key_is_taken_once() -> None:
    key, coded = make_key(), base64.b64encode(ready_letter()).decode()
    asked = {"reference": "r", "content": coded}

    ids = {post(key, asked, path=LETTER, **{"Idempotency-Key": "p"}).json()["id"] for _ in "12"}

    assert len(ids) == models.Paper.objects.count() == 1


def test_an_idempotency_key_of_nonsense_is_refused() -> None:
    answer = post(make_key(), text(), path=SMS, **{"Idempotency-Key": "a b"})

    says = "Idempotency-Key must be 1 to 255 letters, digits, hyphens or underscores"
    refused(answer, 400, "ValidationError", says)


@pytest.mark.django_db(transaction=True)
def test_of_many_requests_with_one_key_at_the_same_moment_one_sends() -> None:
    key, asked = make_key(), text()

    def ask(_number: int) -> tuple[int, str]:
        try:
            answer = post(key, asked, path=SMS, **{"Idempotency-Key": "race"})
            return answer.status_code, answer.json().get("id", "")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as askers:
        answers = set(askers.map(ask, range(24)))

    assert {status for status, _id in answers} <= {201, 409}
    assert len({sent for status, sent in answers if status == 201}) == 1
    assert models.Message.objects.count() == 1
