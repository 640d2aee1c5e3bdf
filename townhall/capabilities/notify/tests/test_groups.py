"""Handing over a few messages at a time: each once, whatever becomes of the others."""

from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings

from townhall.capabilities.notify import models, operations
from townhall.capabilities.notify.errors import RecipientRefused
from townhall.capabilities.notify.records import Channel, PrintJob, Status, StepKind
from townhall.capabilities.notify.tests.bulk import HEADER, batch_of, people, send, system
from townhall.capabilities.notify.tests.channels import make
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
        self.broken: list[str] = []
        self.asked = 0

    def carry(self, _letter: EmailMessage, *, to: str, organisation_id: UUID) -> None:
        self.asked += 1
        if to in self.away:
            self.away.remove(to)
            raise Unavailable("away")
        if to in self.refused:
            raise RecipientRefused("no", reply="550 5.1.1")
        if to in self.broken:
            raise KeyError("a bug")
        self.carried.append(to)

    def check(self) -> str:
        return ""


class Jammed:
    """A printer whose first sheet nobody has thought of."""

    name = "jammed"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def carry(self, job: PrintJob, *, organisation_id: UUID) -> Status:
        self.asked.append(job.to.partition("\n")[0])
        if len(self.asked) == 1:
            raise KeyError("a bug")
        return Status.SENDING


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

    assert statuses() == [Status.SENDING, Status.PERMANENT_FAILURE, Status.SENDING]


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


def statuses() -> list[str]:
    return list(models.Message.objects.order_by("batch_row").values_list("status", flat=True))


def test_a_fault_in_one_keeps_no_other_back_and_none_goes_twice(carrier: Particular) -> None:
    carrier.broken = ["ann3@example.com"]
    ids = make_messages(5)

    for _time in "12":
        with pytest.raises(KeyError):
            deliver(ids)

    assert carrier.carried == [row[0] for row in people(5) if row[0] not in carrier.broken]
    assert statuses() == [Status.CREATED if row == 2 else Status.SENDING for row in range(5)]
    carrier.broken = []
    deliver(ids)
    assert len(carrier.carried) == 5


def test_after_a_fault_what_was_put_off_waits_all_the_same(carrier: Particular) -> None:
    carrier.broken, carrier.away = ["ann1@example.com"], ["ann3@example.com"]
    ids = make_messages(4)

    for _time in "12":
        with pytest.raises(KeyError):
            deliver(ids)

    assert carrier.carried == ["ann2@example.com"]
    attempts = models.Message.objects.order_by("batch_row").values_list("attempts", flat=True)
    assert list(attempts) == [0, 0, 1, 1]


def test_an_email_that_cannot_be_written_is_given_up_alone(carrier: Particular) -> None:
    ids = make_messages(3)
    models.Message.objects.filter(id=ids[1]).update(to="john.@example.com")

    deliver(ids)

    assert statuses() == [Status.SENDING, Status.PERMANENT_FAILURE, Status.SENDING]
    assert models.Step.objects.get(kind=StepKind.FAILED).words == "cannot be written"


def test_a_letter_that_jams_keeps_no_other_back(settings: Settings) -> None:
    settings.PROVIDERS = settings.PROVIDERS | {"notify.letters": (f"{__name__}.Jammed", {})}
    providers.chosen.cache_clear()
    rows = [["address line 1", "address line 2", "postcode", "name"]]
    rows += [[name, "1 Abbey Walk", "SW1A 1AA", name] for name in ("Ann", "Bo")]
    batch = batch_of(send(template_id=str(make(Channel.LETTER).id), rows=rows))
    operations.make_messages(system(), batch.id, number=0)

    with pytest.raises(KeyError):
        deliver(list(models.Message.objects.order_by("batch_row").values_list("id", flat=True)))

    assert statuses() == [Status.CREATED, Status.SENDING]


def test_a_group_costs_few_statements(
    carrier: Particular, django_assert_max_num_queries: Any
) -> None:
    ids = make_messages(25)

    with django_assert_max_num_queries(12):
        deliver(ids)

    assert len(carrier.carried) == 25
