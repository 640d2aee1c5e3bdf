from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from townhall.capabilities.cases.errors import (
    AlreadyClaimed,
    NotOpen,
    UnfitCase,
    UnknownOutcome,
)
from townhall.capabilities.cases.events import CaseClosed, CaseOpened
from townhall.capabilities.cases.operations import (
    claim_case,
    close_case,
    note_case,
    release_case,
)
from townhall.capabilities.cases.queries import find_open_case, get_case
from townhall.capabilities.cases.records import What
from townhall.capabilities.cases.tests.make import (
    ANN,
    CASEWORKER,
    COLLEAGUE,
    NOBODY,
    OUTCOMES,
    RESIDENT,
    SERVICE,
    STRANGER,
    at_once,
    make_case,
)
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid, NotAllowed, NotFound
from townhall.machinery.events import on
from townhall.machinery.models import AuditEntry, RecordedEvent
from townhall.machinery.operations import explain
from townhall.machinery.testing import run_tasks

pytestmark = pytest.mark.django_db


def test_a_case_is_opened_with_all_that_its_service_says() -> None:
    subject_id = uuid4()

    case = make_case(subject_id=subject_id)

    assert get_case(CASEWORKER, case.id).outcomes == OUTCOMES
    assert case.person_id == RESIDENT
    assert [each.what for each in get_case(CASEWORKER, case.id).timeline] == [What.OPENED]
    assert RecordedEvent.objects.get().name == CaseOpened.name
    found = find_open_case(SERVICE, service="parking", kind="refund-due", subject_id=subject_id)
    assert found == case


def test_a_reference_can_be_read_out_on_the_telephone() -> None:
    reference = make_case().reference

    assert reference.startswith("C-")
    assert len(reference) == 9
    assert not set(reference[2:]) & set("AEIOUY01LS")


def test_a_second_case_on_the_same_subject_is_the_first() -> None:
    subject_id = uuid4()
    first = make_case(subject_id=subject_id)

    second = make_case(subject_id=subject_id, title="Again")

    assert second == first
    assert RecordedEvent.objects.count() == 1


def test_a_closed_case_does_not_keep_another_from_being_opened() -> None:
    subject_id = uuid4()
    first = make_case(subject_id=subject_id)
    close_case(CASEWORKER, first.id, outcome="refunded")

    second = make_case(subject_id=subject_id)

    assert second.id != first.id


def test_two_organisations_may_have_a_case_on_the_same_subject() -> None:
    subject_id = uuid4()

    assert make_case(subject_id=subject_id) != make_case(STRANGER, subject_id=subject_id)


@pytest.mark.parametrize(
    "unfit",
    [
        {"link": "https://example.com/"},
        {"link": "//example.com/"},
        {"link": "javascript:alert(1)"},
        {"outcomes": ()},
        {"outcomes": OUTCOMES + OUTCOMES},
    ],
)
def test_a_case_that_nobody_could_close_or_follow_is_not_opened(
    unfit: dict[str, Any],  # Any: arguments of open_case
) -> None:
    with pytest.raises(UnfitCase):
        make_case(**unfit)


def test_only_one_of_two_people_claims_a_case() -> None:
    case = make_case()
    claim_case(CASEWORKER, case.id)

    with pytest.raises(AlreadyClaimed):
        claim_case(COLLEAGUE, case.id)

    assert get_case(CASEWORKER, case.id).claimed_by == ANN


def test_claiming_twice_is_claiming_once() -> None:
    case = make_case()
    claim_case(CASEWORKER, case.id)

    again = claim_case(CASEWORKER, case.id)

    assert again.claimed_by == ANN
    moments = get_case(CASEWORKER, case.id).timeline
    assert [each.what for each in moments] == [What.OPENED, What.CLAIMED]


def test_only_a_person_claims() -> None:
    case = make_case()

    with pytest.raises(NotAllowed):
        claim_case(SERVICE, case.id)


def test_a_released_case_is_anyones() -> None:
    case = make_case()
    claim_case(CASEWORKER, case.id)
    release_case(COLLEAGUE, case.id)
    release_case(COLLEAGUE, case.id)

    claimed = claim_case(COLLEAGUE, case.id)

    assert claimed.claimed_by == COLLEAGUE.person_id
    moments = get_case(CASEWORKER, case.id).timeline
    assert [each.what for each in moments] == [
        What.OPENED,
        What.CLAIMED,
        What.RELEASED,
        What.CLAIMED,
    ]


told: list[CaseClosed] = []


@on(CaseClosed, kind="told")
def note_it(event: CaseClosed) -> None:
    told.append(event)


