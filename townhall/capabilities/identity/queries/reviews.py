"""Reading access reviews."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, records
from townhall.capabilities.identity.errors import NoSuchReview
from townhall.machinery.actors import Actor
from townhall.machinery.operations import query
from townhall.machinery.paging import Page, page_of

SHOWN = 20  # five years


@query(permissions.MANAGE_PEOPLE)
def list_reviews(actor: Actor) -> list[records.Review]:
    """The latest first."""
    found = models.Review.counted(actor).order_by("-opened_at")[:SHOWN]
    return [review.record() for review in found]


@query(permissions.MANAGE_PEOPLE)
def get_review(actor: Actor, review_id: UUID) -> records.Review:
    found = models.Review.counted(actor).filter(id=review_id).first()
    if found is None:
        raise NoSuchReview(_("There is no such review."))
    return found.record()


@query(permissions.MANAGE_PEOPLE, told=gettext_lazy("Saw a role of yours that nobody had used"))
def list_reviewed_grants(
    actor: Actor, review_id: UUID, *, place: str | None = None
) -> Page[records.ReviewedGrant]:
    """What is on a review, by name."""
    listed = models.ReviewedGrant.visible_to(actor).filter(review_id=review_id)
    page = page_of(listed, lambda row: row, order=("person_name", "id"), place=place)
    deciders = [each.decided_by for each in page.rows if each.decided_by]
    known = models.Person.visible_to(actor).filter(id__in=deciders)
    names: dict[UUID | None, str] = dict(known.values_list("id", "name"))
    rows = [each.record(names.get(each.decided_by, "")) for each in page.rows]
    return Page(rows=rows, next_place=page.next_place)


@query(permissions.MANAGE_PEOPLE, told=gettext_lazy("Saw a role of yours that nobody had used"))
def get_reviewed_grant(actor: Actor, reviewed_id: UUID) -> records.ReviewedGrant:
    found = models.ReviewedGrant.visible_to(actor).filter(id=reviewed_id).first()
    if found is None:
        raise NoSuchReview(_("That is not on any list of roles to review."))
    return found.record()
