"""Who can do this, and what can they do."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, records
from townhall.capabilities.identity.errors import NoSuchGrant
from townhall.machinery.actors import Actor, Permission, permission_labels
from townhall.machinery.operations import query
from townhall.machinery.paging import Page, page_of


@query(permissions.MANAGE_PEOPLE, told=gettext_lazy("Saw what you may do"))
def list_holders(
    actor: Actor, permission: Permission, *, place: str | None = None
) -> Page[records.Grant]:
    """Every current grant of a role with this permission, the oldest first."""
    holding = _current(actor).filter(role__permissions__contains=[permission])
    return page_of(holding, models.Membership.record, order=("since", "id"), place=place)


@query(permissions.MANAGE_PEOPLE, told=gettext_lazy("Saw your roles"))
def list_grants(actor: Actor, person_id: UUID) -> list[records.Grant]:
    """The roles that someone has now, by name."""
    theirs = _current(actor).filter(person_id=person_id)
    return [grant.record() for grant in theirs.order_by("role__title", "id")]


@query(permissions.MANAGE_PEOPLE, told=gettext_lazy("Saw your roles"))
def get_grant(actor: Actor, grant_id: int) -> records.Grant:
    """Raises NoSuchGrant."""
    found = _current(actor).filter(id=grant_id).first()
    if found is None:
        raise NoSuchGrant(_("They do not have that role any more."))
    return found.record()


@query(permissions.MANAGE_PEOPLE, told=gettext_lazy("Saw what you may do"))
def list_rights(actor: Actor, person_id: UUID) -> list[records.Right]:
    """Every permission that someone has as staff, in words, and by which grants."""
    grants = list_grants(actor, person_id)
    labels = permission_labels()
    rights = [
        records.Right(
            person_id=person_id,
            permission=permission,
            label=label,
            grants=tuple(each for each in grants if permission in each.role.permissions),
        )
        for permission, label in labels.items()
    ]
    return sorted((each for each in rights if each.grants), key=lambda each: each.label)


def _current(actor: Actor) -> QuerySet[models.Membership]:
    current = models.Membership.visible_to(actor).filter(models.Membership.CURRENT)
    return current.select_related("person", "role", "within_team")
