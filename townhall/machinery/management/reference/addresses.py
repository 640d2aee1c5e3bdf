"""Which code answers which address, and the API as OpenAPI."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from itertools import groupby
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from townhall.machinery.management.reference.markdown import code, file_of, page, table


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    path: str
    methods: str  # "" where the function itself says which it takes
    name: str
    function: Callable[..., Any]

    @property
    def first_segment(self) -> str:
        return self.path.split("/")[1]


def urls() -> str:
    """Our own pages' first segment is the name of the folder that answers them."""
    found = sorted(
        _addresses(get_resolver().url_patterns, "/", ""), key=lambda each: (each.path, each.methods)
    )
    blocks = []
    for segment, group in groupby(found, key=lambda address: address.first_segment):
        rows = [
            (
                code(f"{each.methods} {each.path}".strip()),
                code(each.name),
                code(each.function.__qualname__),
                code(file_of(each.function)),
            )
            for each in group
        ]
        blocks += [f"## /{segment}", table(["address", "name", "function", "file"], rows)]
    return page(
        "Addresses",
        "Every address of an installation without the demo, and the code that answers it. "
        "`townhall whereis /bulky-waste/` says the same of one address, with the line.",
        *blocks,
    )


def openapi() -> dict[str, Any]:  # Any: JSON
    """The description of the API that programs call with a key."""
    schema: dict[str, Any] = import_module(settings.ROOT_URLCONF).api.get_openapi_schema()
    return schema


def _addresses(
    patterns: list[URLPattern | URLResolver], prefix: str, namespace: str
) -> Iterator[Address]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _addresses(pattern.url_patterns, path, inner)
        else:
            name = f"{namespace}{pattern.name}" if pattern.name else ""
            yield from _answers(pattern.callback, path, name)


def _answers(view: Callable[..., Any], path: str, name: str) -> Iterator[Address]:
    behind = (
        inspect.getclosurevars(view).nonlocals.get("self") if inspect.isfunction(view) else None
    )
    operations = getattr(behind, "operations", None)  # set if Ninja answers here
    if operations is None:
        yield Address(path=path, methods="", name=name, function=_behind(view))
        return
    for each in operations:
        function = _behind(each.view_func)
        yield Address(path=path, methods=", ".join(each.methods), name=name, function=function)


def _behind(view: Callable[..., Any]) -> Callable[..., Any]:
    """The function or class that someone wrote, under the decorators."""
    while isinstance(view, partial):
        view = view.func
    written: Callable[..., Any] = inspect.unwrap(getattr(view, "view_class", view))
    return written
