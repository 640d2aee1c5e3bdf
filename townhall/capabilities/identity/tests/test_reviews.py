"""The access review: which roles nobody used, and what was decided."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from townhall.capabilities.identity import models, operations, permissions, queries
from townhall.capabilities.identity.errors import (
    AlreadyDecided,
    BadAnswer,
    LastAdministrator,
    NoSuchReview,
    NotYourself,
)
from townhall.capabilities.identity.records import Decision, Member, Review, ReviewedGrant
from townhall.capabilities.identity.tests.make import make_actor, make_member, make_organisation
from townhall.machinery.actors import Permission, permission
from townhall.machinery.errors import NotAllowed
from townhall.machinery.models import AuditEntry, RecordedEvent
from townhall.machinery.organisations import Organisation

pytestmark = pytest.mark.django_db

WORK = Permission("cases.work")  # of another capability, which this one does not import
UNSEEN = permission("test.read_weather", "Read the weather")  # of no door, so never in the audit


@pytest.fixture
def town() -> Organisation:
    return make_organisation()


@pytest.fixture
def member(town: Organisation) -> Member:
    operations.add_role(make_actor(town), title="Clerk", permissions=[WORK])
    return make_old_member(town, "clerk")


def make_old_member(town: Organisation, role: str) -> Member:
    """Someone who has had a role for years."""
    made = make_member(town, role)
    years_ago = timezone.now() - timedelta(days=800)
    models.Membership.objects.filter(person_id=made.id).update(since=years_ago)
    return made


def note_use(
    town: Organisation, person_id: UUID, *, days_ago: int = 1, action: str = "cases.claim_case"
) -> None:
    AuditEntry.objects.create(
        organisation_id=town.id,
        actor="staff:clerk",
        person_id=person_id,
        kind=AuditEntry.WRITE,
        action=action,
        done_at=timezone.now() - timedelta(days=days_ago),
    )


def listed(town: Organisation, review: Review | None = None) -> list[ReviewedGrant]:
    actor = make_actor(town)
    found = review or operations.open_review(actor)
    return list(queries.list_reviewed_grants(actor, found.id).rows)


def test_a_role_that_nobody_used_is_listed(town: Organisation, member: Member) -> None:
    note_use(town, member.id, days_ago=91)
    note_use(town, member.id, action="identity.record_sign_in")
    note_use(town, UUID(int=1))
    note_use(make_organisation(slug="oldtown", hosts=("old.example",)), member.id)

    (found,) = listed(town)

    assert (found.person_id, found.role, found.is_observable) == (member.id, "Clerk", True)
    event = RecordedEvent.objects.get(name="identity.review_opened")
    assert event.facts["listed"] == 1


def test_a_role_that_was_used_or_is_new_is_not(town: Organisation, member: Member) -> None:
    note_use(town, member.id)
    make_member(town, "clerk")

    assert listed(town) == []
    assert not RecordedEvent.objects.filter(name="identity.review_opened").exists()


def test_where_the_audit_would_not_show_its_use_the_review_says_so(town: Organisation) -> None:
    operations.add_role(make_actor(town), title="Reader", permissions=[UNSEEN])
    make_old_member(town, "reader")

    (found,) = listed(town)

    assert not found.is_observable


def test_each_organisation_has_one_review_a_quarter(town: Organisation, member: Member) -> None:
    operations.open_reviews()
    first = operations.open_review(make_actor(town))
    operations.open_reviews()

    assert [each.id for each in queries.list_reviews(make_actor(town))] == [first.id]
    assert (first.undecided, first.decided) == (1, 0)
    assert len(listed(town, first)) == 1


def test_a_role_is_kept_or_ended_with_a_reason(town: Organisation, member: Member) -> None:
    other = make_old_member(town, "clerk")
    by_person = {each.person_id: each for each in listed(town)}
    actor = make_actor(town)

    for _twice in range(2):
        operations.keep_grant(actor, by_person[member.id].id, reason="On leave")
        operations.end_reviewed_grant(actor, by_person[other.id].id, reason="Moved")

    (review,) = queries.list_reviews(actor)
    assert (review.undecided, review.decided) == (0, 2)
    decided = {each.person_id: (each.decision, each.reason) for each in listed(town, review)}
    assert decided == {
        member.id: (Decision.KEPT, "On leave"),
        other.id: (Decision.ENDED, "Moved"),
    }
    assert [each.id for each in queries.list_members(actor).rows] == [member.id]
    with pytest.raises(AlreadyDecided):
        operations.keep_grant(actor, by_person[other.id].id, reason="No")


def test_nobody_decides_about_a_role_of_their_own(town: Organisation, member: Member) -> None:
    (found,) = listed(town)
    myself = replace(make_actor(town), person_id=member.id)

    for decide in (operations.keep_grant, operations.end_reviewed_grant):
        with pytest.raises(NotYourself):
            decide(myself, found.id, reason="I like it")

    assert queries.get_reviewed_grant(myself, found.id).decision is None


def test_what_cannot_be_decided_is_refused(town: Organisation) -> None:
    operations.add_role(make_actor(town), title="Boss", permissions=[permissions.MANAGE_PEOPLE])
    make_old_member(town, "boss")
    (found,) = listed(town)
    actor = make_actor(town)
    stranger = make_actor(make_organisation(slug="oldtown", hosts=("old.example",)))

    with pytest.raises(BadAnswer):
        operations.keep_grant(actor, found.id, reason=" ")
    with pytest.raises(LastAdministrator):
        operations.end_reviewed_grant(actor, found.id, reason="Gone")
    with pytest.raises(NoSuchReview):
        operations.keep_grant(stranger, found.id, reason="Mine")
    with pytest.raises(NoSuchReview):
        queries.get_review(stranger, found.review_id)
    assert queries.list_reviewed_grants(stranger, found.review_id).rows == []
    assert queries.get_reviewed_grant(actor, found.id).decision is None
    with pytest.raises(NotAllowed):
        operations.open_review(make_actor(town, may=frozenset({permissions.KNOW_PEOPLE})))


def test_what_somebody_used_is_found_by_an_index(town: Organisation, member: Member) -> None:
    grants = models.Membership.objects.filter(person_id=member.id)
    found = models.unused(grants, actions=["cases.claim_case"], since=timezone.now())
    sql, params = found.query.sql_with_params()

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + sql, params)
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "audit_by_staff" in plan


def test_a_review_takes_few_statements_however_many_work_here(
    town: Organisation, member: Member, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _each in range(5):
        make_old_member(town, "clerk")
    roles = len(queries.list_roles(make_actor(town)))

    with django_assert_max_num_queries(roles + 16):
        operations.open_review(make_actor(town))
