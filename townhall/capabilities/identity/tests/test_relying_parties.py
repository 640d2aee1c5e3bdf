"""Pages of relying parties: for staff, for whoever shares with them, and how both end."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID, uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from townhall.capabilities.identity import models, operations, permissions, queries
from townhall.capabilities.identity.errors import BadAnswer
from townhall.capabilities.identity.records import Authentication, Level
from townhall.capabilities.identity.tests.make import make_member, sign_in
from townhall.capabilities.identity.tests.openid import (
    AGENT,
    KEY,
    OTHER_KEY,
    Party,
    browser,
    goes_on_to,
    jo,
    manager,
    newtown,
    party,
    read_token,
    registration,
)
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed
from townhall.machinery.organisations import Organisation
from townhall.machinery.queue import run_waiting

Settings = Any  # of Django, as pytest-django has tests change them
__all__ = ["browser", "jo", "newtown", "party"]  # fixtures
pytestmark = pytest.mark.django_db
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def staff(newtown: Organisation) -> Client:
    """An administrator's browser, which checks forms against forgery."""
    member = make_member(newtown, "administrator", second_factor=True)
    client = Client(headers=AGENT)
    sign_in(client, newtown, member.id)
    return client


@contextmanager
def a_program(answer: bytes = b"") -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    """A relying party's own server: its address, and what is posted there."""
    taken: list[dict[str, list[str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library's name
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def do_POST(self) -> None:  # the library's name
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append(parse_qs(body.decode()))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", taken
    finally:
        server.shutdown()
        server.server_close()


def typed(**changes: object) -> dict[str, object]:
    told = registration()
    return {
        "name": told.name,
        "redirect_uris": "\n".join(told.redirect_uris),
        "post_logout_uris": "",
        "back_channel_uri": "",
        "sector": "Fishing.example",
        "authentication": "private_key_jwt",
        "public_key": told.public_key,
        "jwks_url": "",
        "signing": "ES256",
        "levels": ["P2"],
        "scopes": ["email"],
        "claims": [],
    } | changes


def test_staff_register_change_and_close_one(staff: Client, newtown: Organisation) -> None:
    added = staff.post("/identity/relying-parties/add/", typed())
    place = added["Location"]
    page = staff.get(place).content.decode()
    party = queries.list_relying_parties(manager(newtown)).rows[0]
    assert party.registration.levels == (Level.P2,)
    assert party.client_id in page

    staff.post(f"{place}change/", typed(name="Rod licences"))
    staff.post(f"{place}close/")

    changed = queries.get_relying_party(manager(newtown), party.id)
    assert (changed.name, changed.is_open) == ("Rod licences", False)
    assert "Rod licences" in staff.get("/identity/relying-parties/").content.decode()
    assert Client().get(f"/authorize?client_id={party.client_id}").status_code == 400
    staff.post(f"{place}open/")
    assert queries.get_relying_party(manager(newtown), party.id).is_open


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"redirect_uris": "javascript:alert(1)"}, "redirect_uris"),
        ({"redirect_uris": "http://a.example/"}, "redirect_uris"),
        ({"redirect_uris": "https://a.example/#x"}, "redirect_uris"),
        ({"post_logout_uris": "//a.example"}, "post_logout_uris"),
        ({"back_channel_uri": "https://127.0.0.1/"}, "back_channel_uri"),
        ({"sector": "https://a.example"}, "sector"),
        ({"public_key": "", "jwks_url": ""}, "public_key"),
        (
            {"public_key": "-----BEGIN PUBLIC KEY-----\nAAAA"},
            "public_key",
        ),
        ({"public_key": KEY.as_pem(private=True).decode()}, "public_key"),
        ({"jwks_url": "https://localhost/keys", "public_key": ""}, "jwks_url"),
        ({"authentication": "client_secret_post"}, "authentication"),
        ({"levels": ["P9"]}, "levels"),
    ],
)
def test_what_cannot_be_registered_is_said_beside_its_field(
    staff: Client, changes: dict[str, object], field: str
) -> None:
    response = staff.post("/identity/relying-parties/add/", typed(**changes))

    assert response.status_code == 422
    assert f'id="id_{field}' in response.content.decode()
    assert not models.RelyingParty.objects.exists()


def test_a_secret_is_shown_once(staff: Client) -> None:
    plain = typed(authentication="client_secret_post", levels=[], public_key="")

    shown = staff.post("/identity/relying-parties/add/", plain)

    party = models.RelyingParty.objects.get()
    place = f"/identity/relying-parties/{party.id}/"
    assert "Its secret is" in shown.content.decode()
    assert "Its secret is" not in staff.get(place).content.decode()
    before = party.secret_hash
    assert "Its secret is" in staff.post(f"{place}secret/").content.decode()
    party.refresh_from_db()
    assert party.secret_hash != before


