"""A program that sends over GOV.UK Notify's wire, and keeps what it was told."""

import re
import time
from dataclasses import dataclass, field

import httpx
import jwt

HOST = "@program.example"  # of everyone that the program writes to
PATIENCE_SECONDS = 90
SEND = "/v2/notifications/email"
TIMEOUT_SECONDS = 20
NOBODY_THERE = httpx.Response(503)  # to take the request, which cannot have been accepted then


@dataclass(slots=True)
class Program:
    """Each message has a reference of its own, and goes to an address that has it too."""

    base_url: str
    key: str = ""
    template_id: str = ""
    accepted: dict[str, str] = field(default_factory=dict)  # the message's id by reference
    unknown: set[str] = field(default_factory=set)  # whose answer was lost
    repeated: set[str] = field(default_factory=set)  # asked for again when the answer was lost

    def find_key(self) -> None:
        """The demo shows what a program needs."""
        page = httpx.get(self.base_url).text
        found = re.search(r"key <code[^>]*>([^<]+)</code>, template <code[^>]*>([^<]+)<", page)
        assert found, page
        self.key, self.template_id = found[1], found[2]

    def send_once(self, client: httpx.Client, reference: str) -> None:
        """Ask, and do not ask again if no answer comes: it may have been accepted."""
        answer = self._ask(client, reference, {})
        if answer is None:
            self.unknown.add(reference)
        elif answer is not NOBODY_THERE:
            self._keep(reference, answer)

    def send_until_answered(self, client: httpx.Client, reference: str) -> None:
        """Ask with an Idempotency-Key until the answer is there."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = self._ask(client, reference, {"Idempotency-Key": reference})
            if answer is None:
                self.repeated.add(reference)
            elif answer.status_code not in (409, 503):  # under way still, or nobody there
                self._keep(reference, answer)
                return
            assert time.monotonic() < deadline, reference
            time.sleep(0.3)

    def _keep(self, reference: str, answer: httpx.Response) -> None:
        assert answer.status_code == 201, answer.text
        self.accepted[reference] = answer.json()["id"]

    def _ask(
        self, client: httpx.Client, reference: str, headers: dict[str, str]
    ) -> httpx.Response | None:
        """None if the answer was lost, or was that something is broken."""
        claims = {"iss": self.key[-73:-37], "iat": int(time.time())}
        token = jwt.encode(claims, self.key[-36:])
        asked = {
            "email_address": address_of(reference),
            "template_id": self.template_id,
            "personalisation": {"name": "Ada"},
            "reference": reference,
        }
        try:
            answer = client.post(
                self.base_url + SEND,
                json=asked,
                headers={"Authorization": f"Bearer {token}", **headers},
                timeout=TIMEOUT_SECONDS,
            )
        except httpx.ConnectError:
            return NOBODY_THERE
        except httpx.TransportError:
            return None
        return None if answer.status_code >= 500 else answer


def address_of(reference: str) -> str:
    return reference + HOST
