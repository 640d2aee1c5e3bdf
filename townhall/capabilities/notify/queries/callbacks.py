"""What staff see of callbacks, and of the texts and complaints that people send."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import NoSuchCallback
from townhall.machinery.actors import Actor
from townhall.machinery.operations import query
from townhall.machinery.paging import Page, page_of

NEWEST_FIRST = ("-created_at", "-id")


@query(permissions.MANAGE_KEYS)
def list_callbacks(actor: Actor) -> list[records.Callback]:
    """The callbacks of the organisation's programs, by sender."""
    found = models.Callback.counted(actor).order_by("sender__name", "kind", "url")
    return [callback.record() for callback in found]


@query(permissions.MANAGE_KEYS)
def get_callback(actor: Actor, callback_id: UUID) -> records.Callback:
    callback = models.Callback.counted(actor).filter(id=callback_id).first()
    if callback is None:
        raise NoSuchCallback(_("There is no such callback."))
    return callback.record()


@query(permissions.MANAGE_KEYS)
def list_failed_callbacks(
    actor: Actor, *, place: str | None = None
) -> Page[records.CallbackDelivery]:
    """What callbacks were to be told and were not, newest first."""
    failed = models.CallbackDelivery.visible_to(actor).filter(given_up_at__isnull=False)
    return page_of(
        failed.select_related("callback"),
        models.CallbackDelivery.record,
        order=NEWEST_FIRST,
        place=place,
    )


@query(permissions.READ_TEXTS, told=gettext_lazy("Saw a text that you sent"))
def list_texts(actor: Actor, *, place: str | None = None) -> Page[records.ReceivedText]:
    """The texts that people sent to the organisation's numbers, newest first."""
    found = models.ReceivedText.visible_to(actor)
    return page_of(found, models.ReceivedText.record, order=NEWEST_FIRST, place=place)


@query(permissions.READ_TEXTS, told=gettext_lazy("Saw that you complained of an email"))
def list_complaints(actor: Actor, *, place: str | None = None) -> Page[records.Complaint]:
    """Whoever said that an email of the organisation is unwanted, newest first."""
    return page_of(
        models.Complaint.visible_to(actor).select_related("message__sender"),
        models.Complaint.record,
        order=("-complained_at", "-id"),
        place=place,
    )


@query(permissions.SEE_SANDBOX)
def can_answer(actor: Actor, message: records.SandboxMessage) -> bool:
    """Whether whoever got a text could answer it: it came from a number that takes texts."""
    if message.channel != records.Channel.SMS:
        return False
    ours = models.Origin.taking_texts_at(message.sent_by) & models.Origin.visible_to(actor)
    return ours.exists()
