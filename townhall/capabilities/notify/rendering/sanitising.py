"""Making a value harmless that a stranger typed: no links in it, and nothing that formats.

https://docs.notifications.service.gov.uk/rest-api.html (sanitise_content_for)
"""

import re
from collections.abc import Iterable

from townhall.capabilities.notify.records import Personalisation
from townhall.capabilities.notify.rendering.placeholders import key_of

_URL = re.compile(r"\b[a-z][a-z0-9+-]{1,20}://\S+|\bwww\.\S+", re.IGNORECASE)
_BARE_DOMAIN = re.compile(r"(?<=[a-z0-9])\.(?=[a-z])", re.IGNORECASE)
_MARKS = re.compile(r"([\\`*_#^\[\]()~|>•]|^ *-|(?<=\d)\.(?= ))", re.MULTILINE)


def sanitise(
    values: Personalisation, names: Iterable[str]
) -> tuple[dict[str, object], dict[str, str]]:
    """The values with those of `names` made harmless, and apart those of them that changed."""
    wanted = {key_of(name) for name in names}
    safe: dict[str, object] = dict(values)
    changed: dict[str, str] = {}
    for name, value in values.items():
        if key_of(name) in wanted and value is not None:
            items = value if isinstance(value, list) else [value]
            written = [_harmless(str(item)) for item in items]
            safe[name] = written if isinstance(value, list) else written[0]
            if written != [str(item) for item in items]:
                changed[name] = ", ".join(written)
    return safe, changed


def _harmless(value: str) -> str:
    without_links = _BARE_DOMAIN.sub(". ", _URL.sub("", value))
    return _MARKS.sub(r"\\\1", without_links).strip()
