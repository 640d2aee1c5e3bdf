"""Writes that several threads of a process ask for at the same time: one statement, one commit.

A commit waits for the disk, and most of what a small statement costs is not its row. While one is
under way, those who come wait, and then go together.
"""

import json
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from uuid import UUID

from django.db import Error, InterfaceError, OperationalError, connection

from townhall.machinery.database.prepared import ask_prepared

MOST_AT_ONCE = 50


def _closed_lock() -> Lock:
    lock = Lock()
    lock.acquire()
    return lock


@dataclass(slots=True, eq=False)
class _Wish:
    """What one thread wants written."""

    id: UUID
    row: str  # of JSON
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

    def write(self, row: dict[str, Any]) -> bool:
        """Whether it was written: a row with an "id". Returns once it is committed.

        In a transaction it is written at once and by itself.
        """
        wish = _Wish(row["id"], json.dumps(row, default=str, allow_nan=False))
        if connection.in_atomic_block:
            return wish.id in self._execute([wish])
        with self.lock:
            self.waiting.append(wish)
            waits, self.is_busy = self.is_busy, True
        if waits:
            wish.turn.acquire()
        if not wish.is_done:
            self._lead()
        if wish.error is not None:
            raise wish.error
        return wish.is_written

    def _lead(self) -> None:
        """Write for all that wait, then leave the rest to the first who came meanwhile."""
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
                next_leaders = self.waiting[:1]
            for each in mine:
                each.is_done = True
            for each in [*mine, *next_leaders]:
                each.turn.release()

    def _settle(self, wishes: list[_Wish]) -> None:
        try:
            written = self._execute(wishes)
        except (OperationalError, InterfaceError) as error:  # for everybody, if at all
            for each in wishes:
                each.error = error
        except Error as error:
            if len(wishes) == 1:
                wishes[0].error = error
                return
            for each in wishes:  # of one of them: let it not be the others' fault
                self._settle([each])
        else:
            for each in wishes:
                each.is_written = each.id in written

    def _execute(self, wishes: list[_Wish]) -> set[UUID]:
        given = ",".join(each.row for each in wishes)
        return {each for (each,) in ask_prepared(self.sql, [f"[{given}]"])}
