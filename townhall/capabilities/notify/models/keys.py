"""Programs that may send: their keys, and how fast they may."""

from __future__ import annotations

import base64
from uuid import UUID, uuid4

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import connection, models
from django.db.models import Q, QuerySet
from django.utils import timezone

from townhall.capabilities.notify import records
from townhall.machinery.actors import Actor

# Who finds none left gets no row.
TAKE_ONE = """
INSERT INTO notify_allowance AS a (sender_id, key_type, remaining, counted_at)
VALUES (%(sender)s, %(key_type)s, %(most)s - 1, clock_timestamp())
ON CONFLICT (sender_id, key_type) DO UPDATE SET
  remaining = least(%(most)s, a.remaining + %(per_second)s
    * greatest(0, extract(epoch FROM clock_timestamp() - a.counted_at))) - 1,
  counted_at = clock_timestamp()
WHERE least(%(most)s, a.remaining + %(per_second)s
    * greatest(0, extract(epoch FROM clock_timestamp() - a.counted_at))) >= 1
RETURNING 1
"""


class Sender(models.Model):
    """What an organisation's programs send as; GOV.UK Notify's wire calls its id the service."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "name"], name="sender_name_once"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Sender]:
        return cls.objects.filter(organisation_id=actor.organisation_id)


class ApiKey(models.Model):
    """A program's proof of who it is. Its secret signs tokens, so it is encrypted, not hashed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="keys")
    name = models.CharField(max_length=60)
    key_type = models.CharField(max_length=4)
    secret = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "name"], condition=Q(revoked_at=None), name="key_name_once"
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[ApiKey]:
        return cls.objects.filter(sender__organisation_id=actor.organisation_id)

    def hide(self, secret: UUID) -> None:
        """Keep the secret, readable only with this installation's SECRET_KEY."""
        self.secret = _cipher().encrypt(str(secret).encode())

    def reveal(self) -> str:
        """The secret; "" if it was hidden with a SECRET_KEY that is no longer known."""
        try:
            return _cipher().decrypt(bytes(self.secret)).decode()
        except InvalidToken:
            return ""

    def record(self) -> records.Key:
        return records.Key(
            id=self.id,
            name=self.name,
            sender=self.sender.name,
            key_type=records.KeyType(self.key_type),
            created_at=self.created_at,
            revoked_at=self.revoked_at,
            last_used_on=self.last_used_on,
        )


class Allowance(models.Model):
    """How many messages a sender may still send just now with one type of key."""

    sender = models.ForeignKey(Sender, on_delete=models.CASCADE)
    key_type = models.CharField(max_length=4)
    remaining = models.FloatField()
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
        values: dict[str, str | float] = {
            "sender": str(sender_id),
            "key_type": key_type,
            "most": most,
            "per_second": per_second,
        }
        with connection.cursor() as cursor:
            cursor.execute(TAKE_ONE, values)
            return cursor.fetchone() is not None


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derive(str(key))) for key in keys])


def _derive(key: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"notify.api_keys")
    return base64.urlsafe_b64encode(derived.derive(key.encode()))
