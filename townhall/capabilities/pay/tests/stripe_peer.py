"""A stand-in for Stripe on this machine: the part of its API that we use, on a real port.

It is no Stripe and proves nothing about Stripe's own behaviour. It was written from Stripe's API
reference, because localstripe has no Checkout Sessions, disputes, idempotency keys or lists by
payout. Our side reaches it through Stripe's own library alone: forms in, JSON and errors in
Stripe's shapes out, and notices signed as Stripe signs them.
"""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

KEY, SECRET = "sk_test_peer", "whsec_peer"
FEE_MINOR = 45
Thing = dict[str, Any]  # Any: JSON
CARD = {
    "brand": "mastercard",
    "funding": "credit",
    "last4": "4444",
    "exp_month": 7,
    "exp_year": 2035,
    "three_d_secure": {"authentication_flow": "challenge"},
}


class Refused(Exception):
    def __init__(self, status: int, **error: Any) -> None:
        super().__init__(error)
        self.status, self.error = status, error


@dataclass(slots=True)
class StripePeer:
    """What it knows, and what people do at it: the payer, their bank, Stripe itself."""

    host: str = ""
    things: dict[str, Thing] = field(default_factory=dict)
    answered: dict[str, tuple[str, int, Thing]] = field(default_factory=dict)  # by idempotency key
    hangs_up: bool = False  # do what is asked, then say nothing
    refuses_again: str = ""  # a decline code, for cards that are charged without their holder

    @property
    def address(self) -> str:
        return f"stripe+http://{KEY}:{SECRET}@{self.host}"

    # what people do there

    def pay(self, session_id: str) -> None:
        session = self.things[session_id]
        intent = self._intent(session["amount_total"], session["currency"], session["intent_data"])
        self._charge(intent, manual=session["intent_data"].get("capture_method") == "manual")
        if session["customer_creation"]:
            intent |= {"customer": _new("cus"), "payment_method": _new("pm")}
        session |= {"status": "complete", "payment_status": "paid", "payment_intent": intent["id"]}

    def expire(self, session_id: str) -> None:
        self.things[session_id] |= {"status": "expired", "url": None}

    def dispute(self, session_id: str, status: str = "needs_response") -> Thing:
        intent = self.things[self.things[session_id]["payment_intent"]]
        return {
            "id": f"dp_{intent['id']}",
            "object": "dispute",
            "status": status,
            "amount": intent["amount"],
            "currency": intent["currency"],
            "payment_intent": intent["id"],
            "reason": "fraudulent",
            "balance_transactions": [{"fee": 2000, "amount": -intent["amount"]}],
            "evidence_details": {"due_by": 1_800_000_000},
        }

    def pay_out(self) -> str:
        """Everything that has moved since the last payout."""
        payout = self._keep("po", "payout", status="paid", arrival_date=int(time.time()))
        for each in self._all("balance_transaction"):
            each["payout"] = each["payout"] or payout["id"]
        whole = {"amount": -1, "fee": 0, "currency": "gbp", "source": payout["id"]}
        self._keep(
            "txn", "balance_transaction", reporting_category="payout", payout=payout["id"], **whole
        )
        return str(payout["id"])

    def notice(self, kind: str, thing: str | Thing, *, at: int = 0) -> tuple[bytes, dict[str, str]]:
        """An event about a thing, signed as of now: https://docs.stripe.com/webhooks"""
        about = self.things[thing] if isinstance(thing, str) else thing
        event = {"id": f"evt_{kind}_{about['id']}", "object": "event", "type": kind}
        body = json.dumps({**event, "data": {"object": about}}).encode()
        return body, {"Stripe-Signature": sign(body, at or int(time.time()))}

    # its API

    def answer(self, method: str, path: str, given: Thing) -> Thing:
        parts = path.removeprefix("/v1/").split("/")
        for route, does in self._routes().items():
            wanted = route.split()
            if wanted[0] == method and len(wanted) == len(parts) + 1:
                pairs = list(zip(wanted[1:], parts, strict=True))
                if all(want in ("*", part) for want, part in pairs):
                    return does(given, *(part for want, part in pairs if want == "*"))
        raise Refused(404, type="invalid_request_error", message="Unrecognized request URL")

    def _routes(self) -> dict[str, Callable[..., Thing]]:
        return {
            "GET balance": lambda given: {"object": "balance", "available": []},
            "POST checkout sessions": self._open,
            "GET checkout sessions": lambda given: self._list(
                "checkout.session", given, "payment_intent"
            ),
            "GET checkout sessions *": self._show,
            "POST checkout sessions * expire": self._expire,
            "POST payment_intents": self._take_again,
            "GET payment_intents *": self._show,
            "POST payment_intents * capture": self._capture,
            "POST payment_intents * cancel": self._cancel,
            "POST refunds": self._refund,
            "GET refunds": lambda given: self._list("refund", given, "payment_intent"),
            "GET payouts": lambda given: self._list("payout", given, "status"),
            "GET balance_transactions": lambda given: self._list(
                "balance_transaction", given, "payout"
            ),
        }

    def _open(self, given: Thing) -> Thing:
        price = given["line_items"]["0"]["price_data"]
        session = self._keep(
            "cs_test",
            "checkout.session",
            status="open",
            amount_total=int(price["unit_amount"]),
            currency=price["currency"],
            metadata=given["metadata"],
            payment_intent=None,
            intent_data=given["payment_intent_data"],
            customer_creation=given.get("customer_creation"),
            asked=given,
        )
        session["url"] = f"https://checkout.stripe.com/c/pay/{session['id']}"
        return session

    def _expire(self, given: Thing, session_id: str) -> Thing:
        if self._get(session_id)["status"] != "open":
            raise Refused(400, type="invalid_request_error", message="It is not open.")
        self.expire(session_id)
        return self.things[session_id]

    def _take_again(self, given: Thing) -> Thing:
        intent = self._intent(int(given["amount"]), given["currency"], given)
        if self.refuses_again:
            error = {"code": "card_declined", "decline_code": self.refuses_again}
            intent |= {"status": "requires_payment_method", "last_payment_error": error}
            raise Refused(402, type="card_error", payment_intent=intent, **error)
        self._charge(intent, manual=False)
        return intent

    def _capture(self, given: Thing, intent_id: str) -> Thing:
        intent = self._require(intent_id, "requires_capture")
        self._take(intent, int(given["amount_to_capture"]))
        return intent

    def _cancel(self, given: Thing, intent_id: str) -> Thing:
        intent = self._require(intent_id, "requires_capture")
        intent["status"] = "canceled"
        return intent

    def _refund(self, given: Thing) -> Thing:
        intent, amount = self._get(given["payment_intent"]), int(given["amount"])
        before = sum(
            each["amount"] for each in self._all("refund") if each["payment_intent"] == intent["id"]
        )
        if intent["status"] != "succeeded" or before + amount > intent["amount_received"]:
            raise Refused(400, type="invalid_request_error", message="Too much.")
        refund = self._keep(
            "re",
            "refund",
            status="succeeded",
            amount=amount,
            currency=intent["currency"],
            payment_intent=intent["id"],
            metadata=given["metadata"],
        )
        self._move("refund", -amount, 0, refund)
        return refund

    def _list(self, kind: str, given: Thing, by: str) -> Thing:
        found = [each for each in self._all(kind) if by not in given or each[by] == given[by]]
        data = [self._shown(each, given) for each in found]
        return {"object": "list", "url": "/v1/any", "has_more": False, "data": data}

    def _show(self, given: Thing, thing_id: str) -> Thing:
        return self._shown(self._get(thing_id), given)

    def _shown(self, thing: Thing, given: Thing) -> Thing:
        shown = dict(thing)
        for path in given.get("expand", {}).values():
            self._expand(shown, path.removeprefix("data.").split("."))
        return shown

    def _expand(self, shown: Thing, path: list[str]) -> None:
        found = shown.get(path[0])
        if isinstance(found, str):
            shown[path[0]] = found = dict(self.things[found])
        if found and path[1:]:
            self._expand(found, path[1:])

    # what it keeps

    def _intent(self, amount: int, currency: str, given: Thing) -> Thing:
        return self._keep(
            "pi",
            "payment_intent",
            status="requires_confirmation",
            amount=amount,
            amount_received=0,
            currency=currency,
            metadata=given.get("metadata", {}),
            customer=given.get("customer"),
            payment_method=given.get("payment_method"),
            last_payment_error=None,
        )

    def _charge(self, intent: Thing, *, manual: bool) -> None:
        charge = self._keep(
            "ch",
            "charge",
            currency=intent["currency"],
            payment_intent=intent["id"],
            metadata=intent["metadata"],
            payment_method_details={"card": CARD},
            billing_details={"name": "A Resident", "address": {"postal_code": "NT1 1AA"}},
            balance_transaction=None,
        )
        intent |= {"latest_charge": charge["id"], "status": "requires_capture"}
        intent["amount_capturable"] = intent["amount"]
        if not manual:
            self._take(intent, intent["amount"])

    def _take(self, intent: Thing, amount: int) -> None:
        charge = self.things[intent["latest_charge"]]
        moved = self._move("charge", amount, FEE_MINOR, charge)
        charge["balance_transaction"] = moved["id"]
        intent |= {"status": "succeeded", "amount_received": amount, "amount_capturable": 0}

    def _move(self, category: str, amount: int, fee: int, source: Thing) -> Thing:
        about = {"amount": amount, "fee": fee, "currency": source["currency"], "payout": None}
        return self._keep(
            "txn",
            "balance_transaction",
            reporting_category=category,
            source=source["id"],
            **about,
        )

    def _keep(self, prefix: str, kind: str, **more: Any) -> Thing:
        thing = {"id": _new(prefix), "object": kind, **more}
        self.things[thing["id"]] = thing
        return thing

    def _get(self, thing_id: str) -> Thing:
        if thing_id not in self.things:
            raise Refused(404, type="invalid_request_error", code="resource_missing")
        return self.things[thing_id]

    def _require(self, intent_id: str, status: str) -> Thing:
        intent = self._get(intent_id)
        if intent["status"] != status:
            raise Refused(400, type="invalid_request_error", code="payment_intent_unexpected_state")
        return intent

    def _all(self, kind: str) -> list[Thing]:
        return [each for each in self.things.values() if each["object"] == kind]


