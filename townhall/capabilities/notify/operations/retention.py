"""What is personal is wiped after the days that each sender keeps it; much later the row goes."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.notify import models, permissions
from townhall.capabilities.notify.dials import LONGEST_KEPT, SHORTEST_KEPT, Dials
from townhall.capabilities.notify.errors import NoSuchSender
from townhall.capabilities.notify.operations.counting import STILL_CHANGING_DAYS, count_days
from townhall.machinery.actors import Actor
from townhall.machinery.dial_values import dials_of
from townhall.machinery.dials import SET_DIALS
from townhall.machinery.errors import Invalid
from townhall.machinery.operations import operation
from townhall.machinery.organisations import every_organisation
from townhall.machinery.tasks import every

ROWS_AT_ONCE = 5_000


@operation(SET_DIALS)
def set_retention(actor: Actor, sender_id: UUID, *, days: int | None) -> None:
    """Keep a sender's messages for so many days; None is for as many as the dial says.

    Raises NoSuchSender, or Invalid out of bounds.
    """
    if days is not None and not SHORTEST_KEPT <= days <= LONGEST_KEPT:
        bounds = {"lowest": SHORTEST_KEPT, "highest": LONGEST_KEPT}
        raise Invalid(_("Enter a number from %(lowest)d to %(highest)d") % bounds)
    if not models.Sender.visible_to(actor).filter(id=sender_id).update(retention_days=days):
        raise NoSuchSender(_("There is no such sender."))


@every("17 3 * * *")
def wipe_old_messages() -> None:
    """Once a day, in each organisation: count, wipe, and take out the rows wiped long ago."""
    for organisation in every_organisation():
        may = frozenset({permissions.DELIVER})
        actor = Actor("capability:notify", may, organisation.id)
        count_days(actor)
        for some in (wipe_messages, remove_wiped):
            while some(actor):
                pass


@operation(permissions.DELIVER)
def wipe_messages(actor: Actor) -> int:
    """Take what is personal out of some old messages; say of how many. 0 is when there are none."""
    usual = dials_of(actor.organisation_id, "notify", Dials).retention_days
    now = timezone.now()
    models.SandboxMessage.visible_to(actor).filter(
        arrived_at__lt=now - timedelta(days=usual)
    ).delete()
    models.Batch.expire(actor, before=now - timedelta(days=usual))
    return sum(
        _wipe(actor, whose, before=now - timedelta(days=days))
        for whose, days in _senders(actor, usual)
    )


def _senders(actor: Actor, usual: int) -> Iterator[tuple[list[UUID | None], int]]:
    """Senders by the days that they keep messages; None is for what is of no sender."""
    own = models.Sender.visible_to(actor).values_list("retention_days", "id")
    by_days: dict[int, list[UUID | None]] = {usual: [None]}
    for days, sender_id in own:
        by_days.setdefault(days or usual, []).append(sender_id)
    return ((senders, days) for days, senders in by_days.items())


def _wipe(actor: Actor, senders: list[UUID | None], *, before: datetime) -> int:
    old = models.Message.visible_to(actor).filter(created_at__lt=before, wiped_at=None)
    old = old.filter(models.Message.is_of(*senders)).exclude(models.Message.under_way())
    # Locked, so that none is sent again meanwhile: that needs its words.
    mine = old.select_for_update(of=("self",), no_key=True)
    newest_first = mine.order_by("-created_at", "-id")  # what is wiped already is older
    ids = [each.id for each in newest_first.only("id")[:ROWS_AT_ONCE]]
    some = models.Message.objects.filter(id__in=ids)
    models.Paper.visible_to(actor).filter(message_id__in=ids).delete()
    theirs = [each for each in senders if each is not None]
    models.ReceivedText.wipe(actor, theirs, before=before)
    models.CallbackDelivery.wipe(actor, theirs, before=before)
    return models.Message.wipe(some)


@operation(permissions.DELIVER)
def remove_wiped(actor: Actor) -> int:
    """Delete the rows of some messages whose counts change no more; say of how many."""
    long_ago = timezone.now() - timedelta(days=STILL_CHANGING_DAYS)
    gone = models.Message.visible_to(actor).filter(created_at__lt=long_ago, wiped_at__lt=long_ago)
    ids = list(gone.order_by("created_at").values_list("id", flat=True)[:ROWS_AT_ONCE])
    models.Message.objects.filter(id__in=ids).delete()
    return len(ids)
