"""Reading what people have proved of who they are."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, records
from townhall.machinery.actors import Actor
from townhall.machinery.operations import query


@query(permissions.KNOW_PEOPLE, told=gettext_lazy("Saw what you had proved of who you are"))
def find_proven_identity(actor: Actor, person_id: UUID) -> records.ProvenIdentity | None:
    """The newest that still counts; None if there is none."""
    mine = models.ProvenIdentity.visible_to(actor)
    current = mine.filter(person_id=person_id, expires_at__gt=timezone.now())
    newest = current.order_by("-proven_at").first()
    return newest.record() if newest else None
