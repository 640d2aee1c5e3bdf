"""Staff at their pages: who asks stands in a header."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from townhall.capabilities.pay import models, permissions
from townhall.capabilities.pay.records import AgreementState
from townhall.capabilities.pay.tests import make
from townhall.machinery.actors import Actor, Permission

Answer = Any  # a test client's response

EVERYTHING = frozenset(
    {
        permissions.SEE,
        permissions.GIVE_BACK,
        permissions.APPROVE,
        permissions.MANAGE,
        permissions.ACCOUNT,
    }
)


def person(name: str, *may: Permission, organisation_id: UUID = make.TOWN, number: int) -> Actor:
    return Actor(f"staff:{name}", frozenset(may), organisation_id, UUID(int=number))


CLERK = person("clerk", permissions.SEE, permissions.GIVE_BACK, number=11)
SECOND = person("second", permissions.SEE, permissions.APPROVE, number=12)
BOTH = person("both", *EVERYTHING, number=13)
OUTSIDER = person("outsider", *EVERYTHING, organisation_id=make.OTHER_TOWN, number=14)
STRANGER = person("stranger", number=15)
MANAGER = person("manager", permissions.MANAGE, number=16)
WHO = {
    "clerk": CLERK,
    "second": SECOND,
    "both": BOTH,
    "outsider": OUTSIDER,
    "stranger": STRANGER,
    "manager": MANAGER,
}


def who_asks(request: HttpRequest) -> Actor:
    return WHO[request.headers.get("X-Test-Actor", "both")]


def url(name: str, *args: object) -> str:
    return reverse(f"pay:{name}", args=args)


def get(page: str, *, by: str = "both") -> Answer:
    return Client().get(page, headers={"X-Test-Actor": by})


def post(page: str, data: dict[str, object], *, by: str = "both") -> Answer:
    return Client().post(page, data, headers={"X-Test-Actor": by})


def text_of(answer: Answer) -> str:
    """What a page says, or a file that is streamed."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode())


def make_till(name: str = "Library fines", *, organisation_id: UUID = make.TOWN) -> models.Till:
    return models.Till.objects.create(
        organisation_id=organisation_id, name=name, slug="library-fines", is_live=True
    )


def make_agreement(state: AgreementState = AgreementState.ACTIVE) -> models.Agreement:
    is_active = state == AgreementState.ACTIVE
    return models.Agreement.objects.create(
        organisation_id=make.TOWN,
        till=make_till(),
        person_id=uuid4(),
        reference="AGR-1",
        description="Every month",
        state=state,
        active_since=timezone.now() if is_active else None,
        card={"brand": "visa", "last_digits": "4242"},
    )
