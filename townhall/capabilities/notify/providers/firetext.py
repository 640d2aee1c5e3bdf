"""FireText, a supplier of texts in the United Kingdom. https://www.firetext.co.uk/docs

It signs nothing. What it tells us comes to an address that only it and we know, made of our key.
"""

import hmac
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
from townhall.machinery.errors import Unavailable

TIMEOUT_SECONDS = 20
API = "https://www.firetext.co.uk/api"
TAKEN = 0
REFUSED = (2, 3, 5, 12)  # the number, the sender, the words; a text that goes round in circles
SECRET_LENGTH = 32


class FiretextTexter:
    """One account. `url` is firetext://key@Barset, with the name that texts come from."""

    def __init__(self, url: str, api: str = API, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        key, _at, sender = urlsplit(url).netloc.rpartition("@")
        if urlsplit(url).scheme != "firetext" or not (key and sender):
            raise ImproperlyConfigured("Texts need firetext://key@sender")
        self.key, self.sender = unquote(key), unquote(sender)
        self.name = f"firetext {self.sender}"
        self.api, self.client = api, client_of(timeout_seconds)
        digest = hmac.new(self.key.encode(), b"where FireText reaches us", "sha256")
        self.secret = digest.hexdigest()[:SECRET_LENGTH]

    @property
    def texts_path(self) -> str:
        return reverse("notify:firetext_text", args=[self.secret])

    def carry(self, text: Text, *, organisation_id: UUID) -> Status:
        form = {
            "from": text.sender or self.sender,
            "to": text.to,
            "message": text.body,
            "reference": str(text.message_id),
        }
        if settings.BASE_URL:  # else it does not know where we are, and a text stays "sending"
            path = reverse("notify:firetext_receipt", args=[self.secret])
            form["receipt"] = settings.BASE_URL + path
        code = self._ask("sendsms", form)
        if code == TAKEN:
            return Status.SENDING
        says = {"code": code}
        if code in REFUSED:
            message = _("FireText does not take this text (it answered %(code)s).")
            raise RecipientRefused(message % says, reply=f"firetext {code}")
        raise Unavailable(_("FireText does not take texts now (it answered %(code)s).") % says)

    def check(self) -> str:
        try:
            code = self._ask("credit", {})
        except Unavailable as away:
            return str(away)
        if code == TAKEN:
            return ""
        return _("FireText refuses the key (it answered %(code)s).") % {"code": code}

    def knows(self, secret: str) -> bool:
        """Whether this is the secret of the address that we gave it."""
        return hmac.compare_digest(self.secret.encode(), secret.encode())

    def _ask(self, what: str, form: dict[str, str]) -> int:
        """The code in its answer, which comes with status 200 whatever it is."""
        try:
            answer = self.client.post(f"{self.api}/{what}/json", data={"apiKey": self.key, **form})
        except httpx.TransportError as error:
            words = _("FireText does not answer (%(why)s).") % {"why": type(error).__name__}
            raise not_answered(error, words) from error
        try:
            return int(answer.json()["code"])
        except (ValueError, KeyError, TypeError):
            pass
        words = _("FireText answered what we do not understand (%(status)s).")
        says = words % {"status": answer.status_code}
        if answer.status_code == HTTPStatus.OK or is_unclear(answer.status_code):
            raise AnswerLost(says)
        raise Unavailable(says)
