"""Keyset pages: a list is read from a place in its order, however long it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet

from townhall.machinery.errors import Invalid

R = TypeVar("R")
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[R]):
    """Some rows of a list, and where the next ones begin (None on the last page)."""

    rows: Sequence[R]
    next_place: str | None


def page_of(
    rows: QuerySet[M],
    to_record: Callable[[M], R],
    *,
    order: tuple[str, str],
    place: str | None,
    size: int = 25,
) -> Page[R]:
    """Cut a page from `rows` ordered by two columns, the second of them unique.

    Both are ascending, or both have a minus before them and are descending. `place` is the
    `next_place` of the page before. Raises Invalid if it is not one of ours.
    """
    first, second = (column.removeprefix("-") for column in order)
    beyond = "lt" if order[0].startswith("-") else "gt"
    salt = f"place in {rows.model._meta.label} by {', '.join(order)}"  # good for no other list
    if place:
        after_first, after_second = _read(place, salt)
        rows = rows.filter(
            Q(**{f"{first}__{beyond}": after_first})
            | Q(**{first: after_first, f"{second}__{beyond}": after_second})
        ).filter(**{f"{first}__{beyond}e": after_first})
    found = list(rows.order_by(*order)[: size + 1])
    more = len(found) > size
    last = found[size - 1] if more else None
    return Page(
        rows=[to_record(row) for row in found[:size]],
        next_place=_write(getattr(last, first), getattr(last, second), salt) if last else None,
    )


def _write(first: Any, second: Any, salt: str) -> str:  # Any: whatever the two columns hold
    if isinstance(first, datetime):
        first = first.isoformat()
    return signing.dumps([str(first), str(second)], salt=salt)


def _read(place: str, salt: str) -> tuple[str, str]:
    try:
        first, second = signing.loads(place, salt=salt)
    except (signing.BadSignature, ValueError) as error:
        raise Invalid("That page link is damaged. Go back to the first page.") from error
    return first, second