def test_names_and_logos_run_no_script(
    staff: Client, browser: Client, newtown: Organisation
) -> None:
    party = Party(newtown, name=SCRIPT)
    place = f"/identity/relying-parties/{party.id}/"
    svg = f'<svg xmlns="http://www.w3.org/2000/svg">{SCRIPT}</svg>'.encode()

    def upload(content: bytes) -> int:
        (staff_file := Upload(content)).name = "logo.png"
        return int(staff.post(f"{place}logo/", {"logo": staff_file}).status_code)

    assert upload(svg) == 422
    assert upload(PNG) == 302
    shared = browser.get(browser.get(party.address())["Location"])
    party.code(browser)
    pages = [shared, staff.get(place), staff.get("/identity/relying-parties/")]
    pages += [browser.get("/identity/services/"), browser.get(f"/identity/services/{party.id}/")]
    for page in pages:
        assert SCRIPT not in page.content.decode()
    logo = queries.get_relying_party(manager(newtown), party.id).logo_id
    shown = Client().get(f"/identity/services/logo/{logo}/")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")
    assert Client().get(f"/identity/services/logo/{party.id}/").status_code == 404


def test_each_form_is_safe_from_forgery(
    newtown: Organisation, browser: Client, staff: Client, party: Party
) -> None:
    party.code(browser)
    shared = browser.get(party.address(prompt="consent"))["Location"]
    party_place = f"/identity/relying-parties/{party.id}/"
    mine = [shared, f"/identity/services/{party.id}/stop/"]
    theirs = [f"{party_place}{each}/" for each in ("change", "logo", "secret", "close", "open")]
    theirs += ["/identity/relying-parties/add/", "/identity/relying-parties/keys/"]
    theirs += ["/identity/console/"]

    for client, paths in ((browser, mine), (staff, theirs)):
        forged = Client(enforce_csrf_checks=True, headers=AGENT)
        forged.cookies = client.cookies
        assert {forged.post(path).status_code for path in paths} == {403}


def test_an_answer_comes_only_from_the_page_of_the_request(
    browser: Client, party: Party, newtown: Organisation, jo: UUID
) -> None:
    asked = browser.get(party.address())["Location"]
    other = Client(headers=AGENT)
    sign_in(other, newtown, jo)

    assert other.get(asked).status_code == 404
    assert other.post(asked, {"answer": "agree"}).status_code == 404
    assert browser.post(asked, {"answer": "maybe"}).status_code == 422
    visit = asked.split("/")[-2]
    for client, found in ((browser, 200), (other, 404), (Client(), 404)):
        assert client.get("/identity/go-on/", {"visit": visit}).status_code == found
    assert browser.get("/identity/go-on/?next=/authorize?").status_code == 404


def test_someone_sees_what_was_told_and_stops_it(
    browser: Client, newtown: Organisation, settings: Settings
) -> None:
    settings.DEMO = True  # so that this machine may be told
    with a_program() as (address, taken):
        party = Party(newtown, back_channel_uri=address)
        tokens = party.exchange(party.code(browser)).json()
        party.userinfo(tokens["access_token"])
        assert "Fishing licences" in browser.get("/identity/services/").content.decode()
        page = browser.get(f"/identity/services/{party.id}/").content.decode()
        assert page.count("Your email address") == 2  # agreed to, and told

        browser.post(f"/identity/services/{party.id}/stop/")
        run_waiting()

        assert party.userinfo(tokens["access_token"]).status_code == 401
        (told,) = taken
        claims = read_token(told["logout_token"][0])
        about = read_token(tokens["id_token"])
        assert [claims[name] for name in ("iss", "aud", "sub", "sid")] == [
            about[name] for name in ("iss", "aud", "sub", "sid")
        ]
        assert claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
        assert "nonce" not in claims
        assert "/identity/share/" in browser.get(party.address())["Location"]
    assert "Stopped" in browser.get("/identity/services/").content.decode()


def test_nobody_sees_what_others_share(
    newtown: Organisation, browser: Client, staff: Client, party: Party
) -> None:
    party.code(browser)

    assert "Fishing" not in staff.get("/identity/services/").content.decode()
    assert staff.get(f"/identity/services/{party.id}/").status_code == 404
    assert staff.post(f"/identity/services/{party.id}/stop/").status_code == 404
    assert Client().get("/identity/services/").status_code == 302


def test_a_relying_party_signs_someone_out_everywhere(
    browser: Client, newtown: Organisation, settings: Settings
) -> None:
    settings.DEMO = True
    with a_program() as (address, taken):
        first, other = Party(newtown), Party(newtown, back_channel_uri=address)
        token = first.exchange(first.code(browser)).json()["id_token"]
        other.exchange(other.code(browser))
        out = {"post_logout_redirect_uri": "https://fishing.example/out", "state": "abc"}

        response = browser.get("/logout", {"id_token_hint": token, **out})
        run_waiting()

        assert response["Location"] == "https://fishing.example/out?state=abc"
        assert browser.get("/identity/services/").status_code == 302
        assert len(taken) == 1


