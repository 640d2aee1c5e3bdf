"""Taking someone who is erased out of the collections that they asked for."""

from collections.abc import Collection as Many
from uuid import UUID

from django.db.models import Q

from townhall.machinery.actors import Actor
from townhall.machinery.files import forget_file
from townhall.machinery.holdings import ERASE
from townhall.machinery.operations import operation
from townhall.services.bulky_waste.models import Collection


@operation(ERASE)
def forget_person(actor: Actor, person_id: UUID, *, addresses: Many[str]) -> None:
    """Take out who asked and where they live. What was collected, when and for how much stays:
    rounds, figures and refunds are counted from it."""
    unnamed = Q(person_id=None, email__in=[each for each in addresses if "@" in each])
    ours = Collection.counted_for(actor).filter(Q(person_id=person_id) | unnamed)
    for row in ours.order_by("id").select_for_update():
        photo_id = row.forget()
        if photo_id is not None:
            forget_file(actor, photo_id)
