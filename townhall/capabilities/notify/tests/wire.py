"""Calling GOV.UK Notify's wire with a key, and what its refusals look like."""

import json
import time
from typing import Any

import jwt
from django.test import Client

from townhall.capabilities.notify.records import NewKey
from townhall.capabilities.notify.tests.make import VALUES, make_template

Answer = Any  # a test client's response, with JSON in it
EMAIL = "/v2/notifications/email"


def bearer(key: NewKey, **changes: object) -> str:
    claims = {"iss": key.text[-73:-37], "iat": int(time.time())} | changes
    return "Bearer " + jwt.encode(claims, key.text[-36:])


def post(key: NewKey, body: object, *, path: str = EMAIL, **headers: str) -> Answer:
    raw = body if isinstance(body, str | bytes) else json.dumps(body)
    sent = {"Authorization": bearer(key)} | headers
    return Client().post(path, raw, content_type="application/json", headers=sent)


def get(key: NewKey, path: str) -> Answer:
    return Client().get(path, headers={"Authorization": bearer(key)})


def body(**changes: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "email_address": "ann@example.com",
        "template_id": str(make_template().id),
        "personalisation": VALUES,
    }
    return {name: value for name, value in (usual | changes).items() if value is not ...}


def refused(answer: Answer, status: int, kind: str, *messages: str) -> None:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/json"
    errors = [{"error": kind, "message": message} for message in messages]
    assert answer.json() == {"status_code": status, "errors": errors}
