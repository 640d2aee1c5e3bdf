"""Granting and ending roles one by one, and bringing roles up to what services now expect."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, queries, records
from townhall.capabilities.identity.errors import BadAnswer, NoSuchGrant, NoSuchRole, NoSuchTeam
from townhall.capabilities.identity.operations.granting import (
    grant,
    keeping_an_administrator,
    require_may_touch,
)
from townhall.capabilities.identity.rules.defaults import defaults
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation
from townhall.machinery.service import offered


@operation(permissions.MANAGE_PEOPLE, told=gettext_lazy("Gave you a role"))
def grant_role(
    actor: Actor,
    person_id: UUID,
    *,
    role: str,
    where: records.Where,
    last_day: date | None,
    reason: str,
) -> records.Grant:
    """Give someone who works here a role (a slug); one that they have there stays as it is.

    Raises NoSuchPerson, NoSuchRole, NoSuchTeam or BadAnswer, and NotAllowed as `add_member` does.
    """
    queries.get_member(actor, person_id)
    if not reason.strip():
        says = _("Enter why they need it")
        raise BadAnswer(says, fields={"reason": says})
    (made,) = grant(actor, person_id, [role], where=where, last_day=last_day, reason=reason)
    return made.record()


@operation(permissions.MANAGE_PEOPLE, told=gettext_lazy("Ended a role of yours"))
def end_grant(actor: Actor, grant_id: int) -> records.Grant:
    """Take one role from someone, at once. Raises NoSuchGrant or LastAdministrator."""
    mine = models.Membership.visible_to(actor).select_related("person", "role", "within_team")
    with keeping_an_administrator(actor):
        found = mine.filter(id=grant_id).first()
        if found is None:
            raise NoSuchGrant(_("They do not have that role any more."))
        require_may_touch(actor, found.person_id)
        ended = found.record()
        found.delete()
    return ended


@operation(permissions.MANAGE_PEOPLE)
def add_missing_permissions(actor: Actor, role_id: UUID) -> records.Role:
    """Give a role what the services of this release expect of it and it has not; twice is harmless.

    Raises NoSuchRole, and NotAllowed for what runs the installation unless the actor may.
    """
    role = models.Role.visible_to(actor).select_for_update().filter(id=role_id).first()
    if role is None:
        raise NoSuchRole(_("There is no such role."))
    missing = defaults().get(role.slug, frozenset()) - set(role.permissions)
    if permissions.RUN_INSTALLATION in missing:
        actor.require(permissions.RUN_INSTALLATION)
    role.permissions = sorted({*role.permissions, *missing})
    role.save(update_fields=["permissions"])
    return role.record()


@operation(permissions.MANAGE_PEOPLE)
def set_team_services(actor: Actor, team_id: UUID, *, services: list[str]) -> records.Team:
    """Say for which services (slugs) a team answers: its narrow roles reach those, at once.

    Raises NoSuchTeam or BadAnswer.
    """
    if not set(services) <= {each.slug for each in offered()}:
        says = _("Choose from the services given")
        raise BadAnswer(says, fields={"services": says})
    team = models.Team.visible_to(actor).select_for_update().filter(id=team_id).first()
    if team is None:
        raise NoSuchTeam(_("There is no such team."))
    team.services = sorted(set(services))
    team.save(update_fields=["services"])
    return team.record()
