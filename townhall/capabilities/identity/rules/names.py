"""Names of hosts, and of people as a stranger reads them."""

import re

_HOST = re.compile(r"(?=.{1,253}\Z)(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")

_LINK = re.compile(r"\S*(?:[:/@\\]|www\.|\w\.\w)\S*", re.IGNORECASE)
LONGEST_SIGNED = 60


def is_host(name: str) -> bool:
    """Whether it could be a host name, in lower case."""
    return _HOST.fullmatch(name) is not None


def as_signed(name: str) -> str:
    """A name that somebody gave themselves, fit for an email to whom they choose.

    Without what looks like a link or an address, or means something in an email's Markdown.
    """
    words = re.sub(r"[\[\]()<>#*_`^|~]", " ", _LINK.sub(" ", name)).split()
    return " ".join(words)[:LONGEST_SIGNED].strip()
