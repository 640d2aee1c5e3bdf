"""Suppliers that fail, as every process of an installation has seen it: their circuit breakers."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, models
from django.db.models import QuerySet
from django.utils import timezone

from townhall.capabilities.notify import records
from townhall.capabilities.notify.rules.routing import MOST_FAILURES, REST

LONGEST_WORDS = 200
# One that rests does not rest for longer because of those who asked it before.
NOTE_FAILURE = """
INSERT INTO notify_supplier AS s (name, failures, last_words, failed_at)
VALUES (%(name)s, 1, %(words)s, %(now)s)
ON CONFLICT (name) DO UPDATE SET
  failures = s.failures + 1, last_words = %(words)s, failed_at = %(now)s,
  rests_until = CASE
    WHEN s.failures + 1 < %(most)s OR s.rests_until > %(now)s THEN s.rests_until
    ELSE %(rested)s END
RETURNING s.failures
"""


class Supplier(models.Model):
    """One that has failed once; its row says how often since it was last well.

    Of the whole installation, so that no organisation finds out by itself what another one knows.
    """

    name = models.CharField(max_length=200, primary_key=True)
    failures = models.PositiveIntegerField()
    rests_until = models.DateTimeField(null=True)
    last_words = models.CharField(max_length=LONGEST_WORDS)
    failed_at = models.DateTimeField()

    @classmethod
    def in_trouble(cls) -> QuerySet[Supplier]:
        return cls.objects.filter(failures__gt=0)

    @classmethod
    def note_failure(cls, name: str, words: str) -> bool:
        """Count a failure; True for the one that sends it to rest."""
        now = timezone.now()
        values: dict[str, str | int | datetime] = {
            "name": name,
            "words": words[:LONGEST_WORDS],
            "now": now,
            "most": MOST_FAILURES,
            "rested": now + REST,
        }
        with connection.cursor() as cursor:
            cursor.execute(NOTE_FAILURE, values)
            return bool(cursor.fetchone() == (MOST_FAILURES,))

    @classmethod
    def wake(cls, name: str) -> bool:
        """Let whoever asks be the one that tries it after its rest; False for all others."""
        now = timezone.now()
        rested = cls.objects.filter(name=name, rests_until__lte=now)
        return rested.update(rests_until=now + REST) == 1

    @classmethod
    def note_success(cls, name: str) -> bool:
        """It is well; True for the one that ends its rest."""
        well = {"failures": 0, "rests_until": None}
        if cls.objects.filter(name=name, rests_until__isnull=False).update(**well):
            return True
        cls.objects.filter(name=name).update(**well)
        return False

    def record(self) -> records.Trouble:
        return records.Trouble(
            name=self.name,
            failures=self.failures,
            rests_until=self.rests_until,
            last_words=self.last_words,
            failed_at=self.failed_at,
        )
