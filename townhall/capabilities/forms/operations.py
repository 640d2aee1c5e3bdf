"""Every write: answers are kept, sent once and for all, begun again, and forgotten."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.forms import journeys, models, permissions, records
from townhall.capabilities.forms.errors import AnswersChanged, DraftGone
from townhall.capabilities.forms.queries import get_journey
from townhall.machinery.actors import Actor
from townhall.machinery.holdings import ERASE
from townhall.machinery.operations import operation
from townhall.machinery.organisations import every_organisation
from townhall.machinery.tasks import every

KEPT = timedelta(hours=24)  # after the last change
BATCH = 1000


@operation(permissions.FILL)
def begin_draft(
    actor: Actor, slug: str, *, secret: str, given: Mapping[str, records.Value]
) -> records.Draft:
    """Keep the first answers of a journey for the browser with this secret."""
    journeys.get_offer(actor, slug)
    now = timezone.now()
    return models.Draft.objects.create(
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        journey=slug,
        key_hash=models.hash_of(secret),
        answers=dict(given),
        updated_at=now,
        expires_at=now + KEPT,
    ).record()


@operation(permissions.FILL)
def keep_answers(
    actor: Actor,
    slug: str,
    *,
    secret: str,
    given: Mapping[str, records.Value],
    dropped: frozenset[str] = frozenset(),
) -> records.Draft:
    """Add answers, and forget those of the questions dropped. Raises DraftGone.

    Answers that have been sent stay as they are.
    """
    now = timezone.now()
    draft = _lock(actor, slug, secret, now)
    if draft.submitted_at is None:
        kept = {name: value for name, value in draft.answers.items() if name not in dropped}
        draft.answers = {**kept, **given}
        draft.person_id = draft.person_id or actor.person_id
        draft.updated_at, draft.expires_at = now, now + KEPT
        draft.save(update_fields=["answers", "person_id", "updated_at", "expires_at"])
    return draft.record()


@operation(permissions.FILL)
def submit_draft(actor: Actor, slug: str, *, secret: str, stamp: str) -> records.Draft:
    """Send the answers: the service's `submit` runs in this transaction, once for each draft.

    A second time answers what the first did. `stamp` is that of the answers which were found to
    do: their sources may wait for the outside, so they are not asked again in here. Raises
    AnswersChanged if they are others now, DraftGone, and whatever the service refuses with.
    """
    now = timezone.now()
    offer = journeys.get_offer(actor, slug)
    draft = _lock(actor, slug, secret, now)
    if draft.submitted_at is not None:
        return draft.record()
    record = draft.record()
    journey = get_journey(actor, slug)
    if record.stamp != stamp or journeys.first_unanswered(journey, record.answers):
        raise AnswersChanged(_("Your answers have changed. Check them again before you send them."))
    sent = offer.submit(actor, journeys.asked_for(journey, record.answers), draft.id)
    draft.submitted_at = draft.updated_at = now
    draft.expires_at = now + KEPT
    draft.result_url = sent.result_url
    draft.save(update_fields=["submitted_at", "updated_at", "expires_at", "result_url"])
    return draft.record()


@operation(permissions.FILL)
def copy_draft(actor: Actor, slug: str, *, secret: str, new_secret: str) -> records.Draft:
    """Begin again with the same answers, once they have been sent. Raises DraftGone."""
    sent = _lock(actor, slug, secret, timezone.now())
    return begin_draft(actor, slug, secret=new_secret, given=sent.answers)


@operation(permissions.FILL)
def forget_draft(actor: Actor, slug: str, *, secret: str) -> None:
    """Delete the answers; nothing happens if they are gone already."""
    journeys.get_offer(actor, slug)
    found = models.Draft.alive(actor, slug, secret=secret, at=timezone.now())
    found.delete()


@operation(ERASE)
def forget_person(actor: Actor, person_id: UUID, *, addresses: Collection[str]) -> None:
    """Delete the answers of someone who is erased, by whom they are and how they were reached."""
    models.Draft.forget(actor.organisation_id, person_id, addresses)


@operation(permissions.FORGET)
def forget_expired_drafts(actor: Actor) -> int:
    """Delete some drafts that nobody has touched for a day; the number of them."""
    return models.Draft.forget_expired(actor.organisation_id, at=timezone.now(), most=BATCH)


@every("17 * * * *")
def forget_drafts() -> None:
    """Delete all drafts that have expired, in batches."""
    for organisation in every_organisation():
        while forget_expired_drafts(_system(organisation.id)) == BATCH:
            pass


def _system(organisation_id: UUID) -> Actor:
    return Actor("capability:forms", frozenset({permissions.FORGET}), organisation_id)


def _lock(actor: Actor, slug: str, secret: str, now: datetime) -> models.Draft:
    journeys.get_offer(actor, slug)
    mine = models.Draft.alive(actor, slug, secret=secret, at=now)
    draft = mine.select_for_update().first()
    if draft is None:
        raise DraftGone(_("Your answers are not kept any more. Start again."))
    return draft
