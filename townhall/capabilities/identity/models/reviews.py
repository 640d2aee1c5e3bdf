"""Access reviews: the grants that nobody used, and what was decided about each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from townhall.capabilities.identity import records
from townhall.capabilities.identity.models.people import Membership, Person
from townhall.machinery.actors import Actor
from townhall.machinery.models import AuditEntry

UNDECIDED = Q(decision="")


class Review(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    quarter = models.CharField(max_length=7)  # "2026 Q4"
    opened_at = models.DateTimeField(default=timezone.now)
    unused_since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "quarter"], name="review_once_a_quarter"
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Review]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def counted(cls, actor: Actor) -> QuerySet[Review]:
        undecided = Count("reviewedgrant", filter=Q(reviewedgrant__decision=""))
        return cls.visible_to(actor).annotate(listed=Count("reviewedgrant"), undecided=undecided)

    def record(self) -> records.Review:
        """Needs `counted`."""
        listed: int = getattr(self, "listed")  # noqa: B009  # annotated
        undecided: int = getattr(self, "undecided")  # noqa: B009  # annotated
        return records.Review(
            id=self.id,
            quarter=self.quarter,
            opened_at=self.opened_at,
            unused_since=self.unused_since,
            undecided=undecided,
            decided=listed - undecided,
        )


class ReviewedGrant(models.Model):
    """A grant as it was when the review was opened; it may have gone since."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    review = models.ForeignKey(Review, on_delete=models.CASCADE)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    membership_id = models.BigIntegerField()
    person_name = models.CharField(max_length=200)
    role = models.CharField(max_length=100)
    team = models.CharField(max_length=100, blank=True)
    service = models.SlugField(blank=True)
    since = models.DateTimeField()
    is_observable = models.BooleanField()
    decision = models.CharField(max_length=5, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "membership_id"], name="reviewed_once"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None)
                | Q(decision__in=["kept", "ended"], decided_at__isnull=False) & ~Q(reason=""),
                name="reviewed_grant_decided_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["review", "person_name", "id"], name="reviewed_grant_by_name"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[ReviewedGrant]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def of(cls, review: Review, grant: Membership, *, is_observable: bool) -> ReviewedGrant:
        """Needs the grant's person, role and team to be selected."""
        return cls(
            organisation_id=review.organisation_id,
            review=review,
            person_id=grant.person_id,
            membership_id=grant.pk,
            person_name=grant.called or grant.person.name,
            role=grant.role.title,
            team=grant.within_team.name if grant.within_team else "",
            service=grant.within_service,
            since=grant.since,
            is_observable=is_observable,
        )

    def record(self, decided_by: str = "") -> records.ReviewedGrant:
        return records.ReviewedGrant(
            id=self.id,
            review_id=self.review_id,
            person_id=self.person_id,
            person=self.person_name,
            role=self.role,
            team=self.team,
            service=self.service,
            since=self.since,
            is_observable=self.is_observable,
            decision=records.Decision(self.decision) if self.decision else None,
            reason=self.reason,
            decided_by=decided_by,
            decided_at=self.decided_at,
        )


def unused(
    grants: QuerySet[Membership], *, actions: Collection[str], since: datetime
) -> QuerySet[Membership]:
    """Those whose people have done none of these actions as staff since then; by an index."""
    done = AuditEntry.objects.filter(
        actor__startswith="staff:",
        person_id=OuterRef("person_id"),
        action__in=sorted(actions),
        done_at__gte=since,
        organisation_id=OuterRef("organisation_id"),
    )
    return grants.filter(Membership.CURRENT, ~Exists(done), since__lt=since)
