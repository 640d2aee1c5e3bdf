"""Write Markdown, and say in words what Python knows."""

import inspect
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import townhall

ROOT = Path(townhall.__file__).parents[1]


def page(title: str, introduction: str, *blocks: str) -> str:
    made = "Made from the code by `make docs`: do not edit."
    return "\n\n".join([f"# {title}", f"{introduction} {made}", *blocks]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(each) for each in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def code(text: object) -> str:
    """As code; nothing stays nothing."""
    return f"`{text}`" if str(text) else ""


def listed(things: Iterable[object]) -> str:
    return ", ".join(code(each) for each in sorted(str(each) for each in things))


def first_line(thing: object) -> str:
    """The first paragraph of a docstring; a class does not answer with its parent's."""
    text = vars(thing).get("__doc__") if isinstance(thing, type) else getattr(thing, "__doc__", "")
    return inspect.cleandoc(text).split("\n\n")[0] if text else ""


def kind(hint: Any) -> str:  # Any: whatever stands in an annotation
    """A type as a reader of the code would write it."""
    if hint in (None, NoneType):
        return "None"
    parts = [kind(each) for each in get_args(hint) if each is not Ellipsis]
    if isinstance(hint, UnionType) or get_origin(hint) is Union:
        return " | ".join(parts)
    name = getattr(hint, "__name__", str(hint))
    return f"{name}[{', '.join(parts)}]" if parts else str(name)


def file_of(thing: Any) -> str:  # Any: a function or class
    """Where the code is, from the root of the checkout; a library's is named by its module."""
    path = Path(inspect.getfile(thing))
    if path.is_relative_to(ROOT / "townhall"):
        return path.relative_to(ROOT).as_posix()
    return str(thing.__module__)
