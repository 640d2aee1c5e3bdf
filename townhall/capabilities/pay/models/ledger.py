"""The ledger: double entry, append-only. The database sees to both: migration 0002."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.db import models
from django.db.models import QuerySet, Sum
from django.utils import timezone

from townhall.capabilities.pay import records
from townhall.capabilities.pay.records import EntryKind, Purpose
from townhall.machinery.actors import Actor
from townhall.machinery.money import Money


class Account(models.Model):
    """One purpose of one organisation in one currency. Its balance is the sum of its postings."""

    organisation_id = models.UUIDField()
    purpose = models.CharField(max_length=12)
    detail = models.CharField(max_length=60, blank=True)
    is_live = models.BooleanField()
    currency = models.CharField(max_length=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "is_live", "purpose", "detail", "currency"],
                name="account_once",
            ),
            models.CheckConstraint(
                condition=models.Q(purpose__in=[each.value for each in Purpose]),
                name="account_of_a_purpose",
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Account]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def opened(
        cls, organisation_id: UUID, purpose: Purpose, detail: str, *, is_live: bool, currency: str
    ) -> Account:
        """The account, made if it is the first time; at once, whoever else makes it."""
        return cls.objects.get_or_create(
            organisation_id=organisation_id,
            purpose=purpose,
            detail=detail,
            is_live=is_live,
            currency=currency,
        )[0]

    def record(self) -> records.Account:
        return records.Account(
            id=self.id,
            purpose=Purpose(self.purpose),
            detail=self.detail,
            is_live=self.is_live,
            currency=self.currency,
        )


class Entry(models.Model):
    """One thing that happened to money, once: the second of the same is refused by its key."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    kind = models.CharField(max_length=10)
    about = models.UUIDField()
    note = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "about"], name="entry_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[each.value for each in EntryKind]),
                name="entry_of_a_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation_id", "-made_at", "-id"], name="entry_newest_first"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Entry]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def make(
        cls,
        organisation_id: UUID,
        kind: EntryKind,
        about: UUID,
        legs: Sequence[tuple[Account, int]],
        *,
        note: str = "",
    ) -> Entry:
        """Write it with its postings, in the transaction of what it is about."""
        entry = cls.objects.create(
            organisation_id=organisation_id, kind=kind, about=about, note=note[:500]
        )
        Posting.objects.bulk_create(
            Posting(entry=entry, account=account, currency=account.currency, minor=minor)
            for account, minor in legs
        )
        return entry

    def record(self) -> records.Entry:
        return records.Entry(
            id=self.id,
            kind=EntryKind(self.kind),
            about=self.about,
            made_at=self.made_at,
            note=self.note,
            postings=tuple(posting.record() for posting in self.postings.all()),
        )


class Posting(models.Model):
    """One leg of an entry. Debits are positive."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    currency = models.CharField(max_length=3)  # the account's: a key of both says so
    minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(minor=0), name="posting_of_money"),
        ]
        indexes = [models.Index(fields=["account", "-id"], name="posting_newest_first")]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Posting]:
        return cls.objects.filter(entry__organisation_id=actor.organisation_id)

    @classmethod
    def balance_of(cls, account: Account) -> Money:
        total = cls.objects.filter(account=account).aggregate(total=Sum("minor"))["total"]
        return Money(int(total or 0), account.currency)

    def record(self) -> records.Posting:
        return records.Posting(
            account=self.account.record(), amount=Money(self.minor, self.currency)
        )
