"""What Twilio's words mean, and how it proves that they are its own.

https://www.twilio.com/docs/messaging/api/message-resource (status and error codes) and
https://www.twilio.com/docs/usage/security (signatures)
"""

import base64
import hmac
from collections.abc import Mapping

from townhall.capabilities.notify.records import Receipt, Status

# No text will ever arrive there: GOV.UK Notify's permanent-failure.
_PERMANENT = frozenset(
    {
        "21211",  # no such number
        "21610",  # they answered STOP
        "21614",  # not a mobile
        "30004",  # blocked
        "30005",  # unknown or no longer in use
        "30006",  # a landline, or a network out of reach
        "30007",  # the network refuses it
    }
)
# What is wrong between Twilio and us.
_TECHNICAL = frozenset(
    {
        "30001",  # too many were waiting
        "30002",  # our account was suspended
        "30010",  # dearer than we allowed
    }
)
_FAILED = ("undelivered", "failed")


def sign(url: str, form: Mapping[str, str], token: str) -> str:
    """Base64 HMAC-SHA1 of the address and each field with its value, in the order of names."""
    words = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), words.encode(), "sha1").digest()).decode()


def read_status(form: Mapping[str, str]) -> Receipt | None:
    """What became of a text; None while it is on its way.

    What is neither for ever nor our own fault may be otherwise another time: a telephone that is
    switched off (30003), and all that Twilio cannot explain (30008).
    """
    status = form.get("MessageStatus", "")
    if status == "delivered":
        return Receipt(status=Status.DELIVERED, cause="")
    if status not in _FAILED:
        return None
    code = form.get("ErrorCode", "")
    if code in _PERMANENT:
        found = Status.PERMANENT_FAILURE
    elif code in _TECHNICAL:
        found = Status.TECHNICAL_FAILURE
    else:
        found = Status.TEMPORARY_FAILURE
    return Receipt(status=found, cause=f"twilio {code}" if code.isdecimal() else f"twilio {status}")
