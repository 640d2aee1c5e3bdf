"""Handing over a few messages at a time: each once, whatever becomes of the others."""

from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings

from townhall.capabilities.notify import models, operations
from townhall.capabilities.notify.errors import RecipientRefused
from townhall.capabilities.notify.records import Status
from townhall.capabilities.notify.tests.bulk import HEADER, batch_of, people, send, system
from townhall.capabilities.notify.tests.make import BARSET
from townhall.machinery import providers
from townhall.machinery.errors import Unavailable
from townhall.machinery.models import RecordedEvent
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db


class Particular:
    """Says no to some people, and is away for others."""

    name = "particular"
    sender = "noreply@barset.example"

    def __init__(self) -> None:
        self.carried: list[str] = []
        self.refused: list[str] = []
        self.away: list[str] = []
        self.asked = 0

    def carry(self, _letter: EmailMessage, *, to: str, organisation_id: UUID) -> None:
        self.asked += 1
        if to in self.away:
            self.away.remove(to)
            raise Unavailable("away")
        if to in self.refused:
            raise RecipientRefused("no", reply="550 5.1.1")
        self.carried.append(to)

    def check(self) -> str:
        return ""


@pytest.fixture
def carrier(settings: Settings) -> Particular:
    settings.PROVIDERS = settings.PROVIDERS | {"notify": (f"{__name__}.Particular", {})}
    providers.chosen.cache_clear()
    chosen: Particular = providers.chosen("notify")
    return chosen


def make_messages(count: int) -> list[UUID]:
    batch = batch_of(send(rows=[HEADER, *people(count)]))
    operations.make_messages(system(), batch.id, number=0)
    return list(models.Message.objects.order_by("batch_row").values_list("id", flat=True))


def deliver(message_ids: list[UUID]) -> None:
    operations.deliver_group(message_ids=message_ids, organisation_id=BARSET.id)


def test_a_group_that_is_handed_over_twice_goes_once(carrier: Particular) -> None:
    ids = make_messages(5)

    for _time in "12":
        deliver(ids)

    assert carrier.carried == [row[0] for row in people(5)]
    assert set(models.Message.objects.values_list("status", flat=True)) == {Status.SENDING}
    assert RecordedEvent.objects.filter(name="notify.message_sent").count() == 5


def test_one_who_is_refused_leaves_the_others(carrier: Particular) -> None:
    carrier.refused = ["ann2@example.com"]

    deliver(make_messages(3))

    statuses = models.Message.objects.order_by("batch_row").values_list("status", flat=True)
    assert list(statuses) == [Status.SENDING, Status.PERMANENT_FAILURE, Status.SENDING]


def test_a_supplier_that_is_away_is_asked_once_and_later_takes_the_rest(
    carrier: Particular,
) -> None:
    carrier.away = ["ann2@example.com"]
    ids = make_messages(4)

    deliver(ids)
    asked_before = carrier.asked
    run_tasks(with_later_ones=True)

    assert asked_before == 2
    assert sorted(carrier.carried) == [row[0] for row in people(4)]
    assert set(models.Message.objects.values_list("status", flat=True)) == {Status.SENDING}


def test_a_group_costs_few_statements(
    carrier: Particular, django_assert_max_num_queries: Any
) -> None:
    ids = make_messages(25)

    with django_assert_max_num_queries(12):
        deliver(ids)

    assert len(carrier.carried) == 25
