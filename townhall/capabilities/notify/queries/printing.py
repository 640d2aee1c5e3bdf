"""Letters that staff print and post themselves."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import NoSuchMessage, PostedMeanwhile
from townhall.capabilities.notify.rules.printing import BATCH, check_chosen
from townhall.machinery.actors import Actor
from townhall.machinery.operations import query
from townhall.machinery.paging import Page, page_of

SEEN = gettext_lazy("Printed a letter to you, or saw that it waits to be printed")


@query(permissions.PRINT_LETTERS, told=SEEN)
def list_letters_to_print(actor: Actor, *, place: str | None = None) -> Page[records.LetterToPrint]:
    """The letters that wait, the oldest first."""
    waiting = models.Message.to_print(actor)
    order = ("created_at", "id")
    return page_of(waiting, models.Message.letter_to_print, order=order, place=place, size=BATCH)


@query(permissions.PRINT_LETTERS, told=SEEN)
def list_papers_to_print(
    actor: Actor, *, message_ids: Sequence[UUID]
) -> list[records.PrintedLetter]:
    """What is to be printed of these letters, the oldest first.

    Raises Invalid if there are none, PostedMeanwhile if one of them waits no more, and
    NoSuchMessage if none does.
    """
    check_chosen(message_ids)
    waiting = models.Message.to_print(actor).filter(id__in=message_ids)
    papers = models.Paper.objects.filter(message__in=waiting).select_related("message")
    found = [paper.record() for paper in papers.order_by("message__created_at", "message_id")]
    if not found:
        raise NoSuchMessage(_("There is no such letter to print."))
    if len(found) < len(set(message_ids)):
        raise PostedMeanwhile(
            _("Somebody has posted one of these letters. Go back to the letters to print.")
        )
    return found
