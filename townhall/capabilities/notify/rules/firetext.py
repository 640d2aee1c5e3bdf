"""What FireText's words mean.

https://www.firetext.co.uk/docs (delivery receipts, received messages). What its codes of failures
mean is public in GOV.UK Notify's client of it (alphagov/notifications-api).
"""

from collections.abc import Mapping
from hashlib import sha256

from townhall.capabilities.notify.records import Receipt, Status

_DELIVERED, _DECLINED = "0", "1"  # "2" is on its way
# Another time it may arrive: nothing reported, switched off, busy, full, not now, no route.
_TEMPORARY = frozenset({"000", "102", "103", "104", "302", "900"})


def read_receipt(form: Mapping[str, str]) -> Receipt | None:
    """What became of a text; None while it is on its way."""
    status, code = form.get("status", ""), form.get("code", "")
    if status == _DELIVERED:
        return Receipt(status=Status.DELIVERED, cause="")
    if status != _DECLINED:
        return None
    found = Status.TEMPORARY_FAILURE if code in _TEMPORARY else Status.PERMANENT_FAILURE
    cause = f"firetext {code}" if code.isdecimal() else "firetext declined"
    return Receipt(status=found, cause=cause)


def reference_of(form: Mapping[str, str]) -> str:
    """A received text has no id, so one is made of all that it says: the same each time."""
    words = "\0".join(form.get(name, "") for name in ("source", "destination", "time", "message"))
    return f"firetext:{sha256(words.encode()).hexdigest()}"
