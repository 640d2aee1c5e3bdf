"""How much programs may send: so fast, and so many in a day, however many processes answer them."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from datetime import UTC, date
from threading import Lock
from uuid import UUID

from django.db import connection, models
from django.db.models import F
from django.utils import timezone

from townhall.capabilities.notify.models.keys import Sender

# Who finds none left gets no row. What is granted is for one process to give out: a share of what
# is left, so that the last ones are given out one by one, wherever they are asked for.
TAKE_SOME = """
INSERT INTO notify_allowance AS a (sender_id, key_type, remaining, granted, counted_at)
VALUES (%(sender)s, %(key_type)s, %(most)s - {grant_of_all}, {grant_of_all}, statement_timestamp())
ON CONFLICT (sender_id, key_type) DO UPDATE SET
  granted = {grant}, remaining = {left} - {grant},
  counted_at = greatest(a.counted_at, statement_timestamp())
WHERE {left} >= 1
RETURNING granted
"""
LEFT = """least(%(most)s, a.remaining + %(per_second)s
    * greatest(0, extract(epoch FROM statement_timestamp() - a.counted_at)))"""
COUNT_SOME = """
INSERT INTO notify_daycount AS c (sender_id, channel, day, granted, count)
VALUES (%(sender)s, %(channel)s, %(day)s, {grant_of_all}, {grant_of_all})
ON CONFLICT (sender_id, channel, day) DO UPDATE SET granted = {grant}, count = c.count + {grant}
WHERE c.count < %(most)s
RETURNING granted
"""

COUNT_MANY = """
INSERT INTO notify_daycount AS c (sender_id, channel, day, granted, count)
SELECT %(sender)s, %(channel)s, %(day)s, 1, %(count)s WHERE %(count)s <= %(most)s
ON CONFLICT (sender_id, channel, day) DO UPDATE SET count = c.count + %(count)s
WHERE c.count + %(count)s <= %(most)s
RETURNING 1
"""


def _filled(sql: str, left: str) -> str:
    grant = "greatest(1, least(%(at_once)s, floor({left} / 50.0)))::int"
    return sql.format(
        left=left, grant=grant.format(left=left), grant_of_all=grant.format(left="%(most)s")
    )


TAKE_SOME = _filled(TAKE_SOME, LEFT)
COUNT_SOME = _filled(COUNT_SOME, "(%(most)s - c.count)")
Value = str | int | float | date | UUID
AT_ONCE = 50  # granted to one process


class Leases:
    """What this process was granted and has not given out yet, of each thing."""

    def __init__(self, *, seconds: float) -> None:
        self.seconds = seconds
        self.lock = Lock()
        self.left: dict[Hashable, tuple[int, float]] = {}

    def take(self, thing: Hashable, grant: Callable[[int], int]) -> bool:
        """Use up one; where there is none, `grant` is asked for some and says how many it gives.

        What a transaction grants may yet be undone: so it is one, for this alone.
        """
        if connection.in_atomic_block:
            return grant(1) > 0
        with self.lock:
            left, until = self.left.get(thing, (0, 0.0))
            if left and until > time.monotonic():
                self.left[thing] = left - 1, until
                return True
        granted = grant(AT_ONCE)
        if granted > 1:
            self._add(thing, granted - 1)
        return granted > 0

    def give_back(self, thing: Hashable) -> None:
        """One that was taken outside a transaction, and not needed."""
        self._add(thing, 1)

    def _add(self, thing: Hashable, count: int) -> None:
        now = time.monotonic()
        with self.lock:
            if len(self.left) > 10_000:
                self.left = {each: held for each, held in self.left.items() if held[1] > now}
            left, until = self.left.get(thing, (0, 0.0))
            self.left[thing] = (left if until > now else 0) + count, now + self.seconds


_to_send_now = Leases(seconds=10)  # so long may what was granted add to what may be sent at once
_to_send_today = Leases(seconds=24 * 3600)


class DayCount(models.Model):
    """How many messages of one channel a sender has sent on one day (UTC, as the limit counts).

    Some of them may be granted to a process and not sent yet.
    """

    sender = models.ForeignKey(Sender, on_delete=models.CASCADE)
    channel = models.CharField(max_length=6)
    day = models.DateField()
    granted = models.PositiveIntegerField(default=1)  # with the last statement
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sender", "channel", "day"], name="day_count_once"),
        ]

    @classmethod
    def take_one(cls, sender_id: UUID, channel: str, *, most: int) -> bool:
        """Count one more today unless there were so many; False if there were."""
        day = timezone.now().astimezone(UTC).date()
        values: dict[str, Value] = {
            "sender": sender_id,
            "channel": channel,
            "day": day,
            "most": most,
        }

        def grant(at_once: int) -> int:
            return _granted(COUNT_SOME, values | {"at_once": at_once})

        return most > 0 and _to_send_today.take((sender_id, channel, day, most), grant)

    @classmethod
    def put_back(cls, sender_id: UUID, channel: str, *, most: int) -> None:
        """One that was counted and then not sent."""
        day = timezone.now().astimezone(UTC).date()
        if connection.in_atomic_block:
            cls.give_back(sender_id, channel, day=day, count=1)
        else:
            _to_send_today.give_back((sender_id, channel, day, most))

    @classmethod
    def take_many(cls, sender_id: UUID, channel: str, *, day: date, count: int, most: int) -> bool:
        """Count so many on a day; False, and nothing counted, if that would be more than `most`."""
        values: dict[str, Value] = {
            "sender": sender_id,
            "channel": channel,
            "day": day,
            "count": count,
            "most": most,
        }
        with connection.cursor() as cursor:
            cursor.execute(COUNT_MANY, values)
            return cursor.fetchone() is not None

    @classmethod
    def has_room_for(
        cls, sender_id: UUID, channel: str, *, day: date, count: int, most: int
    ) -> bool:
        """Whether `take_many` would count so many."""
        of_day = cls.objects.filter(sender_id=sender_id, channel=channel, day=day)
        return count <= most and not of_day.filter(count__gt=most - count).exists()

    @classmethod
    def give_back(cls, sender_id: UUID, channel: str, *, day: date, count: int) -> None:
        """Of what `take_many` took, what is not sent after all."""
        of_day = cls.objects.filter(sender_id=sender_id, channel=channel, day=day)
        of_day.update(count=F("count") - count)

    @classmethod
    def has_room(cls, sender_id: UUID, channel: str, *, most: int) -> bool:
        """Whether one more may be sent today, without counting it."""
        today = timezone.now().astimezone(UTC).date()
        of_today = cls.objects.filter(sender_id=sender_id, channel=channel, day=today)
        return not of_today.filter(count__gte=most).exists()


class Allowance(models.Model):
    """How many messages a sender may still send just now with one type of key."""

    sender = models.ForeignKey(Sender, on_delete=models.CASCADE)
    key_type = models.CharField(max_length=4)
    remaining = models.FloatField()
    granted = models.PositiveIntegerField(default=1)  # with the last statement
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sender", "key_type"], name="allowance_once"),
        ]

    @classmethod
    def take_one(cls, sender_id: UUID, key_type: str, *, most: int, per_second: float) -> bool:
        """Use up one message of at most so many at once, refilled steadily; False if none is left.

        One statement settles the race.
        """
        values: dict[str, Value] = {
            "sender": sender_id,
            "key_type": key_type,
            "most": most,
            "per_second": per_second,
        }

        def grant(at_once: int) -> int:
            return _granted(TAKE_SOME, values | {"at_once": at_once})

        return _to_send_now.take((sender_id, key_type), grant)


def _granted(sql: str, values: dict[str, Value]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    return int(row[0]) if row else 0
