"""Sending files over the wire, and following the links to them."""

import base64
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

from django.test import Client

from townhall.capabilities.notify.tests.make import VALUES, make_key
from townhall.capabilities.notify.tests.wire import body, post

Answer = Any  # a test client's response
PDF = b"%PDF-1.5 test"
CONTACT = "01632 960001"
LINK = re.compile(r"http://testserver/files/([0-9a-f-]{36})/\?key=([\w-]{32})")


def upload(content: bytes = PDF, **more: object) -> dict[str, object]:
    return {"file": base64.b64encode(content).decode(), **more}


def asked(value: object, **changes: object) -> dict[str, object]:
    """An email whose ((name)) is a file."""
    return body(personalisation={**VALUES, "name": value}, **changes)


def send(value: object | None = None, **changes: object) -> str:
    """Send a file; where its link leads."""
    answer = post(make_key(name=str(uuid4())), asked(value or upload(), **changes))
    assert answer.status_code == 201, answer.content
    match = LINK.search(answer.json()["content"]["body"])
    assert match, answer.json()
    return match[0]


def open_page(url: str, page: str = "", **changes: str) -> Answer:
    """A page behind a link, by a browser without cookies or signing in."""
    parts = urlsplit(url)
    asked = {**dict(parse_qsl(parts.query)), **changes}
    return Client().get(f"{parts.path}{page}", asked, headers={"X-Test-Actor": "stranger"})


def confirm(url: str, address: str) -> Answer:
    parts = urlsplit(url)
    browser = Client(enforce_csrf_checks=True)  # no cookie, no token
    headers = {"X-Test-Actor": "stranger"}
    at = f"{parts.path}confirm/?{parts.query}"
    return browser.post(at, {"address": address}, headers=headers)


def parts(url: str) -> dict[str, Any]:
    match = LINK.search(url)
    assert match
    return {"file_id": match[1], "key": match[2]}
