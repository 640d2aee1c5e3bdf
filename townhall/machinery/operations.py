"""Three ways to ask: a query reads, an operation writes, an errand waits for someone outside."""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, cast
from uuid import UUID

from django.db import connection, transaction
from django.utils.functional import Promise

from townhall.machinery.actors import (
    Actor,
    Permission,
    inner_permission_labels,
    permission_labels,
)
from townhall.machinery.database.prepared import Insertion
from townhall.machinery.database.together import Together
from townhall.machinery.models import AuditEntry
from townhall.machinery.personal import Personal, personal_parts

P = ParamSpec("P")
R = TypeVar("R")
Ask = Callable[Concatenate[Actor, P], R]
Told = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Generic[R]):
    """One write, for `operation_of_one` to execute with the audit of it.

    `sql` is of common table expressions with commas between. They read `given`, which has a row
    for each thing to be written: this one, or several that are asked for at the same time. Its
    columns are an `id` and those of the `definition`, and `facts` are their values. One of the
    expressions is named `written` and returns the id of each that it wrote. If this one is not
    among them, `otherwise` refuses, or says what to write or to answer instead; else `afterwards`
    is called.
    """

    sql: str
    definition: str
    id: UUID
    facts: dict[str, Any]  # Any: what JSON takes, and ids and moments
    result: R
    otherwise: Callable[[], "Statement[R] | R"]
    afterwards: Callable[[], object] | None = None


class _Look:
    """What personal data the queries within a query have found."""

    __slots__ = ("parts",)

    def __init__(self) -> None:
        self.parts: list[Personal] = []


# What the door that was entered first will write to the audit; None outside every door.
_pending: ContextVar[list[AuditEntry] | _Look | None] = ContextVar("_pending", default=None)
_told: dict[str, Told] = {}
_permissions: dict[str, Permission] = {}  # by action
_audited: set[str] = set()  # actions that leave an entry
_audit_row = Insertion(
    AuditEntry,
    varying=(
        "organisation_id",
        "actor",
        "person_id",
        "delegate_id",
        "kind",
        "action",
        "subject_id",
        "concerns",
        "done_at",
    ),
)


def query(
    permission: Permission, *, told: Told | None = None, narrowed: bool = False
) -> Callable[[Ask[P, R]], Ask[P, R]]:
    """Make a function a read: permitted, free of side effects, audited if it is of personal data.

    `told` is how the person concerned is told of it: "Saw your case". A function that hands out
    Personal records must have one; a test sees to it. A `narrowed` door also lets in who holds the
    permission in some services only: all it reads and writes goes through a `visible_to` that
    leaves out the rows of others, with `rows_within`.
    """

    def inside(function: Callable[..., Any], actor: Actor, *args: Any, **kwargs: Any) -> Any:
        outermost = _pending.get()
        if outermost is not None:  # whoever asked us answers for it
            result = function(actor, *args, **kwargs)
            if isinstance(outermost, _Look):
                outermost.parts += personal_parts(result)
            return result
        look = _Look()
        token = _pending.set(look)
        try:
            result = function(actor, *args, **kwargs)
        finally:
            _pending.reset(token)
        look.parts += personal_parts(result)
        if look.parts:
            entry = AuditEntry.of(actor, _name(function), kind=AuditEntry.READ)
            entry.concern(look.parts)
            entry.subject_id = str(getattr(result, "id", ""))
            entry.save()
        return result

    return _door(permission, inside, told, narrowed)


def operation(
    permission: Permission, *, told: Told | None = None, narrowed: bool = False
) -> Callable[[Ask[P, R]], Ask[P, R]]:
    """Make a function a write: permitted, in one transaction, audited. All three, or nothing.

    Inside another operation it is part of that one's transaction. To catch its refusal there and
    go on, wrap the call in `transaction.atomic()`, or what it had written would be half done.
    """

    def inside(function: Callable[..., Any], actor: Actor, *args: Any, **kwargs: Any) -> Any:
        entries = _pending.get()
        if not isinstance(entries, list):
            return _outermost(function, actor, *args, **kwargs)
        mark = len(entries)
        try:
            with transaction.atomic(savepoint=False):
                result = function(actor, *args, **kwargs)
        except BaseException:
            del entries[mark:]
            raise
        entries.append(_written(actor, function, result))
        return result

    return _door(permission, inside, told, narrowed)


