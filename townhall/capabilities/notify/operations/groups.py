"""Handing over the messages of a batch a few at a time: most of what one costs is shared."""

import time
from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import RecipientRefused
from townhall.capabilities.notify.events import MessageSent
from townhall.capabilities.notify.operations.callbacks import tell_of_delivery
from townhall.capabilities.notify.operations.delivery import (
    ALREADY_KNOWN,
    carry,
    fail_message,
    hand_over,
    name_of,
    put_off,
)
from townhall.capabilities.notify.operations.routing import GivenMeanwhile, find_troubles
from townhall.capabilities.notify.providers import preferred
from townhall.capabilities.notify.records import Channel, KeyType, Status, StepKind
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Unavailable
from townhall.machinery.events import emit_all
from townhall.machinery.operations import errand, operation
from townhall.machinery.tasks import task

GROUP = 25
UNSTORED_SECONDS = 1.0  # that something handed over may wait to be stored as such


@task
def deliver_group(message_ids: list[UUID], organisation_id: UUID) -> None:
    """Take a few messages to their supplier. May run twice: what is sent is not sent again."""
    may = frozenset({permissions.DELIVER})
    carry_group(Actor("capability:notify", may, organisation_id), message_ids)


@errand(permissions.DELIVER)
def carry_group(actor: Actor, message_ids: Sequence[UUID]) -> None:
    """Hand over those messages of one organisation that are not sent, and store what came of it.

    A supplier that is away is not asked for each of them. What goes wrong with one of them keeps
    no other back, and is raised when what came of the others is stored: the task that runs again
    then finds only that one.
    """
    mine = models.Message.visible_to(actor).filter(id__in=message_ids, status=Status.CREATED)
    mine = mine.filter(attempts=0)  # what was put off has a task of its own
    found = {each.id: each for each in mine.select_related("template")}
    unsent = [found[each] for each in message_ids if each in found]
    faults: list[Exception] = []
    group = _Group(actor, unsent)
    try:
        for place, message in enumerate(unsent):
            try:
                group.carry(message)
            except Unavailable as away:
                group.store()
                _put_off(actor, unsent[place:], str(away))
                break
            except Exception as fault:  # noqa: BLE001  raised below, once the others have gone
                faults.append(fault)
    finally:
        group.store()
    if faults:
        raise faults[0]


class _Group:
    """Messages on their way, and which of them suppliers have and that is not stored yet.

    Storing is shared, but with a slow supplier each is stored by itself: a worker that is killed
    leaves at most UNSTORED_SECONDS of messages that are handed over again.
    """

    def __init__(self, actor: Actor, messages: Sequence[models.Message]) -> None:
        self.actor = actor
        languages = {each.language for each in messages}
        self.names = {each: name_of(actor.organisation_id, each) for each in languages}
        self.troubles = find_troubles()
        self.handed: dict[UUID, tuple[str, Status]] = {}
        self.began = time.monotonic()

    def carry(self, message: models.Message) -> None:
        if message.channel == Channel.LETTER or message.key_type == KeyType.TEST:
            carry(self.actor, message.id)
            return
        supplier = ""
        try:
            supplier, status = hand_over(message, self.names[message.language], self.troubles)
            self.handed[message.id] = supplier, status
        except RecipientRefused as refusal:
            failed = Status.PERMANENT_FAILURE
            fail_message(self.actor, message.id, status=failed, cause=refusal.reply)
        except GivenMeanwhile:  # this task runs twice just now
            return
        self._look_again(message, supplier)
        if time.monotonic() - self.began > UNSTORED_SECONDS:
            self.store()

    def _look_again(self, message: models.Message, supplier: str) -> None:
        """One that was in trouble may be well now, or the preferred one be in trouble."""
        usual = preferred(Channel(message.channel))
        if self.troubles or supplier not in ("", usual):
            self.troubles = find_troubles()

    def store(self) -> None:
        if self.handed:
            mark_group_sent(self.actor, self.handed)
            self.handed = {}
        self.began = time.monotonic()


def _put_off(actor: Actor, messages: Sequence[models.Message], words: str) -> None:
    for message in messages:
        put_off(actor, message.id, attempts=message.attempts, words=words)


@operation(permissions.DELIVER, told=ALREADY_KNOWN)
def mark_group_sent(actor: Actor, handed: dict[UUID, tuple[str, Status]]) -> list[records.Message]:
    """Suppliers have these: which, and what is known. What is known to be sent stays as it is."""
    mine = models.Message.visible_to(actor).select_for_update(of=("self",))
    locked = mine.select_related("template").filter(id__in=handed, status=Status.CREATED)
    found = list(locked.order_by("id"))
    now = timezone.now()
    for supplier, status in {handed[each.id] for each in found}:
        rows = [each for each in found if handed[each.id] == (supplier, status)]
        models.Message.mark_sent(rows, status, supplier=supplier, at=now)
        models.Step.note_all(rows, StepKind.HANDED_OVER, by=supplier)
    emit_all([_sent(each) for each in found])
    for each in found:
        if each.status == Status.DELIVERED:
            tell_of_delivery(each)
    return [each.record() for each in found]


def _sent(message: models.Message) -> MessageSent:
    return MessageSent(
        organisation_id=message.organisation_id,
        message_id=message.id,
        template=message.template.name if message.template else "",
        person_id=message.person_id,
        reference=message.reference,
    )
