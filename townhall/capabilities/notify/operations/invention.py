"""A past for the demo: messages that nobody sent, and what became of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.utils import timezone

from townhall.capabilities.notify import models, permissions
from townhall.capabilities.notify.operations.counting import count_days
from townhall.capabilities.notify.records import Channel, Status, StepKind
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation

MOST_A_DAY = {Channel.EMAIL: 40, Channel.SMS: 24, Channel.LETTER: 6}
KEPT_DAYS = 7
FAILS_ONE_IN = 25
PRICES = {
    "email": 5,
    "text": 233,
    "europe_times": 3,
    "world_times": 5,
    "first": 15_500,
    "second": 6_800,
    "economy": 6_100,
    "europe": 18_300,
    "rest_of_world": 19_600,
    "sheet": 600,
}


@operation(permissions.SEE_SANDBOX)
def invent_messages(actor: Actor, *, template_ids: Sequence[UUID], weeks: int) -> int:
    """Write down weeks of messages of these templates, up to now, and count them; say how many."""
    now = timezone.now()
    days = 7 * weeks
    models.Tariff.objects.get_or_create(
        organisation_id=actor.organisation_id,
        begins_on=timezone.localdate() - timedelta(days=days + 7),
        defaults=PRICES,
    )
    mine = models.TemplateVersion.newest(actor).filter(template_id__in=template_ids)
    inventor = _Inventor(actor.organisation_id, now, Random(2026))  # noqa: S311  # no secret
    messages = [each for version in mine for each in inventor.write(version, days)]
    models.Message.objects.bulk_create(messages, batch_size=1_000)
    models.Step.objects.bulk_create(
        [step for message in messages for step in _steps(message)], batch_size=1_000
    )
    may = frozenset({permissions.DELIVER})
    count_days(Actor(actor.name, may, actor.organisation_id))
    return len(messages)


@dataclass(frozen=True, slots=True)
class _Inventor:
    organisation_id: UUID
    now: datetime
    random: Random

    def write(self, version: models.TemplateVersion, days: int) -> Iterator[models.Message]:
        channel = Channel(version.template.channel)
        for age in range(days):
            midday = self.now - timedelta(days=age)
            most = MOST_A_DAY[channel] // (4 if midday.weekday() > 4 else 1)
            for _each in range(self.random.randint(most // 2, most)):
                created_at = midday - timedelta(minutes=self.random.randint(5, 300))
                yield self._one(version, channel, created_at)

    def _one(
        self, version: models.TemplateVersion, channel: Channel, created_at: datetime
    ) -> models.Message:
        sent_at = created_at + timedelta(seconds=self.random.randint(1, 20))
        message = models.Message(
            organisation_id=self.organisation_id,
            template=version.template,
            template_version=version.version,
            channel=channel,
            units=0 if channel == Channel.EMAIL else 1,
            postage="second" if channel == Channel.LETTER else "",
            status=self._status(channel),
            created_at=created_at,
            sent_at=sent_at,
        )
        if message.status not in (Status.SENDING, Status.SENT):
            message.completed_at = sent_at + timedelta(seconds=self.random.randint(1, 600))
        if self.now - created_at < timedelta(days=KEPT_DAYS):
            message.to, message.subject, message.body = self._to(channel), *_words(version)
        else:
            message.wiped_at = created_at + timedelta(days=KEPT_DAYS)
        return message

    def _status(self, channel: Channel) -> Status:
        if not self.random.randrange(FAILS_ONE_IN):
            return Status.PERMANENT_FAILURE
        return Status.DELIVERED if channel == Channel.SMS else Status.SENDING

    def _to(self, channel: Channel) -> str:
        number = self.random.randrange(1000)
        return {
            Channel.EMAIL: f"reader{number}@resident.example",
            Channel.SMS: f"447700900{number:03}",  # Ofcom keeps them for dramas
            Channel.LETTER: f"Reader {number}\n{number % 14 + 1} Abbey Walk\nPontafon\nAA1 1AA",
        }[channel]


def _words(version: models.TemplateVersion) -> tuple[str, str]:
    return version.subject_en, version.body_en


def _steps(message: models.Message) -> Iterator[models.Step]:
    if message.wiped_at is not None or message.sent_at is None:
        return
    sent_at, kind = message.sent_at, StepKind.HANDED_OVER
    yield models.Step(message=message, kind=kind, by="sandbox", happened_at=sent_at)
    if message.completed_at is None:
        return
    is_fine = message.status == Status.DELIVERED
    yield models.Step(
        message=message,
        kind=StepKind.ARRIVED if is_fine else StepKind.FAILED,
        words="" if is_fine else "550 5.1.1",
        happened_at=message.completed_at,
    )
