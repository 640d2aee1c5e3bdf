"""Writes that several threads of a process ask for at the same time: one statement, one commit.

A commit waits for the disk, and most of what a small statement costs is not its row. While one is
under way, those who come wait, and then go together; if there were several the last time, they wait
for as many again, but not for long. Who is alone waits for nobody.
"""

from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any, cast
from uuid import UUID

from django.db import Error, InterfaceError, OperationalError, connection
from psycopg.errors import DeadlockDetected
from pydantic_core import to_json

from townhall.machinery.database.prepared import ask_prepared

MOST_AT_ONCE = 50
LINGER_SECONDS = 0.002


def _closed_lock() -> Lock:
    lock = Lock()
    lock.acquire()
    return lock


@dataclass(slots=True, eq=False)
class _Wish:
    """What one thread wants written."""

    id: UUID
    row: bytes  # of JSON
    turn: Lock = field(default_factory=_closed_lock)  # opens when it is done, or is to lead
    is_done: bool = False
    is_written: bool = False
    error: BaseException | None = None


class Together:
    """One kind of write.

    `sql` is given the rows as a JSON array, and returns the id of each that it has written.
    """

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.lock = Lock()
        self.waiting: list[_Wish] = []
        self.is_busy = False
        self.expected = 1  # as many as there were the last time
        self.all_here = Event()

    def write(self, row: dict[str, Any]) -> bool:
        """Whether it was written: a row with an "id". Returns once it is committed.

        In a transaction it is written at once and by itself.
        """
        wish = _Wish(row["id"], to_json(row))
        if connection.in_atomic_block:
            return wish.id in self._execute([wish])
        with self.lock:
            self.waiting.append(wish)
            waits, self.is_busy = self.is_busy, True
            if len(self.waiting) >= self.expected:
                self.all_here.set()
        if waits:
            connection.close()  # or all that wait might hold what the one who leads needs
            wish.turn.acquire()
        if not wish.is_done:
            self._lead()
        if wish.error is not None:
            raise wish.error
        return wish.is_written

    def _lead(self) -> None:
        """Write for all that wait, then leave the rest to the first who came meanwhile."""
        self._linger()
        with self.lock:
            mine, self.waiting = self.waiting[:MOST_AT_ONCE], self.waiting[MOST_AT_ONCE:]
        try:
            self._settle(mine)
        except BaseException as error:
            for each in mine:
                each.error = each.error or error
            raise
        finally:
            with self.lock:
                self.is_busy = bool(self.waiting)
                self.expected = len(mine) + len(self.waiting)
                next_leaders = self.waiting[:1]
            for each in mine:
                each.is_done = True
            for each in [*mine, *next_leaders]:
                each.turn.release()

    def _linger(self) -> None:
        """Let those come who are probably on their way."""
        with self.lock:
            if len(self.waiting) >= self.expected:
                return
            self.all_here.clear()
        self.all_here.wait(LINGER_SECONDS)

    def _settle(self, wishes: list[_Wish]) -> None:
        try:
            written = self._execute(wishes)
        except Error as error:
            if len(wishes) == 1 or _is_of_all(error):
                for each in wishes:
                    each.error = error
            else:
                for each in wishes:  # of one of them: let it not be the others' fault
                    self._settle([each])
        else:
            for each in wishes:
                each.is_written = each.id in written

    def _execute(self, wishes: list[_Wish]) -> set[UUID]:
        given = b",".join(each.row for each in wishes).decode()
        if connection.connection is not None:
            rows = ask_prepared(connection.connection, self.sql, [f"[{given}]"])
        else:
            pool = cast(Any, connection).pool  # of Django's PostgreSQL backend only
            with connection.wrap_database_errors, pool.connection() as straight:
                straight.autocommit = True  # the one statement is the transaction
                rows = ask_prepared(straight, self.sql, [f"[{given}]"])
        return {each for (each,) in rows}


def _is_of_all(error: Error) -> bool:
    """Whether another try for each alone would fail too, or might write what is written."""
    return isinstance(error, OperationalError | InterfaceError) and not isinstance(
        error.__cause__, DeadlockDetected
    )
