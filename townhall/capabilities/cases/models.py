"""Cases and what happened to them. Two people never hold one: whose update comes first has it."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection, models
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from pydantic import TypeAdapter

from townhall.capabilities.cases import records
from townhall.machinery.actors import Actor, rows_within

ALPHABET = "23456789BCDFGHJKMNPQRTVWXZ"  # nothing to misread, and no vowels to make words with
OPEN, CLOSED = Q(closed_at=None), Q(closed_at__isnull=False)
OUTCOMES = TypeAdapter(tuple[records.Outcome, ...])


def new_reference() -> str:
    """C-7F3K-29: one of 300 million, to be read out on the telephone."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(6))
    return f"C-{letters[:4]}-{letters[4:]}"


class Case(models.Model):
    """Something to be done for someone by a time."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    reference = models.CharField(max_length=9, default=new_reference)
    service = models.SlugField()
    kind = models.SlugField()
    subject_id = models.UUIDField()
    person_id = models.UUIDField(null=True)
    title = models.CharField(max_length=200)
    summary = models.TextField()
    link = models.CharField(max_length=300)
    outcomes = models.JSONField()  # [{"code": "refunded", "label": {"en": "...", "cy": "..."}}]
    due_at = models.DateTimeField()
    opened_at = models.DateTimeField(default=timezone.now)
    claimed_by = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    outcome = models.SlugField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "reference"], name="case_reference_once"
            ),
            models.UniqueConstraint(
                fields=["organisation_id", "service", "kind", "subject_id"],
                condition=OPEN,
                name="case_open_once_for_subject",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | CLOSED & ~Q(outcome=""),
                name="case_closed_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_at=None)
                | Q(claimed_by__isnull=False, claimed_at__isnull=False),
                name="case_claimed_at_a_time",
            ),
        ]
        # Each view of the queue reads the rows of one page from an index of its own, in order.
        indexes = [
            models.Index(
                fields=["organisation_id", "due_at", "id"], name="case_open_by_due", condition=OPEN
            ),
            models.Index(
                fields=["organisation_id", "service", "kind", "due_at", "id"],
                name="case_open_of_kind",
                condition=OPEN,
            ),
            models.Index(
                fields=["organisation_id", "claimed_by", "due_at", "id"],
                name="case_open_of_mine",
                condition=OPEN & Q(claimed_by__isnull=False),
            ),
            models.Index(
                fields=["organisation_id", "due_at", "id"],
                name="case_open_unclaimed",
                condition=OPEN & Q(claimed_by=None),
            ),
            models.Index(
                fields=["organisation_id", "closed_at", "id"],
                name="case_closed_by_time",
                condition=CLOSED,
            ),
            models.Index(
                fields=["organisation_id", "service", "kind", "closed_at", "id"],
                name="case_closed_of_kind",
                condition=CLOSED,
            ),
            models.Index(
                fields=["person_id", "-opened_at", "-id"],
                name="case_of_person",
                condition=Q(person_id__isnull=False),
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Case]:
        return rows_within(actor, cls.objects.filter(organisation_id=actor.organisation_id))

    @classmethod
    def open_once(cls, case: Case) -> Case | None:
        """Store a case unless one like it is open, and give back the one that is open.

        None if that one was closed in between, or the reference was taken: ask again.
        """
        Case.objects.bulk_create([case], ignore_conflicts=True)
        return cls.objects.filter(
            OPEN,
            organisation_id=case.organisation_id,
            service=case.service,
            kind=case.kind,
            subject_id=case.subject_id,
        ).first()

    @classmethod
    def claim(cls, actor: Actor, case_id: UUID, now: datetime) -> bool:
        free = cls.visible_to(actor).filter(OPEN, id=case_id, claimed_by=None)
        return free.update(claimed_by=actor.person_id, claimed_at=now) == 1

    @classmethod
    def release(cls, actor: Actor, case_id: UUID) -> bool:
        held = cls.visible_to(actor).filter(OPEN, id=case_id, claimed_by__isnull=False)
        return held.update(claimed_by=None, claimed_at=None) == 1

    @classmethod
    def close(
        cls, actor: Actor, case_id: UUID, outcome: str, note: str, *, held_by: Q, now: datetime
    ) -> bool:
        """Close the case if it is open, knows this outcome and is held as it should be."""
        ready = cls.visible_to(actor).filter(
            OPEN, held_by, id=case_id, outcomes__contains=[{"code": outcome}]
        )
        closing = {"closed_at": now, "closed_by": actor.person_id, "outcome": outcome}
        return ready.update(**closing, note=note) == 1

    @classmethod
    def forget(cls, actor: Actor, person_id: UUID) -> None:
        """Take out of someone's cases all that says whose they were, and what they did to any."""
        theirs = cls.visible_to(actor).filter(person_id=person_id)
        CaseMoment.visible_to(actor).filter(person_id=person_id).update(person_id=None)
        CaseMoment.visible_to(actor).filter(case__in=theirs).update(note="")
        theirs.update(person_id=None, title=F("reference"), summary="", note="")

    @classmethod
    def kinds(cls, actor: Actor) -> list[tuple[str, str]]:
        """The services and kinds of open cases, found by a step in the index for each."""
        with connection.cursor() as cursor:
            cursor.execute(_KINDS, {"organisation_id": actor.organisation_id})
            found = [(service, kind) for service, kind in cursor.fetchall()]
        return [each for each in found if actor.within is None or each[0] in actor.within]

    def record(self, timeline: tuple[records.Moment, ...] = ()) -> records.Case:
        return records.Case(
            id=self.id,
            reference=self.reference,
            service=self.service,
            kind=self.kind,
            subject_id=self.subject_id,
            person_id=self.person_id,
            title=self.title,
            summary=self.summary,
            link=self.link,
            outcomes=OUTCOMES.validate_python(self.outcomes),
            due_at=self.due_at,
            opened_at=self.opened_at,
            claimed_by=self.claimed_by,
            claimed_at=self.claimed_at,
            closed_at=self.closed_at,
            closed_by=self.closed_by,
            outcome=self.outcome,
            note=self.note,
            timeline=timeline,
        )


