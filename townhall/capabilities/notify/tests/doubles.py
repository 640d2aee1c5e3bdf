"""Suppliers of texts as their documents describe them, on loopback: what they took, they keep."""

import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from townhall.capabilities.notify.tests.peers import Answer, Asked, Peer, listening

REFUSED_NUMBER = "447700900404"  # that each of them refuses for ever
TIMEOUT_SECONDS = 0.3  # of the clients of those that fall silent


@dataclass(slots=True)
class Double:
    """A supplier that can be told to be ill, and to fall silent once it has taken a text."""

    peer: Peer
    taken: list[dict[str, str]] = field(default_factory=list)
    is_ill: bool = False
    is_silent: bool = False
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return self.peer.url

    def reply(self, asked: Asked) -> Answer:
        raise NotImplementedError

    def take(self, form: dict[str, str]) -> None:
        self.taken.append(form)
        if self.is_silent:
            self.over.wait()


class Twilio(Double):
    """https://www.twilio.com/docs/messaging/api/message-resource"""

    ACCOUNT, TOKEN = "AC0123456789abcdef", "token"
    SETTING = f"twilio://{ACCOUNT}:{TOKEN}@+441632960000"

    def reply(self, asked: Asked) -> Answer:
        basic = b64encode(f"{self.ACCOUNT}:{self.TOKEN}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {basic}":
            return _json(401, {"code": 20003, "message": "Authenticate"})
        if self.is_ill:
            return _json(503, {"code": 20503, "message": "Service unavailable"})
        if asked.method == "GET":
            return _json(200, {"sid": self.ACCOUNT, "status": "active"})
        form = _form(asked)
        if form["To"] == f"+{REFUSED_NUMBER}":
            return _json(400, {"code": 21211, "message": f"Invalid 'To' {form['To']}"})
        self.take(form)
        return _json(201, {"sid": f"SM{len(self.taken)}", "status": "queued"})


class Firetext(Double):
    """https://www.firetext.co.uk/docs: status 200 whatever it answers, and a code that counts."""

    KEY = "its/key"
    SETTING = "firetext://its%2Fkey@Barset"
    LONGEST = 612
    credit = 100

    def reply(self, asked: Asked) -> Answer:
        form = _form(asked)
        code, says = self._answer(asked.path, form)
        if code == 0 and asked.path == "/sendsms/json":
            self.credit -= 1
            self.take(form)
        return _json(200, {"code": code, "description": says, "responseData": self.credit})

    def _answer(self, path: str, form: dict[str, str]) -> tuple[int, str]:
        if form.get("apiKey") != self.KEY:
            return 1, "Authentication error"
        if path == "/credit/json":
            return 0, "Credit count successful"
        faults = {
            (2, "Destination number(s) error"): form["to"] == REFUSED_NUMBER
            or not form["to"].isdigit(),
            (3, "From error"): not 3 <= len(form["from"]) <= 11,
            (5, "Message error"): not 0 < len(form["message"]) <= self.LONGEST,
            (7, "Insufficient credit"): self.is_ill or self.credit < 1,
        }
        found = [fault for fault, is_so in faults.items() if is_so]
        return found[0] if found else (0, "SMS successfully queued")

    @staticmethod
    def receipt(reference: str, status: str, code: str = "") -> dict[str, str]:
        """What it posts to the address that came with the text."""
        form = {"mobile": "447700900123", "status": status, "reference": reference}
        return form | {"time": "2026-11-23 09:00:00"} | ({"code": code} if code else {})


@contextmanager
def standing_in(kind: type[Double]) -> Iterator[Double]:
    with listening() as peer:
        double = kind(peer)
        peer.replies = double.reply
        try:
            yield double
        finally:
            double.over.set()


def _form(asked: Asked) -> dict[str, str]:
    return dict(parse_qsl(asked.body.decode()))


def _json(status: int, said: object) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(said).encode()