@pytest.mark.parametrize(
    ("changes", "location"),
    [
        ({"id_token_hint": "a.b.c"}, "/accounts/sign-out/"),
        ({"id_token_hint": ""}, "/accounts/sign-out/"),
        ({"post_logout_redirect_uri": "https://evil.example/"}, "/"),
        ({"post_logout_redirect_uri": "https://fishing.example/out/"}, "/"),
    ],
)
def test_signing_out_leads_nowhere_that_is_not_registered(
    browser: Client, party: Party, changes: dict[str, str], location: str
) -> None:
    token = party.exchange(party.code(browser)).json()["id_token"]

    response = browser.get("/logout", {"id_token_hint": token, **changes})

    assert response["Location"] == location


def test_a_hint_signed_by_others_signs_nobody_out(browser: Client, party: Party) -> None:
    party.exchange(party.code(browser))
    forged = party.sign(OTHER_KEY, aud=party.client_id)

    assert browser.get("/logout", {"id_token_hint": forged})["Location"] == "/accounts/sign-out/"
    assert browser.get("/identity/services/").status_code == 200


def test_nobody_uses_the_identity_of_whom_they_act_for(newtown: Organisation, jo: UUID) -> None:
    party = Party(newtown)
    may = frozenset({permissions.SHARE_IDENTITY})
    herself = Actor("resident", may, newtown.id, jo)
    operations.agree_to_share(herself, party.id, shares=["openid"])
    for_her = replace(herself, delegate_id=uuid4())

    assert queries.list_used(for_her).rows == []
    assert queries.find_agreed(for_her, party.id) is None
    with pytest.raises(NotAllowed):
        operations.agree_to_share(for_her, party.id, shares=["email"])


def test_staff_try_a_flow(staff: Client) -> None:
    begun = staff.post("/identity/console/", {"vtr": '["Cl.Cm"]', "claims": []}, secure=True)
    address = begun.context["address"]
    shared = staff.get(address, secure=True)["Location"]
    on = staff.post(shared, {"answer": "agree"}, secure=True)["Location"]
    back = staff.get(goes_on_to(staff, on, secure=True), secure=True)["Location"]

    page = staff.get(back, secure=True)

    steps = page.context["steps"]
    assert len(steps) == 4
    assert json.loads(steps[2].came)["vot"] == "Cl.Cm"
    assert steps[3].came.startswith("200")
    again = staff.get(back, secure=True)
    assert again["Location"] == "/identity/console/"


def test_keys_at_an_address_are_fetched_when_one_is_new(
    newtown: Organisation, browser: Client, settings: Settings
) -> None:
    settings.DEMO = True
    keys = [{**OTHER_KEY.as_dict(private=False), "kid": "mine"}]
    with a_program(json.dumps({"keys": keys}).encode()) as (address, _taken):
        party = Party(newtown, public_key="", jwks_url=address)
        code = party.code(browser)
        unknown = party.sign(OTHER_KEY, header={"kid": "other"})
        known = party.sign(OTHER_KEY, header={"kid": "mine"})

        assert party.exchange(code, client_assertion=unknown).json()["error"] == "invalid_client"
        assert party.exchange(code, client_assertion=known).status_code == 200


NO_KEYS = [b'{"keys": 5}', b'{"keys": [5]}', b'{"keys": {"a": 1}}', b'{"keys": [{}]}']


@pytest.mark.parametrize("answer", [b"", b"[]", *NO_KEYS, b"[" * 99_999])
def test_what_is_no_set_of_keys_leaves_those_that_were_known(
    newtown: Organisation, settings: Settings, answer: bytes
) -> None:
    settings.DEMO = True
    with a_program(answer) as (address, _taken):
        party = Party(newtown, public_key="", jwks_url=address)

        with pytest.raises(BadAnswer):
            operations.fetch_keys(manager(newtown), party.id)

        operations.fetch_every_key()
        run_waiting()
        assert queries.get_relying_party(manager(newtown), party.id).keys == ""


def test_keys_rotate_when_it_is_time(newtown: Organisation) -> None:
    keys = models.SigningKey.objects.filter(organisation_id=newtown.id)
    before = set(keys.values_list("id", "state"))
    operations.rotate_due_keys()
    assert set(keys.values_list("id", "state")) == before

    operations.rotate_signing_keys(manager(newtown))

    states = sorted(keys.values_list("use", "state"))
    assert states == [
        (use, state) for use in ("identity", "tokens") for state in ("current", "next", "retired")
    ]
    operations.prepare_signing_keys(newtown)
    assert keys.count() == 6


def test_a_list_of_many_asks_no_more_often(
    newtown: Organisation,
    staff: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    plain = {"public_key": "", "authentication": Authentication.SECRET, "levels": (), "claims": ()}
    for number in range(26):
        Party(newtown, name=f"Service {number:02}", **plain)

    with django_assert_max_num_queries(8):
        page = staff.get("/identity/relying-parties/").content.decode()

    assert "Service 24" in page
    assert "Service 25" not in page


class Upload:
    """A file as a browser sends it."""

    def __init__(self, content: bytes) -> None:
        self.content, self.name = content, ""

    def read(self, _size: int = -1) -> bytes:
        content, self.content = self.content, b""
        return content
