"""Browsers on their way in, for identity's tests."""

import json
import re
from typing import Any, cast

from django.core import mail
from django.http import HttpResponse
from django.test import Client

from townhall.capabilities.identity.tests.make import make_code
from townhall.capabilities.identity.tests.phone import Phone

ASK = "/accounts/sign-in/"
CONFIRM = "/accounts/sign-in/code/"
NAME = "/accounts/sign-in/name/"
PASSWORD = "/accounts/sign-in/password/"  # an address
PASSKEY = "/accounts/sign-in/passkey/"
SECOND_FACTOR = "/accounts/sign-in/second-factor/"
LOST = "/accounts/sign-in/second-factor/lost/"
TRUST = "/accounts/sign-in/trust/"
CHECK = "/accounts/second-factor/check/"
ADD_PASSKEY = "/accounts/passkeys/add/"
SET_PASSWORD = "/accounts/password/"  # an address
DEVICES = "/accounts/devices/"
WORDS = "three odd pears"
SCRIPTS = {"X-Requested-With": "XMLHttpRequest"}


def browser(ip: str = "127.0.0.1") -> Client:
    """At a name that passkeys may be for."""
    return Client(SERVER_NAME="localhost", REMOTE_ADDR=ip)


def mailed_code() -> str:
    found = re.search(r"^\d{4}-\d{4}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found.group()


def post(client: Client, path: str, **answers: Any) -> HttpResponse:
    return cast(HttpResponse, client.post(path, answers))


def enter_by_code(client: Client, email: str, next: str = "") -> HttpResponse:  # noqa: A002  # the field's name
    post(client, ASK, email=email, next=next)
    return post(client, CONFIRM, code=mailed_code(), next=next)


def enter_by_code_and_app(client: Client, email: str) -> HttpResponse:
    enter_by_code(client, email)
    return post(client, SECOND_FACTOR, code=make_code())


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/").status_code == 200


def options_in(answer: Any) -> dict[str, Any]:  # Any: the test client's own response
    """What a page asks of the phone."""
    found = re.search(r'<script id="passkey-options"[^>]*>(.*?)</script>', answer.content.decode())
    assert found
    return cast(dict[str, Any], json.loads(found[1]))


def add_passkey(client: Client, phone: Phone, **answers: str) -> HttpResponse:
    options = options_in(client.get(ADD_PASSKEY))
    return post(client, ADD_PASSKEY, credential=phone.make_passkey(options), **answers)


def enter_by_passkey(client: Client, phone: Phone, **answers: str) -> HttpResponse:
    options = client.get(PASSKEY, headers=SCRIPTS).json()["request_options"]
    return post(client, PASSKEY, credential=phone.answer(options), **answers)
