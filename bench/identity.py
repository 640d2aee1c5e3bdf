"""Sign-ins to a relying party over HTTP: from /authorize to an id token, many at once."""

import http.client
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from os import cpu_count
from threading import Barrier, local
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID, uuid4

from joserfc import jwt
from joserfc.jwk import ECKey

from bench import statements
from bench.figures import Figure, side_by_side
from bench.load import cpu_seconds
from bench.town import Installation, Town, web
from townhall.capabilities.identity import permissions
from townhall.capabilities.identity.operations import agree_to_share, register_relying_party
from townhall.capabilities.identity.records import Registration, Scope
from townhall.machinery.actors import Actor

CLIENTS, FLOWS, AT_ONCE, SIGNATURES = 8, 400, 150, 1_000
BACK = "https://fishing.example/back"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "bench"}
KEY = ECKey.generate_key("P-256")
_numbers = count()


class Party:
    """A relying party that a resident has agreed to share with."""

    def __init__(self, town: Town) -> None:
        self.town, self.connections = town, local()
        told = Registration(
            name="Bench",
            redirect_uris=(BACK,),
            sector="fishing.example",
            public_key=KEY.as_pem(private=False).decode(),
        )
        may = frozenset({permissions.MANAGE_RELYING_PARTIES, permissions.SHARE_IDENTITY})
        person: UUID = town.persons["resident"]
        actor = Actor("bench", may, town.organisation.id, person)
        party, _secret = register_relying_party(actor, told=told)
        agree_to_share(actor, party.id, shares=[Scope.OPENID])
        self.client_id = party.client_id

    def address(self) -> str:
        asked = {"response_type": "code", "client_id": self.client_id, "redirect_uri": BACK}
        asked |= {"scope": "openid", "vtr": '["Cl"]', "nonce": "n", "state": str(next(_numbers))}
        return f"/authorize?{urlencode(asked)}"

    def form(self, code: str) -> dict[str, str]:
        claims = {"iss": self.client_id, "sub": self.client_id, "jti": str(uuid4())}
        claims |= {"aud": f"https://{self.town.host}/token", "exp": int(time.time()) + 300}
        return {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": jwt.encode({"alg": "ES256"}, claims, KEY, ["ES256"]),
        }

    def sign_in(self, port: int) -> bool:
        """One flow over this thread's connection; whether there is an id token at its end."""
        if not hasattr(self.connections, str(port)):
            setattr(self.connections, str(port), http.client.HTTPConnection("127.0.0.1", port))
        connection: http.client.HTTPConnection = getattr(self.connections, str(port))
        connection.request("GET", self.address(), headers=self.town.headers("resident"))
        answer = connection.getresponse()
        answer.read()
        code = code_in(answer.headers.get("Location", ""))
        body = urlencode(self.form(code))
        connection.request("POST", "/token", body, {**FORM, "Host": self.town.host})
        given = connection.getresponse()
        return b"id_token" in given.read() and given.status == 200


def code_in(location: str) -> str:
    return parse_qs(urlsplit(location).query).get("code", [""])[0]


def measure(installation: Installation) -> Iterator[Figure]:
    party = Party(installation.city)
    visitor = installation.city.visitor("resident")
    visitor.follow_redirects = False

    def one() -> None:
        code = code_in(visitor.get(party.address()).headers["Location"])
        visitor.post("/token", data=party.form(code), headers={"User-Agent": "bench"})

    one()
    yield Figure(
        name="sign-in to a relying party: statements",
        value=len(statements.capture(one)),
        unit="statements",
    )
    with web() as port:
        _many(party, port)  # warms up
        before, done = cpu_seconds(), next(_numbers)
        value, limit_value = side_by_side(partial(_many, party, port), _signatures)
        yield Figure(
            name=f"sign-in to a relying party: flows, {CLIENTS} browsers",
            value=value,
            unit="1/s",
            limit="ES256 signed and checked, on every core",
            limit_value=limit_value,
        )
        spent = 1000 * (cpu_seconds() - before) / (next(_numbers) - done)
        name = "sign-in to a relying party: CPU of web and PostgreSQL for each"
        yield Figure(name=name, value=spent, unit="ms")
        failed = _at_once(party, port)
        yield Figure(
            name=f"sign-in to a relying party: errors among {AT_ONCE} at once",
            value=failed,
            unit="errors",
            failed=failed > 0,
        )


def _many(party: Party, port: int) -> float:
    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as browsers:
        well = list(browsers.map(lambda _number: party.sign_in(port), range(FLOWS)))
    assert all(well)
    return FLOWS / (time.perf_counter() - started)


def _at_once(party: Party, port: int) -> int:
    ready = Barrier(AT_ONCE)

    def sign_in(_number: int) -> bool:
        ready.wait()
        return party.sign_in(port)

    with ThreadPoolExecutor(AT_ONCE) as browsers:
        return list(browsers.map(sign_in, range(AT_ONCE))).count(False)


def _signatures() -> float:
    """What the cores could do if a flow were nothing but its signature and its check."""
    started = time.perf_counter()
    for number in range(SIGNATURES):
        signed = jwt.encode({"alg": "ES256"}, {"n": number}, KEY, ["ES256"])
        jwt.decode(signed, KEY, algorithms=["ES256"])
    return SIGNATURES / (time.perf_counter() - started) * (cpu_count() or 1)
