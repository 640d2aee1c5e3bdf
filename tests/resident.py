"""A resident over plain HTTP, who presses again when a page does not come."""

import re
import time
from dataclasses import dataclass, field
from html import unescape

import httpx

PATIENCE_SECONDS = 90
CARD = {
    "card-no": "4444333322221111",
    "expiry-month": "12",
    "expiry-year": "35",
    "cardholder-name": "A Adeyemi",
    "cvc": "123",
    "address-country": "GB",
    "address-line-1": "3 Abbey Walk",
    "address-city": "Test Town",
    "address-postcode": "AA1 1AA",
}


@dataclass(slots=True)
class Resident:
    """Books and pays through the same pages as a browser would."""

    base_url: str
    email: str
    client: httpx.Client = field(init=False)
    last: httpx.Response = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.base_url, follow_redirects=True, timeout=20)

    def get(self, path: str) -> None:
        self.last = self._patiently("GET", path, {})

    def post(self, path: str, answers: dict[str, str]) -> None:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.last.text)
        assert token, self.last.text[:2000]
        self.last = self._patiently("POST", path, {"csrfmiddlewaretoken": token[1], **answers})

    def _patiently(self, method: str, path: str, answers: dict[str, str]) -> httpx.Response:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                response = self.client.request(method, path, data=answers or None)
            except httpx.TransportError:
                response = None
            if response is not None and response.status_code < 500:
                return response
            assert time.monotonic() < deadline, (path, response and response.status_code)
            time.sleep(0.3)

    @property
    def here(self) -> str:
        return self.last.url.raw_path.decode()

    def book(self) -> str:
        """Through the whole journey to the page that says what to pay; the collection's id."""
        self.get("/bulky-waste/book/postcode/")
        self.post("/bulky-waste/book/postcode/", {"postcode": "AA1 1AA"})
        self._answer("address", {"address": self._options("address")[0]})
        self._answer("items", {"items-sofa": "1"})
        days = self._options("day")
        self._answer("day", {"day": days[hash(self.email) % len(days)]})
        self._answer("name", {"name": "Ada Adeyemi"})
        self._answer("email", {"email": self.email})
        self._answer("phone", {"phone": ""})
        assert self.here.startswith("/bulky-waste/book/check/"), (self.here, self.last.text[-3000:])
        self.post("/bulky-waste/book/check/", self._hidden())
        found = re.search(r"/bulky-waste/requests/([0-9a-f-]{36})/", str(self.last.url))
        assert found, (self.here, self.last.text[-3000:])
        return found[1]

    def pay(self, collection_id: str) -> None:
        """On the card page, and then to confirm. A card that was taken is not given again."""
        self.get(f"/bulky-waste/requests/{collection_id}/pay/")
        if not self.here.endswith("/pay/"):
            return
        self.post(self.here, {})
        if 'id="card-details"' in self.last.text:
            self.post(self.here, CARD)
        if 'id="confirmation"' in self.last.text:
            self.post(self.here, {})

    def _answer(self, page: str, answers: dict[str, str]) -> None:
        assert f"/{page}/" in self.here, (page, self.here, self.last.text[-3000:])
        self.post(self.here, answers | self._hidden())

    def _hidden(self) -> dict[str, str]:
        pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.last.text)
        return {name: unescape(value) for name, value in pairs if name != "csrfmiddlewaretoken"}

    def _options(self, name: str) -> list[str]:
        radios = re.findall(r"<input[^>]*type=\"radio\"[^>]*>", self.last.text)
        free = [radio for radio in radios if "disabled" not in radio]
        values = [re.search(r'value="([^"]+)"', radio) for radio in free]
        return [unescape(found[1]) for found in values if found]
