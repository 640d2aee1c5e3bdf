"""SQL that is worked out once: Django takes longer over that than PostgreSQL over the answer."""

import json
from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, TypeVar

import psycopg
from django.db import connection
from django.db.models import AutoField, Field, Model, QuerySet

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


class Insertion(Generic[M]):
    """Write rows of a model that stand in JSON, as a part of a larger statement.

    Of the model's fields those `varying` stand there, each as "table.column"; the others are as
    they are by default.
    """

    def __init__(self, model: type[M], varying: Collection[str]) -> None:
        self.model, self.varying = model, frozenset(varying)

    @cached_property
    def given(self) -> dict[str, str]:
        """What stands in the JSON, and where a row has it."""
        return {self._name(each): each.attname for each in self._fields if self._varies(each)}

    @cached_property
    def definition(self) -> str:
        """For json_to_recordset."""
        varying = [each for each in self._fields if self._varies(each)]
        return ", ".join(f'"{self._name(each)}" {_type_of(each)}' for each in varying)

    def sql(self, source: str) -> str:
        """INSERT ... SELECT from what json_to_recordset has made of them."""
        columns = ", ".join(f'"{each.column}"' for each in self._fields)
        values = ", ".join(self._value(each) for each in self._fields)
        table = self.model._meta.db_table
        return f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM {source}'  # noqa: S608  # no value from outside

    @cached_property
    def _read(self) -> Callable[[M], tuple[Value, ...]]:
        return attrgetter(*self.given.values())

    def facts(self, row: M) -> dict[str, Value]:
        return dict(zip(self.given, self._read(row), strict=True))

    @cached_property
    def _fields(self) -> list["Field[Any, Any]"]:
        fields = self.model._meta.concrete_fields
        return [each for each in fields if not isinstance(each, AutoField)]

    def _varies(self, field: "Field[Any, Any]") -> bool:
        return field.name in self.varying

    def _name(self, field: "Field[Any, Any]") -> str:
        return f"{self.model._meta.db_table}.{field.column}"

    def _value(self, field: "Field[Any, Any]") -> str:
        if self._varies(field):
            return f'"{self._name(field)}"'
        prepared = field.get_db_prep_save(field.get_default(), connection)
        with connection.cursor():  # connects, if nothing has yet
            return psycopg.ClientCursor(connection.connection).mogrify("%s", [prepared])


def _type_of(field: "Field[Any, Any]") -> str:
    """What PostgreSQL is told a value is. A cast would cut what is too long for its column."""
    known = str(field.db_type(connection))
    return "text" if known.startswith("varchar") else known


def ask_prepared(
    straight: psycopg.Connection[Any], sql: str, params: Sequence[Value]
) -> list[tuple[Value, ...]]:
    """The rows of a statement that PostgreSQL parses and plans once for each connection."""
    with connection.wrap_database_errors, psycopg.Cursor(straight) as cursor:
        rows = cursor.execute(sql, params, prepare=True).fetchall()
    if connection.queries_logged:
        said = psycopg.ClientCursor(straight).mogrify(sql, params)
        connection.queries_log.append({"sql": said, "time": "0"})
    return rows


def from_json(items: list[str] | list[dict[str, Any]]) -> list[dict[str, Any]]:
    """An annotated array of JSON objects, however it came: read by Django already, or not."""
    return [json.loads(each) if isinstance(each, str) else each for each in items]


def _put_in(param: Value, given: dict[Value, Value]) -> Value:
    if isinstance(param, list):
        return [given.get(each, each) for each in param]
    return given.get(param, param) if param.__hash__ else param


def _holds(param: Value, stand_in: Value) -> bool:
    return stand_in in param if isinstance(param, list) else bool(param == stand_in)
