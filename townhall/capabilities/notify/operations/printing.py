"""What staff do with the letters that they print themselves."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.records import Status
from townhall.capabilities.notify.rules.printing import check_chosen
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation


@operation(permissions.PRINT_LETTERS, told=_("Posted a letter to you"))
def mark_posted(actor: Actor, *, message_ids: Sequence[UUID]) -> list[records.Message]:
    """These letters are in the post: GOV.UK Notify's "received". A second time changes nothing."""
    check_chosen(message_ids)
    waiting = models.Message.to_print(actor).filter(id__in=message_ids)
    letters = list(waiting.order_by("id").select_for_update(of=("self",)))
    ids, now = [each.id for each in letters], timezone.now()
    models.Message.objects.filter(id__in=ids).update(status=Status.DELIVERED, completed_at=now)
    return [replace(each.record(), status=Status.DELIVERED, completed_at=now) for each in letters]
