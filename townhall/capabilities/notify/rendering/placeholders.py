"""((placeholders)) and ((flag??conditional text)): which there are, and what they become.

Conditional text may have placeholders of its own, ((late??It is ((days)) days late.)); in
GOV.UK Notify it may not.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from django.utils.translation import gettext as _

from townhall.capabilities.notify.errors import MissingPersonalisation
from townhall.capabilities.notify.records import Personalisation

DEEPEST = 4  # placeholders within placeholders
MOST_REMEMBERED = 2_000
LONGEST_REMEMBERED = 5_000  # characters


def _pattern(depth: int) -> str:
    """What stands in a placeholder. It gives nothing back, so that no text is slow to search."""
    inner = rf"\(\({_pattern(depth - 1)}\)\)" if depth > 1 else "(?!)"
    return rf"(?:(?>[^()]*?\?\?)(?:[^()]++|{inner})*+|[^()]++)"


PLACEHOLDER = re.compile(rf"\(\(({_pattern(DEEPEST)})\)\)")
TRUE_WORDS = frozenset({"yes", "y", "true", "t", "1", "include", "show"})
_IGNORED = str.maketrans("", "", " -_")
_UNSEEN = dict.fromkeys(map(ord, "\u180e\u200b\u200c\u200d\u2060\ufeff\u00a0"))
_SPACE_BEFORE_STOP = re.compile(r"[ \t]+([,.])")
_SPACED_HYPHEN = re.compile(r"\s+[-–—]{1,3}\s+")
_SINGLE_AFTER_START = re.compile(r"(^|[\s(\[{\"“-])'")
_DOUBLE_AFTER_START = re.compile(r"(^|[\s(\[{'‘-])\"")


@lru_cache(MOST_REMEMBERED)
def key_of(name: str) -> str:
    """What two spellings of one name share: case, spaces, hyphens and underscores do not count."""
    return name.translate(_IGNORED).lower()


def names_in(*texts: str) -> tuple[str, ...]:
    """The names of all placeholders, as first written, in their order."""
    return _once_each(_names(texts, is_shown=lambda _flag: True))


def require_values(values: Personalisation, *texts: str) -> None:
    """Raise MissingPersonalisation if a placeholder has no value.

    Those within conditional text need one only when the text is shown.
    """
    if missing := missing_from(values, *texts):
        raise MissingPersonalisation(
            _("Missing personalisation: %(names)s") % {"names": ", ".join(missing)}
        )


def missing_from(values: Personalisation, *texts: str) -> list[str]:
    """The names of the placeholders that need a value and have none."""
    known = _by_key(values)

    def is_shown(flag: str) -> bool:
        return _is_true(_as_text(known.get(key_of(flag)), _as_sentence))

    wanted = _once_each(_names(texts, is_shown=is_shown))
    return [name for name in wanted if known.get(key_of(name)) is None]


def fill_subject(text: str, values: Personalisation) -> str:
    """A subject line: never more than one line, with the quotes and dashes of print."""
    filled = _fill(text, values, _as_sentence)
    return _typeset(" ".join(filled.translate(_UNSEEN | {0xA0: " "}).split()))


def fill_body(text: str, values: Personalisation) -> str:
    """A body, still in Markdown; its line ends are kept as they are."""
    return _fill(text, values, _as_bullets).strip()


def fill_plain(text: str, values: Personalisation) -> str:
    """Text that knows no Markdown: a list becomes part of its sentence."""
    return _fill(text, values, _as_sentence)


def _once_each(names: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(key_of(name), name)
    return tuple(found.values())


def _names(texts: Iterable[str], *, is_shown: Callable[[str], bool]) -> Iterator[str]:
    """Every name, and those in the conditional text of each flag that `is_shown` says is."""
    for text in texts:
        for inside in _parts(text)[1::2]:
            name, _marks, conditional_text = inside.partition("??")
            yield name
            if conditional_text and is_shown(name):
                yield from _names([conditional_text], is_shown=is_shown)


def _fill(text: str, values: Personalisation, write_list: Callable[[Iterable[object]], str]) -> str:
    known = _by_key(values)

    def write(inside: str) -> str:
        name, is_conditional, conditional_text = inside.partition("??")
        value = known.get(key_of(name))
        if value is None:
            return f"(({inside}))"
        written = _as_text(value, write_list)
        if not is_conditional:
            return written
        return fill(conditional_text) if _is_true(written) else ""

    def fill(text: str) -> str:
        return "".join(
            write(part) if place % 2 else part for place, part in enumerate(_parts(text))
        )

    return fill(text)


def _parts(text: str) -> Sequence[str]:
    """What stands before, in, between and after the placeholders, in turn."""
    return _split(text) if len(text) <= LONGEST_REMEMBERED else PLACEHOLDER.split(text)


@lru_cache(MOST_REMEMBERED)
def _split(text: str) -> Sequence[str]:
    """Templates are filled in again and again."""
    return PLACEHOLDER.split(text)


def _as_text(value: object, write_list: Callable[[Iterable[object]], str]) -> str:
    return write_list(value) if isinstance(value, list | tuple) else str(value)


def _is_true(written: str) -> bool:
    return written.lower() in TRUE_WORDS


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
