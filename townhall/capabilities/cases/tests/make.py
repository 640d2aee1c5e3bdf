"""Makers for the tests of cases, and a way in for their pages."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from threading import Barrier
from typing import Any, TypeVar
from uuid import uuid4

from django.db import connections
from django.http import HttpRequest
from django.utils import timezone

from townhall.capabilities.cases import models, permissions, records
from townhall.capabilities.cases.operations import open_case
from townhall.machinery.actors import Actor
from townhall.machinery.organisations import Organisation
from townhall.machinery.wording import Wording

R = TypeVar("R")

TOWN, ELSEWHERE = uuid4(), uuid4()
ANN, BOB, RESIDENT = uuid4(), uuid4(), uuid4()
WORK = frozenset({permissions.WORK})
SERVICE = Actor("service:parking", WORK | {permissions.OPEN}, TOWN)
CASEWORKER = Actor("staff:caseworker", WORK, TOWN, ANN)
COLLEAGUE = Actor("staff:caseworker", WORK, TOWN, BOB)
STRANGER = Actor("staff:caseworker", WORK | {permissions.OPEN}, ELSEWHERE, uuid4())
NOBODY = Actor("resident", frozenset(), TOWN, RESIDENT)

OUTCOMES = (
    records.Outcome(code="refunded", label=Wording("Refunded", "Wedi ad-dalu")),
    records.Outcome(code="rebooked", label=Wording("Booked again")),
)
_numbers = count()  # random references would meet now and then


def make_case(actor: Actor = SERVICE, **changes: Any) -> records.Case:  # Any: any of its arguments
    said: dict[str, Any] = {  # Any: as above
        "service": "parking",
        "kind": "refund-due",
        "subject_id": uuid4(),
        "person_id": RESIDENT,
        "title": "Paid too late",
        "summary": "The money came when the place was gone.",
        "link": "/parking/staff/1/",
        "outcomes": OUTCOMES,
        "due_at": timezone.now() + timedelta(days=2),
    }
    return open_case(actor, **said | changes)


def make_many(count: int) -> None:
    """Open cases in bulk, due one after the other, every other one claimed by Ann."""
    now = timezone.now()
    models.Case.objects.bulk_create(
        models.Case(
            organisation_id=TOWN,
            reference=f"C-{next(_numbers):06}",
            service="parking",
            kind=f"kind-{place % 4}",
            subject_id=uuid4(),
            title=f"Case {place}",
            outcomes=models.OUTCOMES.dump_python(OUTCOMES, mode="json"),
            due_at=now + timedelta(minutes=place),
            claimed_by=ANN if place % 2 == 0 else None,
            claimed_at=now if place % 2 == 0 else None,
        )
        for place in range(count)
    )


def at_once(count: int, ask: Callable[[], R]) -> list[R]:
    """What each of so many askers gets who ask at the same moment, each on its own connection."""
    ready = Barrier(count)

    def wait_and_ask(_number: int) -> R:
        ready.wait()
        try:
            return ask()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as askers:
        return list(askers.map(wait_and_ask, range(count)))


def who_asks(request: HttpRequest) -> Actor:
    """The person whose name is in a header; the ACTORS setting of tests of pages."""
    named = {"ann": CASEWORKER, "bob": COLLEAGUE, "stranger": STRANGER}
    return named.get(request.headers.get("Test-Actor", ""), NOBODY)


def of_whom(request: HttpRequest) -> Organisation:
    return Organisation(
        id=TOWN,
        slug="town",
        name=Wording("Town"),
        colour="#1d70b8",
        logo_url="",
        contact=Wording("Call us"),
    )
