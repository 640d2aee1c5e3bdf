"""What travels up as events, and what is refused."""

from collections.abc import Iterator
from dataclasses import fields
from typing import TypeVar, get_type_hints

from townhall.machinery.errors import Refused
from townhall.machinery.events import Event, known_handlers
from townhall.machinery.management.reference.markdown import (
    code,
    file_of,
    first_line,
    kind,
    page,
    table,
)

T = TypeVar("T")


def events() -> str:
    shared = {each.name for each in fields(Event)}
    heard: dict[str, list[str]] = {}
    for name, handler in known_handlers():
        heard.setdefault(name, []).append(handler)
    return page(
        "Events",
        "Facts that capabilities and machinery emit. Each also carries `organisation_id`, "
        "`event_id` and `happened_at`. They only grow: a field never changes its meaning.",
        *[
            block
            for each in sorted(kinds_of(Event), key=lambda event: event.name)
            for block in _event(each, shared, heard.get(each.name, []))
        ],
    )


def _event(event: type[Event], shared: set[str], handlers: list[str]) -> Iterator[str]:
    yield f"## {code(event.name)}"
    yield f"{first_line(event)} ({code(event.__name__)} in {code(file_of(event))})"
    hints = get_type_hints(event)
    own = [each.name for each in fields(event) if each.name not in shared]
    yield table(["fact", "kind"], [(code(name), code(kind(hints[name]))) for name in own])
    yield (
        "\n".join(["Heard by:", "", *[f"- {code(each)}" for each in handlers]])
        if handlers
        else ("Nobody hears it yet.")
    )


def errors() -> str:
    refusals: list[type[Refused]] = [Refused, *kinds_of(Refused)]
    return page(
        "Errors",
        "Every way in which a request may be refused. The code is public and permanent: the API "
        "gives it as `type` in problem details (RFC 9457), with the status.",
        table(
            ["code", "status", "meaning", "class"],
            [
                (code(each.code), str(each.status), first_line(each), code(each.__name__))
                for each in sorted(refusals, key=lambda refusal: (refusal.code, refusal.__name__))
            ],
        ),
    )


def kinds_of(parent: type[T]) -> Iterator[type[T]]:
    """Every subclass in the product, however far down; a test's own is no part of it."""
    # A dataclass with slots is made of a first class of the same name, which may linger.
    by_name = {(each.__module__, each.__name__): each for each in parent.__subclasses__()}
    for (module, _name), each in by_name.items():
        if module.startswith("townhall.") and ".tests." not in module:
            yield each
        yield from kinds_of(each)
