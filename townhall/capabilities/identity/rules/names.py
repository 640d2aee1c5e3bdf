"""Host names."""

import re

_HOST = re.compile(r"(?=.{1,253}\Z)(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")


def is_host(name: str) -> bool:
    """Whether it could be a host name, in lower case."""
    return _HOST.fullmatch(name) is not None
