"""Access reviews: one is opened each quarter, and somebody decides about each grant on it."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import events, models, permissions, records
from townhall.capabilities.identity.dials import OWNER, OrganisationDials
from townhall.capabilities.identity.errors import (
    AlreadyDecided,
    BadAnswer,
    NoSuchReview,
    NotYourself,
)
from townhall.capabilities.identity.operations.granting import (
    keeping_an_administrator,
    require_may_touch,
)
from townhall.capabilities.identity.rules.rights import quarter_of
from townhall.machinery.actors import Actor, Permission
from townhall.machinery.dial_values import dials_of
from townhall.machinery.events import emit
from townhall.machinery.operations import actions_of, operation
from townhall.machinery.organisations import every_organisation
from townhall.machinery.tasks import every


@every("0 6 1 1,4,7,10 *")
def open_reviews() -> None:
    """On the first day of each quarter, for every organisation."""
    may = frozenset({permissions.MANAGE_PEOPLE})
    for organisation in every_organisation():
        open_review(Actor("capability:identity", may, organisation.id))


@operation(permissions.MANAGE_PEOPLE)
def open_review(actor: Actor) -> records.Review:
    """List the grants that nobody has used; the review of this quarter, if there is one already."""
    days = dials_of(actor.organisation_id, OWNER, OrganisationDials).unused_days
    now = timezone.now()
    review, is_new = models.Review.objects.get_or_create(
        organisation_id=actor.organisation_id,
        quarter=quarter_of(timezone.localdate(now)),
        defaults={"unused_since": now - timedelta(days=days)},
    )
    if is_new:
        listed = models.ReviewedGrant.objects.bulk_create(_unused(actor, review), batch_size=1000)
        if listed:
            opened = events.ReviewOpened(
                organisation_id=actor.organisation_id, review_id=review.id, listed=len(listed)
            )
            emit(opened)
    return models.Review.counted(actor).get(id=review.id).record()


@operation(permissions.MANAGE_PEOPLE, told=gettext_lazy("Reviewed your roles: you keep one"))
def keep_grant(actor: Actor, reviewed_id: UUID, *, reason: str) -> records.ReviewedGrant:
    """Say that someone else still needs a role.

    Raises NoSuchReview, BadAnswer, AlreadyDecided, or NotYourself for a role of the actor's own.
    """
    return _decide(actor, reviewed_id, records.Decision.KEPT, reason)


@operation(permissions.MANAGE_PEOPLE, told=gettext_lazy("Reviewed your roles: one has ended"))
def end_reviewed_grant(actor: Actor, reviewed_id: UUID, *, reason: str) -> records.ReviewedGrant:
    """Take the role away, if it is still there.

    Raises LastAdministrator, ForOperators, and as `keep_grant`.
    """
    with keeping_an_administrator(actor):
        decided = _decide(actor, reviewed_id, records.Decision.ENDED, reason)
        reviewed = models.ReviewedGrant.visible_to(actor).get(id=reviewed_id)
        require_may_touch(actor, reviewed.person_id)
        models.Membership.visible_to(actor).filter(id=reviewed.membership_id).delete()
    return decided


def _decide(
    actor: Actor, reviewed_id: UUID, decision: records.Decision, reason: str
) -> records.ReviewedGrant:
    if not reason.strip():
        says = _("Enter why")
        raise BadAnswer(says, fields={"reason": says})
    mine = models.ReviewedGrant.visible_to(actor).filter(id=reviewed_id)
    if actor.person_id is not None and mine.filter(person_id=actor.person_id).exists():
        raise NotYourself(_("This role is yours. Ask another administrator to decide about it."))
    mine.filter(models.UNDECIDED).update(
        decision=decision,
        reason=reason.strip()[:200],
        decided_by=actor.person_id,
        decided_at=timezone.now(),
    )
    found = mine.first()
    if found is None:
        raise NoSuchReview(_("That is not on any list of roles to review."))
    if found.decision != decision:
        raise AlreadyDecided(_("Someone has decided otherwise about that role already."))
    return found.record()


def _unused(actor: Actor, review: models.Review) -> Iterator[models.ReviewedGrant]:
    grants = models.Membership.visible_to(actor).select_related("person", "role", "within_team")
    for role in models.Role.visible_to(actor):
        actions = {
            each for permission in role.permissions for each in actions_of(Permission(permission))
        }
        found = models.unused(grants.filter(role=role), actions=actions, since=review.unused_since)
        for grant in found:
            yield models.ReviewedGrant.of(review, grant, is_observable=bool(actions))
