from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.http import HttpRequest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from townhall.capabilities.governance import permissions as governance
from townhall.capabilities.identity import permissions as identity
from townhall.machinery import service as machinery
from townhall.machinery.actors import Actor, Permission
from townhall.machinery.errors import NotAllowed
from townhall.machinery.holdings import SEE_HELD
from townhall.machinery.models import AuditEntry
from townhall.machinery.operations import query
from townhall.machinery.organisations import Organisation
from townhall.machinery.service import Request, Service, offer, offered
from townhall.machinery.wording import Wording
from townhall.services.account.queries import list_my_requests
from townhall.services.account.service import ACCOUNT, SEE_OWN

pytestmark = pytest.mark.django_db

TOWN, JO, SAM = uuid4(), uuid4(), uuid4()
LAMPS = Service(
    slug="test-lamps", title=Wording("Lamps"), owner=Wording("Lighting"), uses=frozenset()
)


@query(SEE_OWN, told="Saw your lamps")
def list_lamps(actor: Actor) -> list[Request]:
    if actor.person_id != JO:
        return []
    return [_lamp("Old lamp", days_ago=9), _lamp("New lamp", days_ago=1)]


def resident(person_id: UUID | None) -> Actor:
    """Whom identity makes of somebody who is signed in, or not."""
    may = frozenset[Permission]().union(*(service.residents_may for service in offered()))
    return Actor("resident", may, TOWN, person_id)


def _lamp(title: str, *, days_ago: int) -> Request:
    return Request(
        id=uuid4(),
        person_id=JO,
        reference=f"LAMP-{days_ago}",
        title=Wording(title),
        status="Lit",
        asked_at=timezone.now() - timedelta(days=days_ago),
        url="/lamps/1/",
    )


def who_asks(request: HttpRequest) -> Actor:
    request.remedy_url = "/sign-in/"  # type: ignore[attr-defined]  # machinery.http.Request has it
    named = {"jo": JO, "sam": SAM}
    return resident(named.get(request.headers.get("Test-Actor", "")))


def of_whom(request: HttpRequest) -> Organisation:
    name, contact = Wording("Town"), Wording("Call us")
    return Organisation(
        id=TOWN, slug="town", name=name, colour="#1d70b8", logo_url="", contact=contact
    )


@pytest.fixture(autouse=True)
def _actors_by_header() -> Iterator[None]:
    offer(LAMPS, requests=list_lamps)
    with override_settings(ACTORS=f"{__name__}.who_asks", ORGANISATION=f"{__name__}.of_whom"):
        yield
    machinery._offered.pop(LAMPS.slug)  # no service is withdrawn but in tests
    machinery._requests.remove(list_lamps)


@pytest.fixture
def jo() -> Client:
    return Client(headers={"Test-Actor": "jo"})


def test_a_person_sees_their_requests_the_latest_first(jo: Client) -> None:
    page = jo.get(reverse("account:requests")).text

    assert page.index("LAMP-1") < page.index("LAMP-9")
    assert "/lamps/1/" in page
    assert "Lit" in page


def test_whoever_has_no_requests_is_told_what_to_do() -> None:
    page = Client(headers={"Test-Actor": "sam"}).get(reverse("account:requests")).text

    assert "You have not asked for anything yet" in page
    assert "LAMP" not in page


@pytest.mark.parametrize("name", ["account:requests", "account:looks"])
def test_whoever_is_not_signed_in_is_led_to_sign_in(name: str) -> None:
    answer = Client().get(reverse(name))

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in/"


def test_a_person_sees_who_looked_but_not_themselves(jo: Client) -> None:
    jo.get(reverse("account:requests"))
    AuditEntry.objects.create(
        organisation_id=TOWN,
        actor="staff:caseworker",
        person_id=SAM,
        kind=AuditEntry.READ,
        action="account.list_lamps",
        concerns=[JO],
    )

    page = jo.get(reverse("account:looks")).text

    assert page.count("Staff: Caseworker") == 1
    assert page.count("govuk-table__row") == 2


def test_nobody_having_looked_is_said(jo: Client) -> None:
    assert "Nobody has looked at your data" in jo.get(reverse("account:looks")).text


def test_a_damaged_page_link_is_refused_in_words(jo: Client) -> None:
    assert jo.get(reverse("account:looks"), {"place": "damaged"}).status_code == 422


def test_seeing_ones_requests_takes_the_permission_and_a_person() -> None:
    with pytest.raises(NotAllowed):
        list_my_requests(Actor("program:x", frozenset(), TOWN, JO))
    with pytest.raises(NotAllowed):
        list_my_requests(resident(None))

    assert [each.reference for each in list_my_requests(resident(JO))] == ["LAMP-1", "LAMP-9"]


def test_every_resident_may() -> None:
    assert ACCOUNT in offered()
    mine = {SEE_OWN, SEE_HELD, governance.SEE_LOOKS, identity.CHANGE_SELF}
    assert mine <= ACCOUNT.residents_may