def sign(body: bytes, at: int) -> str:
    made = hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={made}"


def _new(prefix: str) -> str:
    return f"{prefix}_{uuid4().hex}"


def _read_form(text: str) -> Thing:
    """a[b][0]=c as {"a": {"b": {"0": "c"}}}"""
    form: Thing = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        *path, last = name.replace("]", "").split("[")
        place = form
        for step in path:
            place = place.setdefault(step, {})
        place[last] = value
    return form


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        status, said = self._answer(body)
        if self.server.peer.hangs_up:
            self.close_connection = True
            return
        content = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST  # noqa: N815  # http.server's own name

    def _answer(self, body: str) -> tuple[int, Thing]:
        """The same key gets the same answer, if it comes with the same parameters."""
        if self.headers["Authorization"] != f"Bearer {KEY}":
            return 401, {"error": {"type": "invalid_request_error", "message": "No such key"}}
        answered, key = self.server.peer.answered, self.headers.get("Idempotency-Key", "")
        if key in answered:
            before, status, said = answered[key]
            other = {"error": {"type": "idempotency_error", "message": "Other parameters"}}
            return (status, said) if before == body else (400, other)
        status, said = self._do(body)
        if key:
            answered[key] = (body, status, json.loads(json.dumps(said)))
        return status, said

    def _do(self, body: str) -> tuple[int, Thing]:
        url = urlsplit(self.path)
        try:
            return 200, self.server.peer.answer(
                self.command, url.path, _read_form(body or url.query)
            )
        except Refused as refused:
            return refused.status, {"error": refused.error}

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its own name
        return


class _Server(ThreadingHTTPServer):
    def __init__(self, peer: StripePeer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.peer = peer


@contextmanager
def standing_in() -> Iterator[StripePeer]:
    """The peer on a free port of this machine."""
    peer = StripePeer()
    server = _Server(peer)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    peer.host = f"127.0.0.1:{server.server_port}"
    try:
        yield peer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
