"""Three ways to ask: a query reads, an operation writes, an errand waits for someone outside."""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.db import connection, transaction
from django.utils.functional import Promise

from townhall.machinery.actors import Actor, Permission
from townhall.machinery.models import AuditEntry
from townhall.machinery.personal import personal_parts

P = ParamSpec("P")
R = TypeVar("R")
Ask = Callable[Concatenate[Actor, P], R]
Told = str | Promise

# What the door that was entered first will write to the audit; None outside every door.
_pending: ContextVar[list[AuditEntry] | None] = ContextVar("_pending", default=None)
_told: dict[str, Told] = {}


def query(permission: Permission, *, told: Told | None = None) -> Callable[[Ask[P, R]], Ask[P, R]]:
    """Make a function a read: permitted, free of side effects, audited if it is of personal data.

    `told` is how the person concerned is told of it: "Saw your case". A function that hands out
    Personal records must have one; a test sees to it.
    """

    def inside(function: Callable[..., Any], actor: Actor, *args: Any, **kwargs: Any) -> Any:
        outermost = _pending.get()
        if outermost is not None:  # whoever asked us answers for it
            result = function(actor, *args, **kwargs)
            parts = list(personal_parts(result))
            if outermost and parts and outermost[0].kind == AuditEntry.READ:
                outermost[0].concern(parts)
            return result
        entry = AuditEntry.of(actor, _name(function), kind=AuditEntry.READ)
        token = _pending.set([entry])
        try:
            result = function(actor, *args, **kwargs)
        finally:
            _pending.reset(token)
        parts = list(personal_parts(result))
        if parts or entry.is_personal:
            entry.concern(parts)
            entry.subject_id = str(getattr(result, "id", ""))
            entry.save()
        return result

    return _door(permission, inside, told)


def operation(
    permission: Permission, *, told: Told | None = None
) -> Callable[[Ask[P, R]], Ask[P, R]]:
    """Make a function a write: permitted, in one transaction, audited. All three, or nothing.

    Inside another operation it is part of that one's transaction. To catch its refusal there and
    go on, wrap the call in `transaction.atomic()`, or what it had written would be half done.
    """

    def inside(function: Callable[..., Any], actor: Actor, *args: Any, **kwargs: Any) -> Any:
        entries = _pending.get()
        if entries is None or _is_reading(entries):
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

    return _door(permission, inside, told)


def errand(permission: Permission) -> Callable[[Ask[P, R]], Ask[P, R]]:
    """Make a function that waits for an outside system: permitted, and in no transaction.

    However slow the outside is, no row stays locked meanwhile.
    """

    def inside(function: Callable[..., Any], actor: Actor, *args: Any, **kwargs: Any) -> Any:
        if _in_a_transaction():
            raise RuntimeError(f"{function.__name__} would wait inside a transaction")
        return function(actor, *args, **kwargs)

    return _door(permission, inside, None)


def explain(action: str) -> Told:
    """How the person concerned is told of an audited action ("cases.get_case")."""
    return _told.get(action, action)


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


def _is_reading(entries: list[AuditEntry]) -> bool:
    return bool(entries) and entries[0].kind == AuditEntry.READ and entries[0].pk is None


def _name(function: Callable[..., Any]) -> str:
    parts = function.__module__.split(".")
    place = parts[2] if len(parts) > 3 else parts[-1]  # the capability, service or machinery file
    return f"{place}.{function.__name__}"


def _in_a_transaction() -> bool:
    """Whether we are, leaving aside the transaction that Django's tests wrap round themselves."""
    return any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)


def _door(
    permission: Permission, inside: Callable[..., Any], told: Told | None
) -> Callable[[Ask[P, R]], Ask[P, R]]:
    def decorate(function: Ask[P, R]) -> Ask[P, R]:
        if told is not None:
            _told[_name(function)] = told

        @wraps(function)
        def ask(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            actor.require(permission)
            return cast(R, inside(function, actor, *args, **kwargs))

        ask.permission = permission  # type: ignore[attr-defined]  # for the architecture tests
        ask.told = told  # type: ignore[attr-defined]  # for the architecture tests
        return ask

    return decorate
