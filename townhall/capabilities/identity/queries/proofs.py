"""Reading what people have proved of who they are."""

from uuid import UUID

from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, records
from townhall.machinery.actors import Actor
from townhall.machinery.operations import query


@query(permissions.KNOW_PEOPLE, told=gettext_lazy("Saw what you had proved of who you are"))
def find_proven_identity(actor: Actor, person_id: UUID) -> records.ProvenIdentity | None:
    """The surest that still counts, of these what lasts longest; None if there is none."""
    surest = models.ProvenIdentity.current(actor).filter(person_id=person_id).first()
    return surest.record() if surest else None