def operation_of_one(
    permission: Permission, *, told: Told | None = None
) -> Callable[[Callable[Concatenate[Actor, P], "Statement[R] | R"]], Ask[P, R]]:
    """Make a function an operation that is one statement, with its audit in the same.

    For what is asked so often that BEGIN, COMMIT and a row of audit apart would cost more than the
    write. The function reads what it needs and returns the Statement; or, if there is nothing to
    write, what it found out: then only the audit is written.
    """

    def inside(function: Callable[..., Any], actor: Actor, *args: Any, **kwargs: Any) -> Any:
        entries = _pending.get()
        alone = not isinstance(entries, list)
        written = function(actor, *args, **kwargs)
        while isinstance(written, Statement):
            entry = _written(actor, function, written.result)
            if _execute(written, entry if alone else None):
                if written.afterwards is not None:
                    written.afterwards()
                break
            written = written.otherwise()
        else:
            entry = _written(actor, function, written)
            if alone:
                entry.save()
        if isinstance(entries, list):
            entries.append(entry)
        return written.result if isinstance(written, Statement) else written

    return _door(permission, inside, told)


def _execute(written: Statement[R], entry: AuditEntry | None) -> bool:
    """Write it, with its audit if there is an entry; whether it was written."""
    row = {"id": written.id, **written.facts}
    if entry is not None:
        row |= _audit_row.facts(entry)
    return _writes(written.sql, written.definition).write(row)


@cache
def _writes(sql: str, definition: str) -> Together:
    columns = f"id uuid, {definition}, {_audit_row.definition}"
    audited = _audit_row.sql("given JOIN written USING (id)")
    return Together(
        f"WITH given AS (SELECT * FROM json_to_recordset(%s) AS given ({columns})), {sql}, "  # noqa: S608  # no value stands in it
        f'audited AS ({audited} WHERE "machinery_auditentry.action" IS NOT NULL) '
        "SELECT id FROM written"
    )


def errand(permission: Permission, *, narrowed: bool = False) -> Callable[[Ask[P, R]], Ask[P, R]]:
    """Make a function that waits for an outside system: permitted, and in no transaction.

    However slow the outside is, no row stays locked meanwhile.
    """

    def inside(function: Callable[..., Any], actor: Actor, *args: Any, **kwargs: Any) -> Any:
        if _in_a_transaction():
            raise RuntimeError(f"{function.__name__} would wait inside a transaction")
        return function(actor, *args, **kwargs)

    return _door(permission, inside, None, narrowed)


def explain(action: str) -> Told:
    """How the person concerned is told of an audited action ("cases.get_case")."""
    return _told.get(action, action)


def actions_of(permission: Permission) -> frozenset[str]:
    """What stands in the audit for whoever makes use of a permission."""
    return frozenset(each for each in _audited if _permissions[each] == permission)


def reason(action: str) -> str:
    """What whoever did an audited action was allowed to do, in words; "" if nobody knows any more.

    They could not have done it for another reason.
    """
    labels = {**permission_labels(), **inner_permission_labels()}
    return labels.get(_permissions.get(action, Permission("")), "")


def _outermost(function: Callable[..., Any], actor: Actor, *args: Any, **kwargs: Any) -> Any:
    entries: list[AuditEntry] = []
    with transaction.atomic():
        token = _pending.set(entries)
        try:
            result = function(actor, *args, **kwargs)
        finally:
            _pending.reset(token)
        entries.append(_written(actor, function, result))
        _write(entries)
    return result


def _written(actor: Actor, function: Callable[..., Any], result: object) -> AuditEntry:
    entry = AuditEntry.of(actor, _name(function), kind=AuditEntry.WRITE)
    entry.subject_id = str(getattr(result, "id", ""))
    entry.concern(list(personal_parts(result)))
    return entry


def _write(entries: Iterable[AuditEntry]) -> None:
    AuditEntry.objects.bulk_create(entries)


def _name(function: Callable[..., Any]) -> str:
    parts = function.__module__.split(".")
    place = parts[2] if len(parts) > 3 else parts[-1]  # the capability, service or machinery file
    return f"{place}.{function.__name__}"


def _in_a_transaction() -> bool:
    """Whether we are, leaving aside the transaction that Django's tests wrap round themselves."""
    return any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)


def _door(
    permission: Permission, inside: Callable[..., Any], told: Told | None, narrowed: bool = False
) -> Callable[[Callable[Concatenate[Actor, P], Any]], Ask[P, Any]]:
    def decorate(function: Callable[..., Any]) -> Ask[P, R]:
        _permissions[_name(function)] = permission
        if told is not None:
            _told[_name(function)] = told
        if told is not None or inside.__qualname__.startswith("operation"):
            _audited.add(_name(function))

        @wraps(function)
        def ask(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if narrowed:
                actor = actor.narrowed(permission)
            else:
                actor.require(permission)
            return cast(R, inside(function, actor, *args, **kwargs))

        ask.permission = permission  # type: ignore[attr-defined]  # for the architecture tests
        ask.told = told  # type: ignore[attr-defined]  # for the architecture tests
        ask.narrowed = narrowed  # type: ignore[attr-defined]  # for the architecture tests
        return ask

    return decorate
