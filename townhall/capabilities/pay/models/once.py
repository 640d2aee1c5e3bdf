"""What programs asked for under a key of theirs, so that it is done once however often they ask."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, models
from django.db.models import QuerySet
from django.utils import timezone

from townhall.capabilities.pay import records
from townhall.capabilities.pay.errors import AskedOtherwise
from townhall.capabilities.pay.models.tills import Till
from townhall.machinery.actors import Actor

# Of two that ask together the second waits here until the first has committed, or has failed.
CLAIM = """
INSERT INTO pay_once AS o (till_id, key, digest, about, made_at)
VALUES (%(till)s, %(key)s, %(digest)s, %(about)s, %(now)s)
ON CONFLICT (till_id, key) DO UPDATE
SET digest = excluded.digest, about = excluded.about, made_at = excluded.made_at
WHERE o.made_at <= excluded.made_at - interval '24 hours'
RETURNING about
"""


class Once(models.Model):
    """Written in the transaction of what was asked for; for a day it stands for that."""

    till = models.ForeignKey(Till, on_delete=models.CASCADE)
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)  # of what was asked
    about = models.UUIDField()  # the payment, refund or agreement
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["till", "key"], name="once_of_till"),
        ]
        indexes = [models.Index(fields=["made_at"], name="once_oldest_first")]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Once]:
        return cls.objects.filter(till__organisation_id=actor.organisation_id)

    @classmethod
    def claim(cls, till_id: UUID, once: records.Once, about: UUID) -> UUID | None:
        """None if the key is now of `about`; else what was made under it before.

        Raises AskedOtherwise if something else was asked for under it.
        """
        values: dict[str, str | UUID | datetime] = {
            "till": till_id,
            "key": once.key,
            "digest": once.digest,
            "about": about,
            "now": timezone.now(),
        }
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, values)
            if cursor.fetchone():
                return None
        before = cls.objects.get(till_id=till_id, key=once.key)
        if before.digest != once.digest:
            raise AskedOtherwise(
                "The `Idempotency-Key` you sent in the request header has already been used to"
                " create a payment."
            )
        return before.about
