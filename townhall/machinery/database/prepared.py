"""SQL that is worked out once: Django takes longer over that than PostgreSQL over the answer."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

import psycopg
from django.db import connection
from django.db.models import AutoField, Field, JSONField, Model, QuerySet
from psycopg.types.json import Jsonb

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The INSERT of one row up to its FROM, where there may be one, with its values."""

    sql: str
    params: tuple[Value, ...]
    returning: str = ""  # what stands after the FROM


class Insertion(Generic[M]):
    """Write a row of a model as a part of a larger statement."""

    def __init__(self, model: type[M]) -> None:
        self.model = model

    @cached_property
    def fields(self) -> list["Field[Any, Any]"]:
        fields = self.model._meta.concrete_fields
        return [each for each in fields if not isinstance(each, AutoField)]

    @cached_property
    def readers(self) -> list[tuple[str, Callable[[Value], Value]]]:
        """How each value is taken from a row, as psycopg wants it."""
        return [
            (each.attname, Jsonb if isinstance(each, JSONField) else _as_it_is)
            for each in self.fields
        ]

    @cached_property
    def sql(self) -> str:
        columns = ", ".join(f'"{each.column}"' for each in self.fields)
        values = ", ".join(f"%s::{_type_of(each)}" for each in self.fields)
        return f'INSERT INTO "{self.model._meta.db_table}" ({columns}) SELECT {values}'

    def of(self, row: M) -> Row:
        params = tuple([written(getattr(row, name)) for name, written in self.readers])
        return Row(sql=self.sql, params=params)


def _writer(field: "Field[Any, Any]") -> Callable[[Value], Value]:
    return Jsonb if isinstance(field, JSONField) else _as_it_is


def _as_it_is(value: Value) -> Value:
    return value


def _type_of(field: "Field[Any, Any]") -> str:
    """What PostgreSQL is told a value is. A cast would cut what is too long for its column."""
    known = str(field.db_type(connection))
    return "text" if known.startswith("varchar") else known


def ask_prepared(sql: str, params: Sequence[Value]) -> tuple[Value, ...]:
    """The one row of a statement that PostgreSQL parses and plans once for each connection."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql, params, prepare=True)
        row = cursor.fetchone()
    if connection.queries_logged:
        said = psycopg.ClientCursor(connection.connection).mogrify(sql, params)
        connection.queries_log.append({"sql": said, "time": "0"})
    assert row is not None
    return tuple(row)


def from_json(items: list[str] | list[dict[str, Any]]) -> list[dict[str, Any]]:
    """An annotated array of JSON objects, however it came: read by Django already, or not."""
    return [json.loads(each) if isinstance(each, str) else each for each in items]


def _put_in(param: Value, given: dict[Value, Value]) -> Value:
    if isinstance(param, list):
        return [given.get(each, each) for each in param]
    return given.get(param, param) if param.__hash__ else param


def _holds(param: Value, stand_in: Value) -> bool:
    return stand_in in param if isinstance(param, list) else bool(param == stand_in)
