"""/api/v1/pay/notices, as a processor meets it."""

from typing import Any

import pytest
from django.test import Client

from townhall.capabilities.pay import models, operations, permissions, queries, records
from townhall.capabilities.pay.providers import the_sandbox
from townhall.capabilities.pay.providers.sandbox import TIMESTAMP, Sandbox
from townhall.capabilities.pay.tests import make
from townhall.machinery.money import Money

pytestmark = pytest.mark.django_db

URL = "/api/v1/pay/notices/sandbox"


def post(client: Client, body: bytes, headers: dict[str, str]) -> Any:  # Any: the test client's
    plain = {name: value for name, value in headers.items() if name != "Content-Type"}
    return client.post(URL, data=body, content_type="application/json", headers=plain)


def write(notice: records.ProcessorNotice) -> tuple[bytes, dict[str, str]]:
    chosen = the_sandbox()
    assert isinstance(chosen, Sandbox)
    return chosen.write_notice(notice)


def test_a_signed_notice_settles_the_payment(client: Client) -> None:
    payment = make.make_payment()
    notice = make.make_notice(make.open_checkout(payment))

    answer = post(client, *write(notice))

    assert (answer.status_code, answer.content) == (204, b"")
    assert queries.get_payment(make.SERVICE, payment.id).state == records.State.CAPTURED
    assert models.Notice.objects.get().provider_id == notice.id


def test_the_notice_is_kept_as_it_came(client: Client) -> None:
    body, headers = write(make.make_notice("never-heard-of"))

    assert post(client, body, headers).status_code == 204

    assert models.Notice.objects.get().body == body.decode()


def test_a_forged_notice_is_refused_and_not_kept(client: Client) -> None:
    payment = make.make_payment()
    body, headers = write(make.make_notice(make.open_checkout(payment), amount=Money(1)))

    answer = post(client, body.replace(b'"minor":1', b'"minor":2000'), headers)

    assert answer.status_code == 422
    assert answer.json()["type"] == "pay.forged_notice"
    assert not models.Notice.objects.exists()
    assert queries.get_payment(make.SERVICE, payment.id).state == records.State.STARTED


@pytest.mark.parametrize("at", ["", "yesterday", "é", "1e3", "9" * 400])
def test_nonsense_in_the_headers_is_a_forged_notice(client: Client, at: str) -> None:
    body, headers = write(make.make_notice("x"))

    answer = post(client, body, headers | {TIMESTAMP: at})

    assert (answer.status_code, answer.json()["type"]) == (422, "pay.forged_notice")


@pytest.mark.parametrize("body", [b"", b"\xff\x00", b"null"])
def test_nonsense_in_the_body_is_a_forged_notice(client: Client, body: bytes) -> None:
    assert post(client, body, {}).json()["type"] == "pay.forged_notice"


def test_a_body_past_64_kb_is_refused(client: Client) -> None:
    answer = post(client, b"x" * (operations.LONGEST_NOTICE + 1), {})

    assert (answer.status_code, answer.json()["type"]) == (413, "pay.notice_too_long")


def test_only_post_is_answered(client: Client) -> None:
    assert client.get(URL).status_code == 405


def test_a_notice_reaches_the_organisation_whose_payment_it_names(client: Client) -> None:
    """A processor may know one address for a whole installation."""
    other = make.actor(permissions.START, permissions.READ, organisation_id=make.OTHER_TOWN)
    here = make.make_payment()
    payment = operations.start_payment(
        other,
        service=here.service,
        subject_id=here.subject_id,
        person_id=None,
        amount=here.amount,
        reference="",
        description="",
        expires_at=here.expires_at,
    )

    post(client, *write(make.make_notice("theirs", payment_id=payment.id)))

    assert queries.get_payment(other, payment.id).state == records.State.CAPTURED
    assert models.Notice.objects.get().organisation_id == make.OTHER_TOWN


def test_a_processor_that_is_not_installed_is_not_found(client: Client) -> None:
    answer = client.post(
        "/api/v1/pay/notices/never-heard-of", data=b"{}", content_type="application/json"
    )

    assert (answer.status_code, answer.json()["type"]) == (404, "pay.no_such_processor")
