"""Lists and templates on GOV.UK Notify's wire."""

from uuid import uuid4

import pytest

from townhall.capabilities.notify import operations
from townhall.capabilities.notify.records import Channel, KeyType
from townhall.capabilities.notify.tests.channels import (
    SMS,
    make,
    text,
)
from townhall.capabilities.notify.tests.make import make_actor, make_key, make_live
from townhall.capabilities.notify.tests.wire import get, post, refused

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("path", ["notifications?reference=%00", "nothing%00here"])
def test_an_address_that_makes_no_sense_is_refused_in_the_shape_of_addresses(path: str) -> None:
    answer = get(make_key(), f"/v2/{path}")

    assert answer.status_code == 400
    assert answer.json() == {"result": "error", "message": "That address makes no sense."}


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


def test_templates_of_another_sender_are_not_there() -> None:
    make_live("another")
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
    beyond = get(key, f"/v2/template/{template.id}/version/{10**30}")
    refused(beyond, 404, "NoResultFound", "No result found")
    says = "type fax is not one of [sms, email, letter]"
    refused(get(key, "/v2/templates?type=fax"), 400, "ValidationError", says)


@pytest.mark.parametrize(
    "path", ["/v2/notifications", "/v2/templates", "/v2/received-text-messages"]
)
def test_what_is_only_read_takes_no_posts(path: str) -> None:
    answer = post(make_key(), {}, path=path)

    assert answer.status_code == 405
    assert answer.json()["result"] == "error"
