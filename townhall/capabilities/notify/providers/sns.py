"""A topic of Amazon SNS that posts to us, and its proof that it does."""

import re
from http import HTTPStatus

import httpx
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.notify.errors import ForgedReceipt
from townhall.capabilities.notify.rules.sns import (
    NOTIFICATION,
    SUBSCRIPTION,
    read_message,
    require_signed,
)
from townhall.machinery.errors import Unavailable

TIMEOUT_SECONDS = 10
LARGEST_ANSWER = 20_000  # bytes
MOST_CERTIFICATES = 5  # Amazon changes them about once a year
_CERTIFICATE = r"/SimpleNotificationService-[0-9A-Za-z]{1,100}\.pem"


class SnsTopic:
    """One topic, by its ARN. `api` is where Amazon SNS answers in the topic's region."""

    def __init__(self, arn: str, api: str = "") -> None:
        parts = arn.split(":")
        if len(parts) != 6 or parts[2] != "sns" or not all(parts):
            raise ImproperlyConfigured("The topic must be arn:aws:sns:eu-west-2:123456789012:name")
        self.arn = arn
        self.api = api or f"https://sns.{parts[3]}.amazonaws.com"
        self._certificates: dict[str, bytes] = {}

    def open(self, body: bytes) -> str:
        """What was published, once it is proved that Amazon SNS posted it; "" if nothing was.

        A subscription that asks to be confirmed is confirmed. Raises Invalid, ForgedReceipt or
        Unavailable.
        """
        message = read_message(body)
        if message.get("TopicArn") != self.arn:
            raise ForgedReceipt(_("That is not the topic of Amazon SNS that tells of emails here."))
        certificate = self._certificate(message.get("SigningCertURL", ""))
        require_signed(message, certificate, now=timezone.now())
        if message["Type"] == SUBSCRIPTION:
            self._confirm(message.get("Token", ""))
        return message["Message"] if message["Type"] == NOTIFICATION else ""

    def _certificate(self, url: str) -> bytes:
        """Only from where Amazon SNS itself answers: whatever else a bucket of Amazon's holds."""
        if not re.fullmatch(re.escape(self.api) + _CERTIFICATE, url):
            raise ForgedReceipt(_("The certificate of the signature is not Amazon's."))
        if url not in self._certificates:
            found = self._get(url, {})
            if len(self._certificates) >= MOST_CERTIFICATES:
                self._certificates.clear()
            self._certificates[url] = found
        return self._certificates[url]

    def _confirm(self, token: str) -> None:
        """At the address that we know: what came says only which subscription it is."""
        asked = {"Action": "ConfirmSubscription", "TopicArn": self.arn, "Token": token}
        self._get(self.api, asked)

    def _get(self, url: str, asked: dict[str, str]) -> bytes:
        try:
            with httpx.stream("GET", url, params=asked, timeout=TIMEOUT_SECONDS) as answer:
                if answer.status_code != HTTPStatus.OK:
                    raise self._away(str(answer.status_code))
                found = b""
                for chunk in answer.iter_bytes():
                    found += chunk
                    if len(found) > LARGEST_ANSWER:
                        raise self._away(_("it answered too much"))
                return found
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._away(type(error).__name__) from error

    def _away(self, why: str) -> Unavailable:
        return Unavailable(_("Amazon SNS does not answer (%(why)s).") % {"why": why})
