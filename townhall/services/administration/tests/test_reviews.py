"""An access review becomes work for staff."""

import pytest

from townhall.capabilities.cases import permissions as cases
from townhall.capabilities.cases.queries import list_cases
from townhall.capabilities.identity.events import ReviewOpened
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed
from townhall.services.administration.handlers import review_opened
from townhall.services.administration.operations import ask_to_review
from townhall.services.administration.tests.make import NOBODY, TOWN

pytestmark = pytest.mark.django_db


def test_whoever_works_on_cases_is_asked_once_to_decide() -> None:
    event = ReviewOpened(organisation_id=TOWN, review_id=TOWN, listed=3)

    for _twice in range(2):
        review_opened(event)

    clerk = Actor("staff:administrator", frozenset({cases.WORK}), TOWN)
    (case,) = list_cases(clerk).rows
    assert case.link == f"/identity/reviews/{TOWN}/"
    assert "3 roles" in case.summary


def test_nobody_else_asks() -> None:
    with pytest.raises(NotAllowed):
        ask_to_review(NOBODY, TOWN, listed=1)
