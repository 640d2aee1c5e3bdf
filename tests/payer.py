"""A program that asks for payments over GOV.UK Pay's wire, and the people who make them."""

import re
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

PATIENCE_SECONDS = 90
TIMEOUT_SECONDS = 20
CARD = {
    "card-no": "4242424242424242",
    "expiry-month": "12",
    "expiry-year": "35",
    "cardholder-name": "A Adeyemi",
    "cvc": "123",
    "address-country": "GB",
    "address-line-1": "1 Abbey Walk",
    "address-city": "Newtown",
    "address-postcode": "AA1 1AA",
    "email": "payer@resident.example",
}


@dataclass(slots=True)
class Payers:
    """Each payment is asked for until it is there, and paid for as far as the pages let one."""

    base_url: str
    key: str
    ids: dict[str, str] = field(default_factory=dict)  # the payment's by reference
    told_paid: set[str] = field(default_factory=set)  # whose payer came back to the program

    def pay(self, reference: str) -> None:
        with httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False) as program:
            answer = self._create(program, reference)
        self.ids[reference] = answer["payment_id"]
        with httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False) as browser:
            try:
                self._go_through(browser, answer["_links"]["next_url"]["href"], reference)
            except httpx.HTTPError:
                return  # cut off: what became of it is for the poll to find out

    def _create(self, program: httpx.Client, reference: str) -> Any:  # Any: JSON
        """Ask with an Idempotency-Key until the answer is there."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = program.post(
                    f"{self.base_url}/v1/payments",
                    json={
                        "amount": 2000,
                        "reference": reference,
                        "description": "A payment among crashes",
                        "return_url": f"{self.base_url}/?paid={reference}",
                    },
                    headers={
                        "Authorization": f"Bearer {self.key}",
                        "Idempotency-Key": reference,
                    },
                )
            except httpx.HTTPError:
                answer = httpx.Response(503)
            if answer.status_code in (200, 201):
                return answer.json()
            assert answer.status_code in (429, 500, 502, 503), answer.text
            assert time.monotonic() < deadline, reference
            time.sleep(0.5)

    def _go_through(self, browser: httpx.Client, url: str, reference: str) -> None:
        page = self._follow(browser, browser.get(url))
        if 'id="card-details"' in page.text:
            page = self._follow(browser, self._post(browser, page, CARD))
        if 'id="confirm"' in page.text:
            page = self._follow(browser, self._post(browser, page, {}))
        if f"paid={reference}" in str(page.url):
            self.told_paid.add(reference)

    @staticmethod
    def _follow(browser: httpx.Client, page: httpx.Response) -> httpx.Response:
        """As far as our own pages go; the program's is not opened."""
        while page.has_redirect_location:
            where = urljoin(str(page.url), page.headers["Location"])
            if urlsplit(where).query.startswith("paid="):
                return httpx.Response(200, request=httpx.Request("GET", where))
            page = browser.get(where)
        return page

    @staticmethod
    def _post(browser: httpx.Client, page: httpx.Response, typed: dict[str, str]) -> httpx.Response:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token, page.text
        return browser.post(str(page.url), data={**typed, "csrfmiddlewaretoken": token[1]})
