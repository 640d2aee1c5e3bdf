"""The reference pages, made from the code: what may be set, asked, refused, emitted and run."""

import json
from collections.abc import Callable, Iterator

from django.utils.translation import override

from townhall.machinery.management.reference import addresses, facts, registries, work

_PAGES: dict[str, Callable[[], str]] = {
    "commands.md": work.commands,
    "dials.md": registries.dials,
    "errors.md": facts.errors,
    "events.md": facts.events,
    "openapi.json": lambda: json.dumps(addresses.openapi(), indent=2, sort_keys=True) + "\n",
    "permissions.md": registries.permissions,
    "settings.md": registries.settings,
    "tasks.md": work.tasks,
    "urls.md": addresses.urls,
}


def pages() -> Iterator[tuple[str, str]]:
    """Each page's file name and text, in English; the same code always gives the same text."""
    with override("en"):
        for name, make in _PAGES.items():
            yield name, make()