def test_closing_tells_the_service_the_outcome_and_the_note_which_is_forgotten_then() -> None:
    case = make_case(kind="told")

    closed = close_case(CASEWORKER, case.id, outcome="refunded", note=" Sent back \r\n today ")
    run_tasks()

    assert closed.closed_by == ANN
    assert closed.outcome_label == "Refunded"
    assert [(each.outcome, each.note) for each in told] == [("refunded", "Sent back \n today")]
    assert "note" not in RecordedEvent.objects.get(name=CaseClosed.name).facts
    assert get_case(CASEWORKER, case.id).timeline[-1].note == "Sent back \n today"


def test_closing_twice_alike_is_closing_once() -> None:
    case = make_case()
    close_case(CASEWORKER, case.id, outcome="refunded")

    close_case(COLLEAGUE, case.id, outcome="refunded")

    assert RecordedEvent.objects.filter(name=CaseClosed.name).count() == 1
    with pytest.raises(NotOpen):
        close_case(COLLEAGUE, case.id, outcome="rebooked")


def test_nothing_but_a_note_comes_after_the_end() -> None:
    case = make_case()
    close_case(CASEWORKER, case.id, outcome="refunded")

    noted = note_case(CASEWORKER, case.id, note="She rang to say thanks")

    assert noted.closed_at
    with pytest.raises(NotOpen):
        claim_case(CASEWORKER, case.id)
    with pytest.raises(NotOpen):
        release_case(CASEWORKER, case.id)


def test_a_case_closes_only_with_an_outcome_that_its_service_named() -> None:
    case = make_case()

    with pytest.raises(UnknownOutcome):
        close_case(CASEWORKER, case.id, outcome="forgotten")

    assert get_case(CASEWORKER, case.id).closed_at is None


def test_a_case_that_someone_else_has_is_closed_by_them_or_by_the_service() -> None:
    case = make_case()
    claim_case(CASEWORKER, case.id)

    with pytest.raises(AlreadyClaimed):
        close_case(COLLEAGUE, case.id, outcome="refunded")
    closed = close_case(SERVICE, case.id, outcome="rebooked")

    assert closed.closed_at


@pytest.mark.parametrize("note", ["", "  \n ", "x" * 2001])
def test_a_note_has_something_in_it_but_not_everything(note: str) -> None:
    case = make_case()

    with pytest.raises(Invalid):
        note_case(CASEWORKER, case.id, note=note)


def test_without_the_permission_nothing_is_done() -> None:
    case = make_case()

    with pytest.raises(NotAllowed):
        make_case(CASEWORKER)
    for ask in (claim_case, release_case, get_case):
        with pytest.raises(NotAllowed):
            ask(NOBODY, case.id)
    with pytest.raises(NotAllowed):
        note_case(NOBODY, case.id, note="Hello")
    with pytest.raises(NotAllowed):
        close_case(NOBODY, case.id, outcome="refunded")


def test_another_organisation_finds_nothing_and_changes_nothing() -> None:
    case = make_case()

    for ask in (claim_case, release_case, get_case):
        with pytest.raises(NotFound):
            ask(STRANGER, case.id)
    with pytest.raises(NotFound):
        note_case(STRANGER, case.id, note="Hello")
    with pytest.raises(NotFound):
        close_case(STRANGER, case.id, outcome="refunded")
    assert get_case(CASEWORKER, case.id).timeline[-1].what == What.OPENED


def test_the_person_concerned_is_told_who_saw_their_case() -> None:
    case = make_case()

    get_case(CASEWORKER, case.id)

    entry = AuditEntry.objects.latest("id")
    assert entry.concerns == [RESIDENT]
    assert entry.subject_id == str(case.id)
    assert explain(entry.action) == "Saw the work on your request"


def test_closing_takes_few_statements() -> None:
    case = make_case()

    with CaptureQueriesContext(connection) as statements:
        close_case(CASEWORKER, case.id, outcome="refunded")

    ours = [each for each in statements if "SAVEPOINT" not in each["sql"]]
    assert len(ours) == 5  # update, read back, timeline, event, audit


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_claim_at_once_one_gets_the_case() -> None:
    case = make_case()
    may, town = CASEWORKER.may, CASEWORKER.organisation_id

    def claim() -> UUID | None:
        someone = Actor(CASEWORKER.name, may, town, uuid4())
        try:
            return claim_case(someone, case.id).claimed_by
        except AlreadyClaimed:
            return None

    claimed_by = [each for each in at_once(20, claim) if each is not None]

    assert claimed_by == [get_case(CASEWORKER, case.id).claimed_by]


@pytest.mark.django_db(transaction=True)
def test_ten_who_open_a_case_on_one_subject_at_once_open_one() -> None:
    subject_id = uuid4()

    opened = at_once(10, lambda: make_case(subject_id=subject_id).id)

    assert len(opened) == 10
    assert len(set(opened)) == 1
