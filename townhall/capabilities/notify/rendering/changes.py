"""What changed from one version of a template to another, word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from townhall.capabilities.notify.records import Template

MOST_BY_WORD = 20_000  # characters; in what is longer whole lines are compared, which is faster
MOST_PIECES = 1_000  # that are compared each with each; of more, the commonest are left out
_WORDS = re.compile(r"\s+|[()?]+|[^\s()?]+")


class Kind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    kind: Kind
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One part of a template that is not what it was."""

    part: str  # "title", "subject", "body", "postage" or "contact_block"
    language: str  # "" for what is said in none
    stretches: tuple[Stretch, ...]


def changes(old: Template, new: Template) -> list[Change]:
    """Each part that differs, in the order that people read them."""
    parts = (
        ("title", "", old.title, new.title),
        ("subject", "en", old.subject.en, new.subject.en),
        ("body", "en", old.body.en, new.body.en),
        ("subject", "cy", old.subject.cy, new.subject.cy),
        ("body", "cy", old.body.cy, new.body.cy),
        ("postage", "", old.postage, new.postage),
        ("contact_block", "", old.contact_block, new.contact_block),
    )
    return [
        Change(part=part, language=language, stretches=tuple(compare(before, after)))
        for part, language, before, after in parts
        if before != after
    ]


def compare(before: str, after: str) -> Iterator[Stretch]:
    """What stayed, went and came, in order; a change is what went and then what came for it."""
    old, new = _pieces(before, after)
    is_long = max(len(old), len(new)) > MOST_PIECES
    matcher = SequenceMatcher(None, old, new, autojunk=is_long)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        went, came = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        if tag == "equal":
            yield Stretch(kind=Kind.SAME, words=went)
            continue
        if went:
            yield Stretch(kind=Kind.REMOVED, words=went)
        if came:
            yield Stretch(kind=Kind.ADDED, words=came)


def _pieces(before: str, after: str) -> tuple[Sequence[str], Sequence[str]]:
    if max(len(before), len(after)) > MOST_BY_WORD:
        return before.splitlines(keepends=True), after.splitlines(keepends=True)
    return _WORDS.findall(before), _WORDS.findall(after)
