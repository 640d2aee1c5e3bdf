"""Querysets whose SQL is worked out once: Django takes longer over that than PostgreSQL answers."""

import json
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
Value = Any  # of whatever type the field takes


class Prepared(Generic[M]):
    """Ask again and again what differs in some values only.

    `build` is given one stand-in for each value and returns the queryset; the stand-ins have to
    be of the values' type, and like nothing else in the query. What is annotated comes as psycopg
    reads it: JSON is text still, for `from_json`.
    """

    def __init__(self, build: Callable[..., QuerySet[M]], *stand_ins: Value) -> None:
        self.build, self.stand_ins = build, stand_ins
        self.model: type[M] | None = None
        self.sql = ""
        self.params: tuple[Value, ...] = ()

    def __call__(self, *values: Value) -> list[M]:
        """The rows for these values, in the order of the stand-ins."""
        if self.model is None:
            self._work_out()
        assert self.model is not None
        given = dict(zip(self.stand_ins, values, strict=True))
        params = [_put_in(each, given) for each in self.params]
        return list(self.model._default_manager.raw(self.sql, params))

    def _work_out(self) -> None:
        rows = self.build(*self.stand_ins)
        self.sql, self.params = rows.query.sql_with_params()
        for each in self.stand_ins:
            if not any(_holds(param, each) for param in self.params):
                raise ValueError(f"The stand-in {each!r} is not among the values of the query.")
        self.model = rows.model


def from_json(items: list[str] | list[dict[str, Any]]) -> list[dict[str, Any]]:
    """An annotated array of JSON objects, however it came: read by Django already, or not."""
    return [json.loads(each) if isinstance(each, str) else each for each in items]


def _put_in(param: Value, given: dict[Value, Value]) -> Value:
    if isinstance(param, list):
        return [given.get(each, each) for each in param]
    return given.get(param, param) if param.__hash__ else param


def _holds(param: Value, stand_in: Value) -> bool:
    return stand_in in param if isinstance(param, list) else bool(param == stand_in)
