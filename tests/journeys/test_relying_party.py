"""Signing in to somebody else's service with who one is here, in a real browser and back."""

import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc.jwk import ECKey

from tests.journeys.conftest import Visitor
from tests.journeys.test_signing_in import ask_for_code, go, with_phone
from tests.journeys.town import MailServer, Town

Arrive = Callable[..., Visitor]
NAME = "Fishing licences"
PAGE = b'<!doctype html><html lang="en"><title>Fishing</title><main><h1>Fishing</h1></main></html>'


class Home(BaseHTTPRequestHandler):
    def do_GET(self) -> None:  # the library's name
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture
def home() -> Iterator[str]:
    """The service's own site."""
    server = HTTPServer(("127.0.0.1", 0), Home)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def asked(town: Town, home: str, tmp_path: Path) -> dict[str, str]:
    """What the service asks, whose name and address are registered."""
    key = tmp_path / "public.pem"
    key.write_bytes(ECKey.generate_key("P-256").as_pem(private=False))
    back = f"{home}/back"
    said = town.manage("onelogin_client_fixtures", str(key), "--redirect-uri", back, "--name", NAME)
    return {
        "response_type": "code",
        "client_id": said.split("CLIENT_ID='")[1].split("'")[0],
        "redirect_uri": back,
        "scope": "openid email",
        "state": "s" * 2_000,  # as long as what is signed often is
        "nonce": "nonce",
    }


def click(person: Visitor, name: str) -> None:
    person.page.get_by_role("button", name=name, exact=True).or_(
        person.page.get_by_role("link", name=name, exact=True)
    ).first.click()


def test_a_resident_signs_in_to_a_service_and_later_stops_sharing(
    visitor: Arrive, mail: MailServer, home: str, asked: dict[str, str]
) -> None:
    """Were the pages' policy in the way of any step, the browser would stay where it was."""
    person = visitor(width=320)
    with_phone(person)
    go(person, f"/authorize?{urlencode(asked)}")
    ask_for_code(person, mail, f"ash{time.time_ns()}@resident.example")
    person.fill("Full name", "Ash Archer")
    click(person, "Make my account")  # and what comes leads on by itself
    person.page.wait_for_url("**/accounts/passkeys/add/**")
    person.fill("Name", "My phone")
    click(person, "Make the passkey")
    person.page.get_by_text("Your recovery codes").first.wait_for()
    click(person, "I have kept them")
    person.page.wait_for_url("**/identity/share/**")
    person.look()
    person.sees(f"Share your details with {NAME}")
    click(person, "Agree and continue")
    person.page.wait_for_url(f"{home}/back**")

    given = parse_qs(urlsplit(person.page.url).query)
    assert given["code"]
    assert given["state"] == [asked["state"]]

    go(person, "/account/")
    person.press("Services that used my identity")
    person.press(NAME)
    person.press("Stop sharing")
    person.press("Stop sharing")
    person.sees(f"You no longer share anything with {NAME}.")
    assert not person.complaints
