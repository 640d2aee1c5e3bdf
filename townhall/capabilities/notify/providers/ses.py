"""Amazon SES, by the second version of its API; or any service of its shape.

https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
"""

from email.message import EmailMessage
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ReadTimeoutError,
)
from botocore.session import get_session
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from townhall.capabilities.notify.errors import AnswerLost, RecipientRefused
from townhall.capabilities.notify.providers.sns import SnsTopic
from townhall.capabilities.notify.rendering.email import in_ascii, message_id_of
from townhall.capabilities.notify.rules.ses import TAG
from townhall.machinery.errors import Unavailable

CONNECT_SECONDS, ANSWER_SECONDS = 5, 20
NEEDED = "Emails need ses://KEY:SECRET@eu-west-2?topic=arn:aws:sns:..."
MAY_SAY = {"endpoint", "configuration", "topic"}
# SES will not take this email, however often; what else goes wrong may be put right.
_FINAL = ("MessageRejected", "BadRequestException", "InvalidParameterValue")
_MAY_HAVE_TAKEN_IT = (500, 502, 504)
_NOT_THERE = ("404", "501")  # a service of SES's shape need not have all of it
_VERIFIED = "SUCCESS"


class SesCarrier:
    """One account in one region. `url` is ses://key:secret@region, and may say after a "?":

    `endpoint`, where a service of SES's shape answers; `configuration`, the configuration set that
    publishes what became of emails; and `topic`, the ARN of the SNS topic that it publishes to.
    Without a key it is looked for where Amazon's programs do: the machine's role, say.
    """

    def __init__(self, url: str, sender: str, bounces: str = "", sns: str = "") -> None:
        parts = urlsplit(url)
        said = parse_qs(parts.query)
        if parts.scheme != "ses" or not parts.hostname or not set(said) <= MAY_SAY:
            raise ImproperlyConfigured(NEEDED)
        self.sender = sender
        self.region = parts.hostname
        self.name = f"ses://{self.region}"
        self.key, self.secret = unquote(parts.username or ""), unquote(parts.password or "")
        self.endpoint = said.get("endpoint", [""])[0]
        self.configuration = said.get("configuration", [""])[0]
        topic = said.get("topic", [""])[0]
        self.topic = SnsTopic(topic, api=sns) if topic else None

    def carry(self, letter: EmailMessage, *, to: str, organisation_id: UUID) -> None:
        asked: dict[str, Any] = {
            "FromEmailAddress": self.sender,
            "Destination": {"ToAddresses": [in_ascii(to)]},
            "Content": {"Raw": {"Data": letter.as_bytes()}},
            "EmailTags": [{"Name": TAG, "Value": str(message_id_of(letter))}],
        }
        if self.configuration:
            asked["ConfigurationSetName"] = self.configuration
        try:
            self._client.send_email(**asked)
        except ClientError as error:
            raise self._refusal(error) from error
        except (ReadTimeoutError, ConnectionClosedError) as error:  # it may have taken it
            raise AnswerLost(str(_away(error))) from error
        except BotoCoreError as error:
            raise _away(error) from error

    def check(self) -> str:
        try:
            account = self._ask("get_account")
            is_ours = any(self._is_verified(name) for name in _names_of(self.sender))
        except ClientError as error:
            return str(_no(error))
        except BotoCoreError as error:
            return str(_away(error))
        if not account.get("SendingEnabled", True):
            return _("SES has stopped this account from sending. Its console says why.")
        if not account.get("ProductionAccessEnabled", True):
            return _(
                "The SES account is in Amazon's own sandbox: it reaches verified addresses only. "
                "Ask Amazon for production access."
            )
        if not is_ours:
            return _("SES does not know that %(sender)s is yours. Verify it or its domain.") % {
                "sender": self.sender
            }
        return ""

    def _is_verified(self, name: str) -> bool:
        found = self._ask("get_email_identity", EmailIdentity=name)
        return bool(found.get("VerificationStatus") == _VERIFIED)

    def _ask(self, operation: str, **asked: str) -> dict[str, Any]:
        """The answer; an empty one if there is no such thing."""
        try:
            found: dict[str, Any] = getattr(self._client, operation)(**asked)
        except ClientError as error:
            if _code_of(error) not in (*_NOT_THERE, "NotFoundException"):
                raise
            return {}
        return found

    def _refusal(self, error: ClientError) -> RecipientRefused | Unavailable:
        code = _code_of(error)
        is_about_us = self.sender in str(error)  # "... not verified: noreply@example.com"
        if error.response["ResponseMetadata"].get("HTTPStatusCode") in _MAY_HAVE_TAKEN_IT:
            return AnswerLost(str(_no(error)))
        if code not in _FINAL or is_about_us:
            return _no(error)
        message = _("SES does not take this email (it answered %(code)s).")
        return RecipientRefused(message % {"code": code}, reply=f"ses {code}")

    @cached_property
    def _client(self) -> Any:  # Any: botocore makes the class as it runs
        try:
            return get_session().create_client(
                "sesv2",
                region_name=self.region,
                aws_access_key_id=self.key or None,
                aws_secret_access_key=self.secret or None,
                endpoint_url=self.endpoint or None,
                config=Config(
                    connect_timeout=CONNECT_SECONDS,
                    read_timeout=ANSWER_SECONDS,
                    retries={"total_max_attempts": 1},  # the task tries again
                ),
            )
        except ValueError as error:  # an endpoint that is none
            raise ImproperlyConfigured(NEEDED) from error


def _names_of(sender: str) -> list[str]:
    """What may be verified for an address: itself, its domain, or one above that."""
    labels = sender.rpartition("@")[2].split(".")
    return [sender, *(".".join(labels[at:]) for at in range(len(labels) - 1))]


def _code_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))[:60]


def _no(error: ClientError) -> Unavailable:
    code = {"code": _code_of(error)}
    return Unavailable(_("SES does not take emails now (it answered %(code)s).") % code)


def _away(error: BotoCoreError) -> Unavailable:
    why = {"why": type(error).__name__}
    return Unavailable(_("SES does not answer (%(why)s).") % why)
