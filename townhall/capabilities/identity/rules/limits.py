"""How often and how much someone may send to prove who they are, and where they go on to."""

from django.utils.http import url_has_allowed_host_and_scheme

MOST_A_DAY = 5  # times that one person may send evidence
MOST_A_DOCUMENT = 3  # times that one person may send the same document
SEVERAL = 3  # people who try one document in a day, before staff hear of it
MOST_BYTES = 8 * 1024 * 1024  # of a picture


def is_local(address: str) -> bool:
    """Whether it is a path of this site, and stays on it; Django knows none of above 2048."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
