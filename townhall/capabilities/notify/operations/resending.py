"""Sending again what failed through no fault of its own."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import NoSuchMessage
from townhall.capabilities.notify.operations.delivery import deliver
from townhall.capabilities.notify.providers import names_of
from townhall.capabilities.notify.records import Channel, Status, StepKind
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation


@operation(permissions.READ_MESSAGES, told=gettext_lazy("Sent a message to you again"))
def send_again(actor: Actor, message_id: UUID) -> records.Message:
    """Begin anew with a message that came to a technical failure, under its own id.

    Anything else stays as it is, so a second time changes nothing. Its program's callbacks are
    told once more when it comes to an end. Raises NoSuchMessage.
    """
    mine = models.Message.visible_to(actor).select_for_update().filter(id=message_id)
    message = mine.first()
    if message is None:
        raise NoSuchMessage(_("There is no such message. It may be too old to be kept."))
    if message.may_be_sent_again:
        message.status, message.attempts = Status.CREATED, 0
        message.sent_at = message.completed_at = None
        if message.supplier not in names_of(Channel(message.channel)):  # else only that one
            message.supplier = ""
        message.save(update_fields=["status", "attempts", "sent_at", "completed_at", "supplier"])
        models.CallbackDelivery.visible_to(actor).filter(about=message.id).delete()
        models.Step.note(message, StepKind.SENT_AGAIN, by=actor.name)
        deliver.later(message_id=message.id, organisation_id=actor.organisation_id)
    return message.record()
