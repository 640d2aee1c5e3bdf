"""What is wrong with this installation, in words: `townhall check` asks every part."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at. `advice` says what to do; empty when all is well."""

    subject: str
    advice: str = ""
    is_fault: bool = False  # a fault makes `townhall check` fail; other advice does not


Inspection = Callable[[], Iterable[Finding]]
_inspections: list[Inspection] = []


def inspects(function: Inspection) -> Inspection:
    """Have `townhall check` call this too."""
    if function not in _inspections:
        _inspections.append(function)
    return function


def inspect_all() -> Iterator[Finding]:
    for inspection in _inspections:
        yield from inspection()
