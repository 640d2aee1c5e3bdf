"""Which email addresses are accepted, and which ones only pretend."""

import re
from functools import lru_cache

from django.utils.translation import gettext as _

from townhall.capabilities.notify.errors import NotAnAddress
from townhall.capabilities.notify.records import Status

# GOV.UK Notify's doubles: a message to these is checked, answered and then forgotten.
SMOKE = frozenset(
    f"simulate-delivered{number}@notifications.service.gov.uk" for number in ("", "-2", "-3")
)
# What a test key's message comes to; every other address is delivered.
SIMULATED = {
    "temp-fail@simulator.notify": Status.TEMPORARY_FAILURE,
    "perm-fail@simulator.notify": Status.PERMANENT_FAILURE,
}
LONGEST = 320
_SHAPE = re.compile(r"^(?!\.)[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~\-]+(?<!\.)@([^.@][^@\s]+)$")
_LABEL = re.compile(r"^(xn|[a-z0-9]+)(-?-[a-z0-9]+)*$", re.IGNORECASE)
_LAST_LABEL = re.compile(r"^([a-z]{2,63}|xn--([a-z0-9]+-)*[a-z0-9]+)$", re.IGNORECASE)
_UNSEEN = dict.fromkeys(map(ord, "\u180e\u200b\u200c\u200d\u2060\ufeff\u00a0"))


def clean_address(typed: str) -> str:
    """The address without spaces round it. Raises NotAnAddress.

    Stricter than RFC 5322 in what stands before the @, as GOV.UK Notify is: no quoted names.
    """
    address = typed.translate(_UNSEEN).strip()
    match = _SHAPE.match(address)
    if match is None or len(address) > LONGEST or ".." in address or not _is_host(match[1]):
        raise NotAnAddress(_("Not a valid email address"))
    return address


@lru_cache(maxsize=1024)
def _is_host(name: str) -> bool:
    try:
        labels = name.encode("idna").decode("ascii").split(".")
    except UnicodeError:
        return False
    if len(labels) < 2 or sum(len(label) + 1 for label in labels) > 254:
        return False
    every = all(len(label) <= 63 and _LABEL.match(label) for label in labels)
    return every and bool(_LAST_LABEL.match(labels[-1]))


def simulated_outcome(to: str) -> Status:
    """What becomes of a message sent with a test key."""
    return SIMULATED.get(to.lower(), Status.DELIVERED)
