"""What the crew found at the door."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.files import MEGABYTE, PICTURES, keep
from townhall.machinery.operations import operation
from townhall.services.bulky_waste import letters, records
from townhall.services.bulky_waste.errors import NotInThatState
from townhall.services.bulky_waste.models import Collection
from townhall.services.bulky_waste.operations.telling import (
    NO_REFUND,
    REBOOKED,
    REFUND,
    ask_staff,
    tell,
)
from townhall.services.bulky_waste.records import State, Visit
from townhall.services.bulky_waste.service import ROUND

_LETTER = {
    Visit.COLLECTED: letters.COLLECTED,
    Visit.NOT_OUT: letters.NOT_OUT,
    Visit.WRONG_ITEMS: letters.WRONG_ITEMS,
}
_TITLE = {Visit.NOT_OUT: "Not out", Visit.WRONG_ITEMS: "Wrong items"}


@operation(ROUND, told=_("Recorded the visit to your home"))
def record_visit(
    actor: Actor,
    collection_id: UUID,
    *,
    visit: Visit,
    note: str = "",
    photo: bytes | None = None,
) -> records.Collection:
    """Say what happened at one stop; the resident is told, and staff asked if nothing was taken.

    The same visit recorded twice is harmless; another one is refused, for the resident knows the
    first already.
    """
    row = Collection.locked_on_round(actor, collection_id)
    if row.visit == visit:
        return row.record()
    _may_be_visited(row)
    if visit == Visit.WRONG_ITEMS and not note:
        raise Invalid(_("Say what was there instead."), fields={"note": ""})
    if photo:
        row.photo_id = keep(
            actor, photo, name=f"{row.reference}", types=PICTURES, most_bytes=10 * MEGABYTE
        )
    row.visit, row.visit_note, row.visited_at = visit, note, timezone.now()
    row.state = State.COLLECTED if visit == Visit.COLLECTED else State.MISSED
    if row.state == State.MISSED:
        row.missed_on = row.collects_on
        row.refund_due_minor = row.price_minor - row.refunded_minor
        ask_staff(actor, row, visit, _TITLE[visit], outcomes=(REFUND, REBOOKED, NO_REFUND))
    row.save()
    tell(actor, row, _LETTER[visit], note=note)
    return row.record()


def _may_be_visited(row: Collection) -> None:
    if row.state in (State.COLLECTED, State.MISSED):
        raise NotInThatState(
            _("This visit is recorded already, and the resident was told. Ask the office.")
        )
    row.must_be(State.BOOKED)
    if row.collects_on > timezone.localdate():
        raise NotInThatState(_("This collection is on a later day."))
