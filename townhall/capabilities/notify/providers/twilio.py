"""Twilio's Programmable Messaging. https://www.twilio.com/docs/messaging/api/message-resource"""

import hmac
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import unquote, urlsplit
from uuid import UUID

import httpx
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils.translation import gettext as _

from townhall.capabilities.notify.errors import AnswerLost, RecipientRefused
from townhall.capabilities.notify.providers.over_http import (
    client_of,
    is_unclear,
    not_answered,
)
from townhall.capabilities.notify.records import Status, Text
from townhall.capabilities.notify.rules.twilio import sign
from townhall.machinery.errors import Unavailable

TIMEOUT_SECONDS = 20
SHORTEST_NUMBER = 9  # digits, with the country's prefix; what has fewer is a short code
API = "https://api.twilio.com"


class TwilioTexter:
    """One account. `url` is twilio://account:token@number, the number that texts come from.

    A text with a sender's name of its own goes out under that name, where the country allows it.
    Twilio tells us what became of each if TOWNHALL_URL says where it reaches us.
    """

    def __init__(self, url: str, api: str = API, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        parts = urlsplit(url)
        if parts.scheme != "twilio" or not (parts.username and parts.password and parts.hostname):
            raise ImproperlyConfigured("Texts need twilio://account:token@+441632960000")
        self.account, self.token = unquote(parts.username), unquote(parts.password)
        self.number = unquote(parts.hostname)
        self.name = f"twilio {self.number}"
        self.client = client_of(timeout_seconds)
        self.base = f"{api}/2010-04-01/Accounts/{self.account}"

    def carry(self, text: Text, *, organisation_id: UUID) -> Status:
        form = {"To": f"+{text.to}", "From": self._written(text.sender), "Body": text.body}
        if settings.BASE_URL:  # else it does not know where we are, and a text stays "sending"
            path = reverse("notify:twilio_status", args=[text.message_id])
            form["StatusCallback"] = settings.BASE_URL + path
        answer = self._ask("POST", f"{self.base}/Messages.json", form)
        if answer.status_code in (HTTPStatus.OK, HTTPStatus.CREATED):
            return Status.SENDING
        code = _code_of(answer)
        if answer.status_code in (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND):
            message = _("Twilio does not take this text (it answered %(code)s).")
            raise RecipientRefused(message % {"code": code}, reply=f"twilio {code}")
        words = _("Twilio does not take texts now (it answered %(code)s).") % {"code": code}
        raise AnswerLost(words) if is_unclear(answer.status_code) else Unavailable(words)

    def _written(self, sender: str) -> str:
        """A number with its plus, as Twilio knows it; short codes and names as they are."""
        is_long = sender.isdigit() and len(sender) >= SHORTEST_NUMBER
        return f"+{sender}" if is_long else sender or self.number

    @property
    def texts_path(self) -> str:
        return reverse("notify:twilio_text")

    def check(self) -> str:
        try:
            answer = self._ask("GET", f"{self.base}.json", None)
        except Unavailable as away:
            return str(away)
        if answer.status_code == HTTPStatus.OK:
            return ""
        return _("Twilio refuses the account and token (it answered %(code)s).") % {
            "code": _code_of(answer)
        }

    def has_signed(self, url: str, form: Mapping[str, str], signature: str) -> bool:
        """Whether Twilio itself sent this form to this address, for this account."""
        expected = sign(url, form, self.token)
        return hmac.compare_digest(expected.encode(), signature.encode())

    def _ask(self, method: str, url: str, form: dict[str, str] | None) -> httpx.Response:
        try:
            return self.client.request(method, url, data=form, auth=(self.account, self.token))
        except httpx.TransportError as error:
            words = _("Twilio does not answer (%(why)s).") % {"why": type(error).__name__}
            raise not_answered(error, words) from error


def _code_of(answer: httpx.Response) -> str:
    """Twilio's own code of an error, else the status; never its words, which hold the number."""
    try:
        return str(int(answer.json()["code"]))
    except (ValueError, KeyError, TypeError):
        return str(answer.status_code)
