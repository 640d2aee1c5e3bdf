"""Emails taken in a second by POST /v2/notifications/email, with all of its contract on.

Asked by wrk; where it is not installed, this says so and measures nothing. One sender may send
3,000 messages a minute, so many senders ask in turn.
"""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import jwt
from django.db import connection

from bench import statements
from bench.figures import ROUNDS, Figure
from bench.load import cpu_seconds
from bench.pgbench import Script
from bench.town import Installation, Town, web
from townhall.capabilities.notify import operations, permissions
from townhall.machinery.actors import Actor
from townhall.machinery.wording import Wording

CONNECTIONS = (1, 8, 32)
SECONDS = 4
SENDERS = 60
PATH = "/v2/notifications/email"
MAY = frozenset({permissions.MANAGE_KEYS, permissions.EDIT_TEMPLATES, permissions.OPEN_SENDERS})
_ID = re.compile(r'"id":"([0-9a-f-]{36})"')
_GIVEN = re.compile(r"json_to_recordset\((.*?\]')\)", re.DOTALL)
_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)")
_VARIABLE = re.compile(r"(?<=\w):(?=\w)")  # is what pgbench would take it for
LUA = """
local asked = {%s}
local turn = 0
request = function()
  turn = turn %% #asked + 1
  return wrk.format("POST", "%s", asked[turn][1], asked[turn][2])
end
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    key: str
    body: str

    def headers(self, host: str) -> dict[str, str]:
        """With a token as fresh as GOV.UK Notify wants it."""
        claims = {"iss": self.key[-73:-37], "iat": int(time.time()) + 20}
        token = jwt.encode(claims, self.key[-36:])
        return {
            "Host": host,
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
        }


def measure(installation: Installation) -> Iterator[Figure]:
    if shutil.which("wrk") is None:
        print("notify: not measured, for wrk is not installed here")
        return
    city = installation.city
    senders = [make_sender(city, f"sender {number}") for number in range(SENDERS)]
    asker = city.visitor()
    first = senders[0]

    def send() -> None:
        answer = asker.post(PATH, content=first.body, headers=first.headers(city.host))
        answer.raise_for_status()

    sent = statements.capture(send)
    yield Figure(name="notify: an email taken in: statements", value=len(sent), unit="statements")
    (written,) = [each for each in sent if each.startswith("WITH given")]
    limit = Script("notify", [_same_rows(written)], protocol="prepared")
    with web() as port:
        for clients in CONNECTIONS:
            yield from _measure(port, city, senders, limit, clients)
    with connection.cursor() as cursor:  # or the next section would send all of them
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def _same_rows(statement: str) -> str:
    """The same for pgbench: a new id each time, and nothing that it takes for a variable."""
    found = _ID.search(statement)
    assert found is not None
    text = _VARIABLE.sub("-", _MOMENT.sub(r"\1\2\3T\4\5\6", statement))
    text = text.replace('":', '": ')
    new = rf"json_to_recordset(replace(\1, '{found[1]}', gen_random_uuid()::text)::json)"
    return f"{_GIVEN.sub(new, text, count=1)};"


def make_sender(city: Town, name: str) -> Sender:
    actor = Actor("command:bench", MAY, city.organisation.id)
    template = operations.make_template(
        actor,
        title=f"Template of {name}",
        subject=Wording("Hello ((name))"),
        body=Wording("Dear ((name)),\n\nyour bin is collected on ((day))."),
        sender=name,
    )
    operations.open_sender(actor, sender=name)
    key = operations.make_api_key(actor, name="bench", sender=name)
    body = {
        "email_address": "ada@resident.example",
        "template_id": str(template.id),
        "personalisation": {"name": "Ada", "day": "Monday"},
        "reference": name,
    }
    return Sender(key=key.text, body=json.dumps(body))


def _measure(
    port: int, city: Town, senders: list[Sender], limit: Script, clients: int
) -> Iterator[Figure]:
    rounds = []
    for _round in range(ROUNDS):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM notify_allowance")
        before = cpu_seconds()
        rate, count = _wrk(port, city, senders, clients)
        spent = 1000 * (cpu_seconds() - before) / count
        rounds.append((rate, spent, limit.per_second(clients=clients, seconds=SECONDS)))
    rate, spent, most = (median(each) for each in zip(*rounds, strict=True))
    name = f"notify: emails taken in over {clients} connections"
    yield Figure(
        name=name,
        value=rate,
        unit="1/s",
        limit="pgbench, same SQL, as many clients",
        limit_value=most,
    )
    yield Figure(name=f"{name}: CPU of web and PostgreSQL for each", value=spent, unit="ms")


def _wrk(port: int, city: Town, senders: list[Sender], clients: int) -> tuple[float, int]:
    asked = ",\n".join(
        f"{{{{{_lua(each.headers(city.host))}}}, {json.dumps(each.body)}}}" for each in senders
    )
    script = Path(os.environ["TOWNHALL_VAR"]) / "notify.lua"
    script.write_text(LUA % (asked, PATH))
    command = ["wrk", "-t1", f"-c{clients}", f"-d{SECONDS}s", "-s", str(script)]
    said = subprocess.run(
        [*command, f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True
    ).stdout
    rate = re.search(r"^Requests/sec: +([\d.]+)", said, re.MULTILINE)
    count = re.search(r"(\d+) requests in", said)
    if rate is None or count is None or "Non-2xx" in said:
        raise RuntimeError(said)
    return float(rate[1]), int(count[1])


def _lua(headers: dict[str, str]) -> str:
    return ", ".join(f"[{json.dumps(name)}]={json.dumps(value)}" for name, value in headers.items())
