"""How fast programs may ask, however many processes answer them."""

from __future__ import annotations

import time
from threading import Lock
from uuid import UUID

from django.db import connection, models

from townhall.capabilities.pay.models.tills import Till

# Who finds none left gets no row. What is granted is for one process to give out within a second:
# a share of what is left, so that the last ones are given out one by one, wherever they are asked.
TAKE_SOME = """
INSERT INTO pay_allowance AS a (till_id, kind, remaining, granted, counted_at)
VALUES (%(till)s, %(kind)s, %(most)s - {grant_of_all}, {grant_of_all}, statement_timestamp())
ON CONFLICT (till_id, kind) DO UPDATE SET
  granted = {grant}, remaining = {left} - {grant},
  counted_at = greatest(a.counted_at, statement_timestamp())
WHERE {left} >= 1
RETURNING granted
"""
LEFT = """least(%(most)s, a.remaining + %(most)s
    * greatest(0, extract(epoch FROM statement_timestamp() - a.counted_at)))"""
GRANT = "greatest(1, least(%(at_once)s, floor({left} / 5.0)))::int"
TAKE_SOME = TAKE_SOME.format(
    left=LEFT, grant=GRANT.format(left=LEFT), grant_of_all=GRANT.format(left="%(most)s")
)
AT_ONCE = 15  # granted to one process
KEPT_SECONDS = 1.0
_left: dict[tuple[UUID, str], tuple[int, float]] = {}  # what this process was granted, until when
_lock = Lock()


class Allowance(models.Model):
    """How many requests of one kind a till may still make just now. A crash may forget it."""

    till = models.ForeignKey(Till, on_delete=models.CASCADE, db_constraint=False)
    kind = models.CharField(max_length=7)
    remaining = models.FloatField()
    granted = models.PositiveIntegerField()  # with the last statement
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["till", "kind"], name="pay_allowance_once"),
        ]

    @classmethod
    def take_one(cls, till_id: UUID, kind: str, *, per_second: int) -> bool:
        """Use up one of at most so many at once, refilled within a second; False if none is left.

        One statement settles the race. What a transaction grants may be undone: it is one only.
        """
        if connection.in_atomic_block:
            return _grant(till_id, kind, per_second, at_once=1) > 0
        now = time.monotonic()
        with _lock:
            left, until = _left.get((till_id, kind), (0, 0.0))
            if left > 0 and until > now:
                _left[till_id, kind] = left - 1, until
                return True
        granted = _grant(till_id, kind, per_second, at_once=AT_ONCE)
        if granted > 1:
            with _lock:
                _left[till_id, kind] = granted - 1, now + KEPT_SECONDS
        return granted > 0


def _grant(till_id: UUID, kind: str, per_second: int, *, at_once: int) -> int:
    values: dict[str, str | int | UUID] = {
        "till": till_id,
        "kind": kind,
        "most": per_second,
        "at_once": at_once,
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE_SOME, values)
        row = cursor.fetchone()
    return int(row[0]) if row else 0
