"""What this service does when something happens below it."""

from townhall.capabilities.identity.events import ReviewOpened
from townhall.machinery.events import on
from townhall.services.administration import operations
from townhall.services.administration.service import ADMINISTRATION


@on(ReviewOpened)
def review_opened(event: ReviewOpened) -> None:
    us = ADMINISTRATION.acting_alone(event.organisation_id)
    operations.ask_to_review(us, event.review_id, listed=event.listed)
