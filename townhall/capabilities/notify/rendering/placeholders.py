"""((placeholders)) and ((flag??conditional text)): which there are, and what they become."""

import re
from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from townhall.capabilities.notify.errors import MissingPersonalisation
from townhall.capabilities.notify.records import Personalisation

PLACEHOLDER = re.compile(r"\(\(([^()]+)\)\)")
TRUE_WORDS = frozenset({"yes", "y", "true", "t", "1", "include", "show"})
_IGNORED = str.maketrans("", "", " -_")
_UNSEEN = dict.fromkeys(map(ord, "\u180e\u200b\u200c\u200d\u2060\ufeff\u00a0"))
_SPACE_BEFORE_STOP = re.compile(r"[ \t]+([,.])")
_SPACED_HYPHEN = re.compile(r"\s+[-–—]{1,3}\s+")
_SINGLE_AFTER_START = re.compile(r"(^|[\s(\[{\"“-])'")
_DOUBLE_AFTER_START = re.compile(r"(^|[\s(\[{'‘-])\"")


def key_of(name: str) -> str:
    """What two spellings of one name share: case, spaces, hyphens and underscores do not count."""
    return name.translate(_IGNORED).lower()


def names_in(*texts: str) -> tuple[str, ...]:
    """The names of all placeholders, as first written, in their order."""
    found: dict[str, str] = {}
    for text in texts:
        for inside in PLACEHOLDER.findall(text):
            name = inside.partition("??")[0]
            found.setdefault(key_of(name), name)
    return tuple(found.values())


def require_values(values: Personalisation, *texts: str) -> None:
    """Raise MissingPersonalisation if a placeholder has no value."""
    known = _by_key(values)
    missing = [name for name in names_in(*texts) if known.get(key_of(name)) is None]
    if missing:
        raise MissingPersonalisation(
            _("Missing personalisation: %(names)s") % {"names": ", ".join(missing)}
        )


def fill_subject(text: str, values: Personalisation) -> str:
    """A subject line: never more than one line, with the quotes and dashes of print."""
    filled = _fill(text, values, _as_sentence)
    return _typeset(" ".join(filled.translate(_UNSEEN | {0xA0: " "}).split()))


def fill_body(text: str, values: Personalisation) -> str:
    """A body, still in Markdown; its line ends are kept as they are."""
    return _fill(text, values, _as_bullets).strip()


def _fill(text: str, values: Personalisation, write_list: Callable[[Iterable[object]], str]) -> str:
    known = _by_key(values)

    def replace(match: re.Match[str]) -> str:
        name, is_conditional, conditional_text = match[1].partition("??")
        value = known.get(key_of(name))
        if value is None:
            return match[0]
        written = write_list(value) if isinstance(value, list | tuple) else str(value)
        if is_conditional:
            return conditional_text if written.lower() in TRUE_WORDS else ""
        return written

    return PLACEHOLDER.sub(replace, text)


def _by_key(values: Personalisation) -> dict[str, object]:
    return {key_of(name): value for name, value in values.items()}


def _as_bullets(items: Iterable[object]) -> str:
    written = _written(items)
    return "\n\n" + "\n".join(f"* {item}" for item in written) if written else ""


def _as_sentence(items: Iterable[object]) -> str:
    *first, last = _written(items) or [""]
    if not first:
        return last
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last}


def _written(items: Iterable[object]) -> list[str]:
    written = [str(item).translate(_UNSEEN).strip() for item in items if item is not None]
    return [item for item in written if item]


def _typeset(line: str) -> str:
    line = _SPACE_BEFORE_STOP.sub(r"\1", line)
    line = _SPACED_HYPHEN.sub(" – ", line)
    line = _SINGLE_AFTER_START.sub(r"\1‘", line).replace("'", "’")
    return _DOUBLE_AFTER_START.sub(r"\1“", line).replace('"', "”")
