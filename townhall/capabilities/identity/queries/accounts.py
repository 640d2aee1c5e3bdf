"""What identity holds of the acting person, and what they asked of it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, records
from townhall.capabilities.identity.errors import NoSuchPerson
from townhall.machinery.actors import Actor
from townhall.machinery.operations import query


@query(permissions.CHANGE_SELF, told=gettext_lazy("You looked at your own details"))
def get_myself(actor: Actor) -> records.Person:
    """Raises NoSuchPerson if nobody is signed in."""
    return _myself(actor).record()


@query(permissions.CHANGE_SELF, told=gettext_lazy("You looked at your own details"))
def find_erasure(actor: Actor) -> records.Erasure | None:
    """What the acting person asked for; None if they want to stay."""
    found = models.Erasure.visible_to(actor).first()
    return found.record() if found else None


@query(permissions.CHANGE_SELF)
def is_staff_anywhere(actor: Actor) -> bool:
    if actor.person_id is None:
        return False
    current = models.Membership.objects.filter(models.Membership.CURRENT)
    return current.filter(person_id=actor.person_id).exists()


def _myself(actor: Actor) -> models.Person:
    mine = models.Person.visible_to(actor)
    found = mine.filter(id=actor.person_id).first() if actor.person_id else None
    if found is None:
        raise NoSuchPerson(_("Sign in first."))
    return found
