"""Makers for the tests of governance, and a way in for its page."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.http import HttpRequest
from django.utils import timezone

from townhall.capabilities.governance import permissions
from townhall.machinery.actors import Actor
from townhall.machinery.holdings import SEE_HELD
from townhall.machinery.models import AuditEntry
from townhall.machinery.organisations import Organisation
from townhall.machinery.wording import Wording

TOWN, ELSEWHERE = uuid4(), uuid4()
JO, ANN = uuid4(), uuid4()
RESIDENT = Actor("resident", frozenset({permissions.SEE_LOOKS, SEE_HELD}), TOWN, JO)
AUDITOR = Actor("staff:administrator", frozenset({permissions.READ_AUDIT}), TOWN, ANN)
STRANGER = Actor(
    "staff:administrator",
    frozenset({permissions.SEE_LOOKS, permissions.READ_AUDIT}),
    ELSEWHERE,
    uuid4(),
)


def make_entry(**changes: Any) -> AuditEntry:  # Any: any column
    """An entry as the doors write them: a caseworker saw something of Jo's."""
    return AuditEntry.objects.create(
        **{
            "organisation_id": TOWN,
            "actor": "staff:caseworker",
            "person_id": ANN,
            "kind": AuditEntry.READ,
            "action": "test_queries.get_thing",
            "subject_id": str(uuid4()),
            "concerns": [JO],
            "done_at": timezone.now() - timedelta(minutes=5),
        }
        | changes
    )


def who_asks(request: HttpRequest) -> Actor:
    """The one whose name is in a header; the ACTORS setting of tests of pages."""
    named = {"auditor": AUDITOR, "stranger": STRANGER}
    return named.get(request.headers.get("Test-Actor", ""), RESIDENT)


def of_whom(request: HttpRequest) -> Organisation:
    return Organisation(
        id=TOWN,
        slug="town",
        name=Wording("Town"),
        colour="#1d70b8",
        logo_url="",
        contact=Wording("Call us"),
    )
