"""Counting the messages of finished days, so that the counts outlive them."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from townhall.capabilities.notify import models, permissions, records
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation
from townhall.machinery.tasks import task

WEEK = 7
STILL_CHANGING_DAYS = 31  # later receipts are not counted any more


@task
def count_again(organisation_id: UUID) -> None:
    may = frozenset({permissions.DELIVER})
    count_days(Actor("capability:notify", may, organisation_id))


@operation(permissions.DELIVER)
def count_days(actor: Actor) -> int:
    """Count every finished day that has not been, and those that may have changed since.

    The tallies of these days are made anew as a whole, so a second time changes nothing. Says how
    many tallies there are of them.
    """
    today = timezone.localdate()
    first = _first_to_count(actor, today)
    if first is None:
        return 0
    models.Tally.lock(actor)
    tariffs = models.Tariff.all_of(actor)
    weeks = (first + timedelta(days=number) for number in range(0, (today - first).days, WEEK))
    tallies = [tally for week in weeks for tally in _count(actor, week, today, tariffs)]
    models.Tally.visible_to(actor).filter(day__gte=first, day__lt=today).delete()
    models.Tally.objects.bulk_create(tallies, batch_size=1_000)
    return len(tallies)


def _count(
    actor: Actor, first: date, today: date, tariffs: list[records.Tariff]
) -> list[models.Tally]:
    """Of one week only, so that no statement takes long."""
    end = min(today, first + timedelta(days=WEEK))
    messages = models.Message.visible_to(actor).filter(
        created_at__gte=_midnight(first), created_at__lt=_midnight(end)
    )
    return models.Tally.of_messages(actor, messages, tariffs=tariffs)


def _first_to_count(actor: Actor, today: date) -> date | None:
    """The messages of every day from this one on are all there; None if there are none at all."""
    still_changing = today - timedelta(days=STILL_CHANGING_DAYS)
    last: date | None = models.Tally.visible_to(actor).aggregate(last=Max("day"))["last"]
    if last is not None:
        return min(still_changing, last + timedelta(days=1))
    by_age = models.Message.visible_to(actor).order_by("created_at", "id")
    oldest = by_age.values_list("created_at", flat=True).first()
    return timezone.localdate(oldest) if oldest else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