class CaseMoment(models.Model):
    """One line of a case's timeline."""

    organisation_id = models.UUIDField()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="moments")
    at = models.DateTimeField(default=timezone.now)
    what = models.CharField(max_length=8)
    actor = models.CharField(max_length=80)
    person_id = models.UUIDField(null=True)
    note = models.TextField(blank=True)

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[CaseMoment]:
        ours = cls.objects.filter(organisation_id=actor.organisation_id)
        return rows_within(actor, ours, service="case__service")

    @classmethod
    def add(cls, actor: Actor, case_id: UUID, what: records.What, *, note: str = "") -> None:
        cls.objects.create(
            organisation_id=actor.organisation_id,
            case_id=case_id,
            what=what,
            actor=actor.name,
            person_id=actor.person_id,
            note=note,
        )

    def record(self) -> records.Moment:
        return records.Moment(
            at=self.at,
            what=records.What(self.what),
            actor=self.actor,
            person_id=self.person_id,
            note=self.note,
        )


# A DISTINCT would read every open case. https://wiki.postgresql.org/wiki/Loose_indexscan
_KINDS = """
WITH RECURSIVE step AS (
    (
        SELECT service, kind FROM cases_case
        WHERE organisation_id = %(organisation_id)s AND closed_at IS NULL
        ORDER BY service, kind LIMIT 1
    )
    UNION ALL
    SELECT after.service, after.kind FROM step CROSS JOIN LATERAL (
        SELECT service, kind FROM cases_case
        WHERE organisation_id = %(organisation_id)s AND closed_at IS NULL
            AND (service, kind) > (step.service, step.kind)
        ORDER BY service, kind LIMIT 1
    ) AS after
)
SELECT service, kind FROM step
"""
