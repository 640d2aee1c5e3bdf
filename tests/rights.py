"""For the access walk: a review with a role nobody used, a key of a program, and a carer."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from tests.marks import Town, email_of
from townhall.capabilities.identity import models, operations, permissions
from townhall.machinery.actors import Actor


def furnish_rights(town: Town, manager: Actor) -> None:
    held = models.Membership.visible_to(manager)
    grant = held.get(person_id=town.people["crew"])
    long_ago = timezone.now() - timedelta(days=400)
    held.filter(id=grant.pk).update(since=long_ago)
    review = operations.open_review(manager)
    reviewed = models.ReviewedGrant.objects.get(review_id=review.id, membership_id=grant.pk)
    key = operations.make_program_key(
        manager,
        program="hr",
        may=[permissions.READ_MEMBERS],
        last_day=timezone.localdate() + timedelta(days=30),
    )
    town.things |= {"grant": str(grant.pk), "review": str(review.id), "reviewed": str(reviewed.id)}
    town.things |= {"program_key": str(key.id)}
    town.things["delegation"] = str(_let_act(town, until=10))
    operations.accept_delegation(_as(town, "owner"), UUID(town.things["delegation"]))
    town.things["asked"] = str(_let_act(town, until=20))


def _let_act(town: Town, *, until: int) -> UUID:
    """Someone who has every role asks the owner of requests."""
    return operations.offer_delegation(
        _as(town, "everything"),
        email=email_of(town.mark, "owner"),
        services=["bulky-waste"],
        last_day=timezone.localdate() + timedelta(days=until),
    ).id


def _as(town: Town, name: str) -> Actor:
    return town.actor(name, permissions.DELEGATE)
