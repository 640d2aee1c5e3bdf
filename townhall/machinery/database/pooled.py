"""Connections of the pool, which know without asking the server whether it is still there."""

import select
from typing import Any

import psycopg


class PooledConnection(psycopg.Connection[Any]):  # Any: rows of whatever is asked for
    """Before it gives one out, the pool has it execute an empty statement.

    A server that went away has closed its end, which a look at the socket shows; only if there is
    something to read is the question sent.
    """

    def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:  # Any: as psycopg's own
        if query == "" and not self.closed and not _has_something(self.fileno()):
            return self.cursor()
        return super().execute(query, *args, **kwargs)


def _has_something(file: int) -> bool:
    looked = select.poll()
    looked.register(file, select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(looked.poll(0))
