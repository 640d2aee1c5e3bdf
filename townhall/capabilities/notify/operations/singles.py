"""One message that staff send, and taking back one that is to be sent later."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import DayUsedUp, NoSuchMessage, NotScheduled
from townhall.capabilities.notify.operations.batches import check_time, whom_staff_reach
from townhall.capabilities.notify.operations.chunks import write_row
from townhall.capabilities.notify.operations.lists import (
    check_list,
    find_version,
    may_send_abroad,
    usual_origin,
)
from townhall.capabilities.notify.operations.sending import take_in
from townhall.capabilities.notify.records import ABROAD, Channel, Status
from townhall.capabilities.notify.rules.phones import is_abroad
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation

CANCELLED = gettext_lazy("Decided not to send you a message")


@operation(permissions.SEND_MESSAGES, told=gettext_lazy("Sent you a message"))
def send_one(
    actor: Actor,
    template_id: UUID,
    *,
    values: Mapping[str, str],
    made_by: str,
    scheduled_for: datetime | None = None,
) -> records.Message:
    """Send one message, now or later. `values` are by the headings that a list would have.

    Raises UnfitList for what is wrong with them, DayUsedUp, or Invalid for a time that is past or
    too far ahead.
    """
    version = find_version(actor, template_id)
    table = [list(values), list(values.values())]
    reach = whom_staff_reach(version.template)
    (row,) = check_list(version, table, abroad=may_send_abroad(actor), may_reach=reach)
    message = write_row(
        version,
        row,
        sender_id=version.template.sender_id,
        origin=usual_origin(version),
        made_by=made_by,
        scheduled_for=check_time(scheduled_for),
    )
    _count(version.template.sender, message)
    return take_in(message, actor.organisation_id)


def _count(sender: models.Sender, message: models.Message) -> None:
    most_a_day = sender.standing().most_a_day

    def take(of: str) -> bool:
        return models.DayCount.take_one(sender.id, of, most=most_a_day[of])

    if message.channel == Channel.SMS and is_abroad(message.to) and not take(ABROAD):
        raise DayUsedUp(
            _("As many texts have been sent abroad today as may be. Try again tomorrow")
        )
    if not take(message.channel):
        raise DayUsedUp(_("As many messages have been sent today as may be. Try again tomorrow"))


@operation(permissions.SEND_MESSAGES, told=CANCELLED)
def cancel_message(actor: Actor, message_id: UUID) -> records.Message:
    """Do not send what is scheduled. A second time changes nothing.

    Raises NoSuchMessage, or NotScheduled once its time has come.
    """
    return _cancel(models.Message.visible_to(actor), message_id)


@operation(permissions.SEND, told=CANCELLED)
def cancel_message_of_program(
    actor: Actor, message_id: UUID, *, program: records.Program
) -> records.Message:
    """As staff would, of what was sent with keys of the program's type."""
    mine = models.Message.visible_to(actor).filter(
        sender_id=program.sender_id, key_type=program.key_type, made_by=""
    )
    return _cancel(mine, message_id)


def _cancel(mine: QuerySet[models.Message], message_id: UUID) -> records.Message:
    """Its task finds later that there is nothing to hand over."""
    now = timezone.now()
    waiting = mine.filter(id=message_id, status=Status.CREATED, scheduled_for__gt=now)
    changed = waiting.update(status=Status.CANCELLED, completed_at=now)
    message = mine.filter(id=message_id).first()
    if message is None:
        raise NoSuchMessage(_("There is no such message. It may be too old to be kept."))
    if not changed and message.status != Status.CANCELLED:
        raise NotScheduled(_("It is on its way already."))
    return message.record()
