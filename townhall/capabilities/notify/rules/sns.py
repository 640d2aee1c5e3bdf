"""How Amazon SNS proves that a message is its own.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
"""

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509 import load_pem_x509_certificate
from django.utils.translation import gettext as _

from townhall.capabilities.notify.errors import ForgedReceipt
from townhall.machinery.errors import Invalid

LARGEST = 300_000  # bytes; SNS takes 256 KB
SUBSCRIPTION, NOTIFICATION = "SubscriptionConfirmation", "Notification"

_SIGNED = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    SUBSCRIPTION: (
        "Message",
        "MessageId",
        "SubscribeURL",
        "Timestamp",
        "Token",
        "TopicArn",
        "Type",
    ),
}
_SIGNED["UnsubscribeConfirmation"] = _SIGNED[SUBSCRIPTION]
_HASHES = {"1": SHA1, "2": SHA256}  # by SignatureVersion


def read_message(body: bytes) -> dict[str, str]:
    """The fields of what SNS posts. Raises Invalid for anything else."""
    try:
        found = json.loads(body[: LARGEST + 1])
    except (ValueError, RecursionError) as error:
        raise Invalid(_("That is not a message of Amazon SNS.")) from error
    fields = found.items() if isinstance(found, dict) else ()
    message = {name: value for name, value in fields if isinstance(value, str)}
    if message.get("Type") not in _SIGNED:
        raise Invalid(_("That is not a message of Amazon SNS."))
    return message


def require_signed(message: Mapping[str, str], certificate: bytes, *, now: datetime) -> None:
    """Raises ForgedReceipt unless the certificate's owner signed the message."""
    try:
        found = load_pem_x509_certificate(certificate)
        is_valid = found.not_valid_before_utc <= now <= found.not_valid_after_utc
        key = cast(RSAPublicKey, found.public_key())
        signature = base64.b64decode(message.get("Signature", ""), validate=True)
        digest = _HASHES[message.get("SignatureVersion", "")]()
        key.verify(signature, words_to_sign(message), PKCS1v15(), digest)
    except (InvalidSignature, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ForgedReceipt(_("The signature is not Amazon's.")) from error
    if not is_valid:
        raise ForgedReceipt(_("The certificate of the signature has expired."))


def words_to_sign(message: Mapping[str, str]) -> bytes:
    """The signed fields that it has, by name: the name and the value on a line each."""
    names = [name for name in _SIGNED[message["Type"]] if name in message]
    return "".join(f"{name}\n{message[name]}\n" for name in names).encode()
