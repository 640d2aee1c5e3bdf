"""What messages cost, worked out when someone asks."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils import timezone

from townhall.capabilities.notify import models, records
from townhall.capabilities.notify.rules.costs import cost_of, tariff_on
from townhall.capabilities.notify.rules.stages import WAITING
from townhall.machinery.actors import Actor
from townhall.machinery.dials import SET_DIALS
from townhall.machinery.operations import query


@query(SET_DIALS)
def list_tariffs(actor: Actor) -> list[records.Tariff]:
    """The newest first; one may begin later than today."""
    return models.Tariff.all_of(actor)


def with_costs(messages: Iterable[records.Message], *, asker: Actor) -> list[records.Message]:
    """The same messages, and what each costs; one statement for them all."""
    tariffs = models.Tariff.all_of(asker)
    return [replace(message, cost=_cost(tariffs, message)) for message in messages]


def _cost(tariffs: list[records.Tariff], message: records.Message) -> records.Cost:
    return cost_of(
        tariff_on(tariffs, timezone.localdate(message.created_at)),
        message.channel,
        key_type=message.key_type,
        pages_or_fragments=message.units,
        postage=message.postage,
        zone=message.zone,
        is_handed_over=message.sent_at is not None,
        is_finished=message.status not in WAITING,
    )
