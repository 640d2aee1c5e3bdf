"""Taking someone who is erased out of what was sent to them, and out of what they sent."""

from collections.abc import Collection
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from townhall.capabilities.notify import models
from townhall.capabilities.notify.errors import NotAPhoneNumber
from townhall.capabilities.notify.records import Channel, Status
from townhall.capabilities.notify.rules.phones import clean_phone
from townhall.machinery.actors import Actor
from townhall.machinery.holdings import ERASE
from townhall.machinery.operations import operation


@operation(ERASE)
def forget_person(actor: Actor, person_id: UUID, *, addresses: Collection[str]) -> None:
    """Wipe messages to someone as if their time had come, and delete all else that is theirs.

    What names nobody is theirs if it went to one of their addresses, or came from one. What has
    not been sent yet is cancelled. That so many messages were sent stays, for what they cost.
    """
    named = (
        models.Message.visible_to(actor).filter(person_id=person_id).exclude(channel=Channel.LETTER)
    )
    sent_to = named.exclude(channel=Channel.LETTER).values_list("to", flat=True)
    known = {*addresses, *sent_to}  # one may be an earlier address
    reached = sorted({written for each in known if each for written in _as_written(each)})
    unnamed = Q(person_id=None, in_lower_case__in=reached)
    theirs = models.Message.visible_to(actor).alias(in_lower_case=Lower("to"))
    ids = list(
        theirs.filter(Q(person_id=person_id) | unnamed)
        .order_by("id")
        .select_for_update(of=("self",), no_key=True)
        .values_list("id", flat=True)
    )
    _wipe(actor, ids)
    models.LinkedFile.visible_to(actor).filter(
        Q(person_id=person_id) | Q(message_id__in=ids)
    ).delete()
    _forget_texts(actor, reached)
    _forget_lists(actor, reached)
    models.Guest.visible_to(actor).filter(Q(email__in=reached) | Q(phone__in=reached)).delete()
    sandboxed = models.SandboxMessage.visible_to(actor).alias(in_lower_case=Lower("to"))
    sandboxed.filter(in_lower_case__in=reached).delete()


def _wipe(actor: Actor, ids: list[UUID]) -> None:
    mine = models.Message.objects.filter(id__in=ids)
    mine.filter(models.Message.under_way()).update(
        status=Status.CANCELLED, completed_at=timezone.now()
    )
    models.Paper.visible_to(actor).filter(message_id__in=ids).delete()
    models.CallbackDelivery.visible_to(actor).filter(about__in=ids).delete()
    models.Message.wipe(mine)


def _forget_texts(actor: Actor, reached: list[str]) -> None:
    texts = models.ReceivedText.visible_to(actor).filter(by__in=reached)
    ids = list(texts.values_list("id", flat=True))
    models.CallbackDelivery.visible_to(actor).filter(about__in=ids).delete()
    texts.delete()


def _forget_lists(actor: Actor, reached: list[str]) -> None:
    """Rows of lists that have still to become messages: they are emptied, or numbers would not
    fit. An empty address is a message that cannot be sent."""
    if not reached:
        return
    named = reduce(or_, (Q(rows__icontains=each) for each in reached))
    for chunk in models.BatchChunk.visible_to(actor).filter(named).select_for_update():
        chunk.rows = [
            [number, "", {}, postage] if to.lower() in reached else [number, to, values, postage]
            for number, to, values, postage in chunk.rows
        ]
        chunk.save(update_fields=["rows"])


def _as_written(address: str) -> list[str]:
    """How an address may stand in our tables, in lower case."""
    if "@" in address:
        return [address.lower()]
    try:
        return [address, clean_phone(address, abroad=True).number]
    except NotAPhoneNumber:
        return [address]
