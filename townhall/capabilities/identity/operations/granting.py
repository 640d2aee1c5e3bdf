"""How a role is granted, for every operation that grants one."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.identity import models, permissions, queries, records
from townhall.capabilities.identity.errors import (
    BadAnswer,
    ForOperators,
    LastAdministrator,
    NoSuchRole,
)
from townhall.capabilities.identity.rules.rights import end_of
from townhall.machinery.actors import Actor, permission_labels
from townhall.machinery.service import offered

EVERYWHERE = records.Where()


def grant(
    actor: Actor,
    person_id: UUID,
    slugs: Collection[str],
    *,
    where: records.Where = EVERYWHERE,
    last_day: date | None = None,
    reason: str = "",
    called: str = "",
) -> list[models.Membership]:
    """Grant roles to a person whom the organisation knows; those that they have there stay as is.

    One that came by a claim, and would go with it, is theirs from now on. Raises BadAnswer (also
    for a role that they have with another last day), NoSuchRole or NoSuchTeam, and NotAllowed for
    a role that runs the installation unless the actor may do that too.
    """
    roles = _roles(actor, set(slugs))
    ends_at = _end(last_day)
    _check_where(actor, where)
    theirs = models.Membership.visible_to(actor).filter(person_id=person_id)
    theirs.exclude(models.Membership.CURRENT).delete()  # or they would stand in the way
    here = theirs.filter(within_team_id=where.team_id, within_service=where.service)
    held = set(here.filter(by_claim=False).values_list("role_id", flat=True))
    if any(is_for_operators(role) for role in roles if role.id not in held):
        actor.require(permissions.RUN_INSTALLATION)
    given = {"ends_at": ends_at, "reason": reason.strip()[:200], "granted_by": actor.person_id}
    here.filter(role__in=roles, by_claim=True).update(by_claim=False, **given)
    first = theirs.first()
    models.Membership.objects.bulk_create(
        [
            models.Membership(
                organisation_id=actor.organisation_id,
                person_id=person_id,
                role=role,
                team_id=first.team_id if first else None,
                called=called or (first.called if first else ""),
                within_team_id=where.team_id,
                within_service=where.service,
                **given,
            )
            for role in roles
        ],
        ignore_conflicts=True,
    )
    granted = list(here.filter(role__in=roles).select_related("person", "role", "within_team"))
    if any(each.ends_at != ends_at for each in granted):
        says = _("They have this role there already, with another last day. End that one first")
        raise BadAnswer(says, fields={"last_day": says})
    return granted


def require_may_touch(actor: Actor, person_id: UUID) -> None:
    """Raise ForOperators for someone who runs the installation, unless the actor does so too."""
    if permissions.RUN_INSTALLATION in actor.may:
        return
    held = models.Membership.visible_to(actor).filter(
        models.Membership.CURRENT, person_id=person_id
    )
    if any(is_for_operators(each.role) for each in held.select_related("role")):
        raise ForOperators(
            _("They run this installation. Only someone else who runs it may change that.")
        )


def join_team(actor: Actor, person_id: UUID, team_id: UUID | None) -> None:
    """Raises NoSuchTeam."""
    if team_id is not None:
        queries.get_team(actor, team_id)
    models.Membership.visible_to(actor).filter(person_id=person_id).update(team_id=team_id)


@contextmanager
def keeping_an_administrator(actor: Actor) -> Iterator[None]:
    """Raise LastAdministrator if what happens inside leaves nobody who manages people."""
    models.Organisation.visible_to(actor).select_for_update().first()  # one change at a time
    administrators = models.Membership.of_administrators() & models.Membership.visible_to(actor)
    had_one = administrators.exists()
    yield
    if had_one and not administrators.all().exists():
        raise LastAdministrator(
            _("Somebody must be able to manage people. Give another person that role first.")
        )


def _roles(actor: Actor, slugs: set[str]) -> list[models.Role]:
    if not slugs:
        says = _("Choose at least one role")
        raise BadAnswer(says, fields={"roles": says})
    roles = list(models.Role.visible_to(actor).filter(slug__in=slugs))
    if len(roles) < len(slugs):
        raise NoSuchRole(_("There is no such role."))
    return roles


def _check_where(actor: Actor, where: records.Where) -> None:
    if where.team_id is not None:
        queries.get_team(actor, where.team_id)
    if where.service and where.service not in {each.slug for each in offered()}:
        says = _("Choose one of the services")
        raise BadAnswer(says, fields={"where": says})


def _end(last_day: date | None) -> datetime | None:
    if last_day is None:
        return None
    if last_day < timezone.localdate():
        says = _("The last day must be today or later")
        raise BadAnswer(says, fields={"last_day": says})
    return end_of(last_day, timezone.get_current_timezone())


def is_for_operators(role: models.Role) -> bool:
    return not set(role.permissions) <= set(permission_labels()) - {permissions.RUN_INSTALLATION}
