"""What is counted of each day, and what messages cost from which day on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django.db import connection, models
from django.db.models import Case, Count, ExpressionWrapper, F, IntegerField, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from townhall.capabilities.notify import records
from townhall.capabilities.notify.models.keys import Sender
from townhall.capabilities.notify.models.messages import Message
from townhall.capabilities.notify.models.templates import Template
from townhall.capabilities.notify.rules.costs import price, tariff_on
from townhall.machinery.actors import Actor

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
POSTAGES = ("first", "second", "economy", "europe", "rest-of-world")


class Tariff(models.Model):
    """What messages cost from a day on, in hundredths of a penny."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    begins_on = models.DateField()
    email = models.PositiveIntegerField()
    text = models.PositiveIntegerField()
    europe_times = models.PositiveSmallIntegerField()
    world_times = models.PositiveSmallIntegerField()
    first = models.PositiveIntegerField()
    second = models.PositiveIntegerField()
    economy = models.PositiveIntegerField()
    europe = models.PositiveIntegerField()
    rest_of_world = models.PositiveIntegerField()
    sheet = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "begins_on"], name="tariff_begins_once"
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Tariff]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def all_of(cls, actor: Actor) -> list[records.Tariff]:
        """The newest first."""
        return [each.record() for each in cls.visible_to(actor).order_by("-begins_on")]

    def record(self) -> records.Tariff:
        return records.Tariff(
            id=self.id,
            begins_on=self.begins_on,
            email=self.email,
            text=self.text,
            europe_times=self.europe_times,
            world_times=self.world_times,
            sheet=self.sheet,
            letters={each: getattr(self, each.replace("-", "_")) for each in POSTAGES},
        )


class Tally(models.Model):
    """How many messages of one day, alike in everything here, there were, and what they cost.

    Written by night from the messages of the day, and again while these may still change; no send
    and no receipt touches it. It outlives the messages.
    """

    organisation_id = models.UUIDField()
    day = models.DateField()  # in the time of the installation
    sender = models.ForeignKey(Sender, null=True, on_delete=models.PROTECT)  # whose template
    template = models.ForeignKey(Template, null=True, on_delete=models.PROTECT)
    channel = models.CharField(max_length=6)
    key_type = models.CharField(max_length=4)
    status = models.CharField(max_length=20)
    count = models.PositiveIntegerField()
    units = models.PositiveIntegerField()  # fragments of texts, sheets of letters
    cost = models.PositiveBigIntegerField()  # in hundredths of a penny

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    *("organisation_id", "day", "sender", "template"),
                    *("channel", "key_type", "status"),
                ],
                nulls_distinct=False,
                name="tally_once",
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Tally]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def lock(cls, actor: Actor) -> None:
        """Let nobody else count this organisation's messages until the transaction ends."""
        with connection.cursor() as cursor:
            cursor.execute(LOCK, [f"notify_tally {actor.organisation_id}"])

    @classmethod
    def of_messages(
        cls, actor: Actor, messages: QuerySet[Message], *, tariffs: list[records.Tariff]
    ) -> list[Tally]:
        """Count messages now, in one statement; what comes of it is not stored."""
        found: dict[tuple[object, ...], Tally] = {}
        for group in _groups(messages):
            alike = {
                "day": group.day,
                "sender_id": group.whose,
                "template_id": group.template_id,
                "channel": group.channel,
                "key_type": group.key_type,
                "status": group.status,
            }
            empty = cls(organisation_id=actor.organisation_id, count=0, units=0, cost=0, **alike)
            tally = found.setdefault(tuple(alike.values()), empty)
            tally.count += group.count
            tally.units += group.units
            tally.cost += group.cost(tariffs)
        return list(found.values())


@dataclass(frozen=True, slots=True)
class _Group:
    """Messages alike in everything that their count and their cost depend on."""

    day: date
    whose: UUID | None
    template_id: UUID | None
    channel: str
    key_type: str
    status: str
    postage: str
    zone: str
    is_charged: bool
    count: int
    units: int

    def cost(self, tariffs: list[records.Tariff]) -> int:
        if not self.is_charged:
            return 0
        return price(
            tariff_on(tariffs, self.day),
            records.Channel(self.channel),
            count=self.count,
            units=self.units,
            postage=self.postage,
            zone=self.zone,
        )


def _groups(messages: QuerySet[Message]) -> Iterator[_Group]:
    sheets = Case(
        When(channel=records.Channel.LETTER, then=(F("units") + 1) / 2),
        default="units",
        output_field=IntegerField(),
    )
    alike = messages.values_list(
        TruncDate("created_at", tzinfo=timezone.get_default_timezone()),
        Coalesce("sender_id", "template__sender_id"),
        *("template_id", "channel", "key_type", "status", "postage", "zone"),
        ExpressionWrapper(
            Q(sent_at__isnull=False) & ~Q(key_type=records.KeyType.TEST),
            output_field=models.BooleanField(),
        ),
    )
    for row in alike.annotate(Count("id"), sheets=Sum(sheets)).order_by():
        yield _Group(*row)


Tallies = QuerySet[Tally]
