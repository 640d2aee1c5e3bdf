"""How much was sent: finished days as they were counted, and today counted now."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Max, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.dials import Dials
from townhall.capabilities.notify.errors import NoSuchSender
from townhall.capabilities.notify.records import Channel, KeyType, Stage
from townhall.capabilities.notify.rules.costs import to_money
from townhall.capabilities.notify.rules.stages import stage_of
from townhall.machinery.actors import Actor
from townhall.machinery.dial_values import dials_of
from townhall.machinery.money import Money
from townhall.machinery.operations import query

MOST_TEMPLATES = 10
MOST_FAULTS = 5


@query(permissions.SEE_FIGURES)
def list_sender_lines(actor: Actor) -> list[records.SenderLine]:
    """The senders that there are, by name."""
    usual = dials_of(actor.organisation_id, "notify", Dials).retention_days
    return [
        records.SenderLine(
            id=sender.id,
            name=sender.name,
            retention_days=sender.retention_days,
            usual_days=usual,
        )
        for sender in models.Sender.visible_to(actor).order_by("name")
    ]


@query(permissions.SEE_FIGURES)
def get_sender_line(actor: Actor, sender_id: UUID) -> records.SenderLine:
    """Raises NoSuchSender."""
    for line in list_sender_lines(actor):
        if line.id == sender_id:
            return line
    raise NoSuchSender(_("There is no such sender."))


@query(permissions.SEE_FIGURES)
def get_figures(
    actor: Actor, *, first_on: date, last_on: date, sender_id: UUID | None = None
) -> records.Figures:
    """Of the organisation, or of one of its senders.

    What has been counted by night is read as it stands; only the days since are counted now.
    """
    tallies = models.Tally.visible_to(actor)
    counted_to = tallies.aggregate(last=Max("day"))["last"]
    tariffs = models.Tariff.all_of(actor)
    messages = _since(actor, counted_to, first_on, sender_id)
    fresh = models.Tally.of_messages(actor, messages, tariffs=tariffs)
    if sender_id is not None:
        tallies = tallies.filter(sender_id=sender_id)
    within = tallies.filter(day__range=(first_on, last_on))
    of_period = [each for each in fresh if first_on <= each.day <= last_on]
    parts = [*_by_day(within), *map(_part, of_period)]
    real = [each for each in parts if each.key_type != KeyType.TEST]
    return records.Figures(
        first_on=first_on,
        last_on=last_on,
        days=tuple(_days(real, first_on, last_on)),
        channels=tuple(_channels(real)),
        templates=tuple(_templates(actor, within, of_period)),
        cost=_cost(real),
        tests=sum(each.count for each in parts if each.key_type == KeyType.TEST),
        failed_today=_failed_today(fresh),
        faults=tuple(_faults(actor)),
        has_tariff=bool(tariffs),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """Some messages of one day, alike in what the figures are cut by."""

    day: date
    channel: str
    key_type: str
    status: str
    count: int
    units: int
    cost: int

    @property
    def stage(self) -> Stage:
        return stage_of(self.status)


def _since(
    actor: Actor, counted_to: date | None, first_on: date, sender_id: UUID | None
) -> QuerySet[models.Message]:
    """The messages of days that are not counted yet: today's, and no others on most days."""
    since = counted_to + timedelta(days=1) if counted_to else first_on
    begins_at = timezone.make_aware(datetime.combine(since, time()))
    messages = models.Message.visible_to(actor).filter(created_at__gte=begins_at)
    if sender_id is not None:
        messages = messages.filter(models.Message.is_of(sender_id))
    return messages


def _by_day(tallies: models.Tallies) -> Iterator[_Part]:
    alike = tallies.values_list("day", "channel", "key_type", "status")
    for row in alike.annotate(Sum("count"), Sum("units"), Sum("cost")).order_by():
        yield _Part(*row)


def _part(tally: models.Tally) -> _Part:
    return _Part(
        tally.day,
        tally.channel,
        tally.key_type,
        tally.status,
        tally.count,
        tally.units,
        tally.cost,
    )


def _totals(parts: Iterable[_Part]) -> records.Totals:
    counts: Counter[str] = Counter()  # by stage
    for each in parts:
        counts[each.stage] += each.count
    return records.Totals(**counts)


def _cost(parts: Iterable[_Part]) -> Money:
    return to_money(sum(each.cost for each in parts))


def _days(parts: list[_Part], first_on: date, last_on: date) -> Iterator[records.DayFigures]:
    by_day: dict[date, list[_Part]] = {}
    for each in parts:
        by_day.setdefault(each.day, []).append(each)
    for number in range((last_on - first_on).days + 1):
        day = first_on + timedelta(days=number)
        of_day = by_day.get(day, [])
        sent: Counter[str] = Counter()
        for each in (part for part in of_day if part.stage != Stage.CANCELLED):
            sent[each.channel] += each.count
        yield records.DayFigures(
            day=day,
            emails=sent[Channel.EMAIL],
            texts=sent[Channel.SMS],
            letters=sent[Channel.LETTER],
            totals=_totals(of_day),
            cost=_cost(of_day),
        )


def _channels(parts: list[_Part]) -> Iterator[records.ChannelFigures]:
    for channel in Channel:
        its = [each for each in parts if each.channel == channel]
        yield records.ChannelFigures(
            channel=channel,
            totals=_totals(its),
            units=sum(each.units for each in its),
            cost=_cost(its),
        )


def _templates(
    actor: Actor, tallies: models.Tallies, fresh: list[models.Tally]
) -> Iterator[records.TemplateFigures]:
    """Those used most, with what became of their messages."""
    counts: dict[UUID, Counter[str]] = {}
    real = tallies.exclude(key_type=KeyType.TEST).exclude(template=None)
    stored = real.values_list("template_id", "status").annotate(Sum("count")).order_by()
    now = [(each.template_id, each.status, each.count) for each in fresh if _is_real(each)]
    for template_id, status, count in [*stored, *now]:
        counts.setdefault(template_id, Counter())[stage_of(status)] += count
    most = sorted(counts, key=lambda each: (-counts[each].total(), each))[:MOST_TEMPLATES]
    found = models.Template.visible_to(actor).in_bulk(most)
    for template_id in most:
        yield records.TemplateFigures(
            template_id=template_id,
            title=found[template_id].title,
            channel=Channel(found[template_id].channel),
            totals=records.Totals(**counts[template_id]),
        )


def _is_real(tally: models.Tally) -> bool:
    return tally.template_id is not None and tally.key_type != KeyType.TEST


def _failed_today(fresh: list[models.Tally]) -> int:
    today = timezone.localdate()
    real = [each for each in fresh if each.day == today and each.key_type != KeyType.TEST]
    return sum(each.count for each in real if stage_of(each.status) == Stage.FAILED)


def _faults(actor: Actor) -> Iterator[records.Fault]:
    since = timezone.now() - timedelta(days=1)
    not_taken = models.Step.not_taken_since(actor, since).values_list("by", "words")
    for by, words, count in not_taken.annotate(count=Count("id")).order_by("-count")[:MOST_FAULTS]:
        yield records.Fault(supplier=by, words=words, count=count)
