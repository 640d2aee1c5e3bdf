"""Someone who may work on the cases of one service only."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from townhall.capabilities.cases import permissions, records
from townhall.capabilities.cases.operations import (
    claim_case,
    close_case,
    note_case,
    release_case,
)
from townhall.capabilities.cases.queries import get_case, list_cases, list_kinds
from townhall.capabilities.cases.tests.make import CASEWORKER, make_case
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotFound

pytestmark = pytest.mark.django_db

PARKING_ONLY = replace(
    CASEWORKER, may=frozenset(), may_within={permissions.WORK: frozenset({"parking"})}
)


def test_they_see_the_queue_of_that_service() -> None:
    mine = make_case()
    make_case(service="parks")

    assert [each.id for each in list_cases(PARKING_ONLY).rows] == [mine.id]
    assert list_kinds(PARKING_ONLY) == [records.Kind(service="parking", kind="refund-due")]
    assert get_case(PARKING_ONLY, mine.id).timeline
    assert claim_case(PARKING_ONLY, mine.id).claimed_by == PARKING_ONLY.person_id
    assert close_case(PARKING_ONLY, mine.id, outcome="refunded").outcome == "refunded"


@pytest.mark.parametrize(
    "ask",
    [
        get_case,
        claim_case,
        release_case,
        lambda actor, case_id: note_case(actor, case_id, note="Hello"),
        lambda actor, case_id: close_case(actor, case_id, outcome="refunded"),
    ],
)
def test_to_them_there_is_no_case_of_another_service(ask: Callable[[Actor, UUID], object]) -> None:
    theirs = make_case(service="parks")

    with pytest.raises(NotFound):
        ask(PARKING_ONLY, theirs.id)

    assert get_case(CASEWORKER, theirs.id).closed_at is None
