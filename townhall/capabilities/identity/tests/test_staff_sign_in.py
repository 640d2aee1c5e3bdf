"""Staff who come through their organisation's own sign-in: a real OpenID provider, over HTTP."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone
from oidc_provider_mock import User, run_server_in_thread
from pytest_django import Settings

from townhall.capabilities.identity import models, operations, permissions, queries
from townhall.capabilities.identity.errors import (
    NoSuchPerson,
    NoSuchRole,
    StaffSignInRefused,
)
from townhall.capabilities.identity.providers import StaffSignIn
from townhall.capabilities.identity.providers.staff_sign_in import are_two_factors
from townhall.capabilities.identity.records import StaffClaims
from townhall.capabilities.identity.tests.make import (
    make_actor,
    make_member,
    make_organisation,
    sign_in,
)
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed
from townhall.machinery.organisations import Organisation
from townhall.machinery.providers import chosen

pytestmark = pytest.mark.django_db
BEGIN = "/accounts/staff/Newtown/"
STAFF_PAGE = "/identity/"


@dataclass(frozen=True)
class Peer:
    """The organisation's own provider."""

    url: str

    def sends_back(self, address: str, subject: str) -> str:
        """The address that it sends the browser back to, once `subject` has signed in there."""
        answer = httpx.post(address, data={"sub": subject})
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"].removeprefix("http://testserver")


def user(subject: str, email: str, *methods: str, group: str = "Waste", **more: object) -> User:
    said = {"email": email, "email_verified": True, "groups": [group], "amr": list(methods), **more}
    return User(sub=subject, claims=said)


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    people = [
        user("ann", "Ann@newtown.example", "pwd", "mfa", name="Ann Archer"),
        user("bob", "bob@newtown.example", "pwd"),
        user("eve", "admin@elsewhere.example", "mfa"),
        user("tom", "tom@newtown.example", "mfa", group="Chess"),
        user("max", "max@mail.example", "mfa", preferred_username="boss@newtown.example"),
        user("una", "una@newtown.example", "mfa", email_verified=False),
    ]
    with run_server_in_thread(user_claims=people) as server:
        yield Peer(f"http://localhost:{server.server_port}")


@pytest.fixture
def newtown(peer: Peer, settings: Settings) -> Iterator[Organisation]:
    url = peer.url.replace("http://", "http://townhall:s3cret@")
    given = {"url": f"{url}?domains=newtown.example&name=Newtown"}
    home = "townhall.capabilities.identity.providers.StaffSignIn"
    settings.PROVIDERS = settings.PROVIDERS | {"identity.staff": [(home, given)]}
    chosen.cache_clear()
    opened = make_organisation()
    operations.give_by_claim(make_actor(opened), value="Waste", role="administrator")
    yield opened
    chosen.cache_clear()


Answer = Any  # a test client's response


def come_in(client: Client, peer: Peer, subject: str, *, after: str = "") -> Answer:
    begun = client.get(BEGIN + after)
    assert begun.status_code == 302, begun.content
    return client.get(peer.sends_back(begun["Location"], subject))


def claims(**changes: object) -> StaffClaims:
    usual: dict[str, object] = {
        "issuer": "https://own.example",
        "subject": "1",
        "email": "ann@newtown.example",
        "name": "Ann",
        "values": frozenset({"Waste"}),
        "has_second_factor": True,
    }
    return StaffClaims(**(usual | changes))  # type: ignore[arg-type]  # as given


def test_someone_in_a_group_with_a_role_comes_in_and_may_work(
    newtown: Organisation, peer: Peer, client: Client
) -> None:
    answer = come_in(client, peer, "ann", after="?next=/identity/")

    assert answer.status_code == 302
    assert answer["Location"] == STAFF_PAGE
    assert "Ann Archer" in client.get(STAFF_PAGE).content.decode()


def test_one_factor_there_is_not_enough_to_work_here(
    newtown: Organisation, peer: Peer, client: Client
) -> None:
    come_in(client, peer, "bob")

    answer = client.get(STAFF_PAGE)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/passkeys/add/")


@pytest.mark.parametrize(
    ("subject", "says"),
    [
        ("eve", "did not say a work email address"),
        ("max", "did not say a work email address"),
        ("una", "did not say a work email address"),
        ("tom", "You have no work here yet"),
    ],
)
def test_a_stranger_stays_out(
    newtown: Organisation, peer: Peer, client: Client, subject: str, says: str
) -> None:
    answer = come_in(client, peer, subject)

    assert answer.status_code == 403
    assert says in answer.content.decode()
    assert not models.StaffAccount.objects.exists()
    assert client.get(STAFF_PAGE)["Location"].startswith("/accounts/sign-in/")


def test_who_has_a_second_factor_here_is_asked_for_it_after_one_there(
    newtown: Organisation, peer: Peer, client: Client
) -> None:
    make_member(newtown, "crew", email="bob@newtown.example", second_factor=True)

    answer = come_in(client, peer, "bob")

    assert answer["Location"].startswith("/accounts/sign-in/second-factor/")
    assert client.get("/accounts/")["Location"].startswith("/accounts/sign-in/")


@pytest.mark.parametrize(
    ("methods", "are_two"),
    [("pwd mfa", True), ("pwd otp", True), ("hwk face", True), ("otp", False), ("otp sms", False)],
)
def test_two_factors_are_of_two_kinds(methods: str, are_two: bool) -> None:
    assert are_two_factors(set(methods.split())) is are_two


def test_its_two_factors_count_for_no_other_organisation(
    newtown: Organisation, peer: Peer, client: Client, settings: Settings
) -> None:
    come_in(client, peer, "ann")
    models.Organisation.objects.update(hosts=["testserver"])
    oldtown = make_organisation(slug="oldtown", hosts=("localhost",))
    operations.add_member(
        make_actor(oldtown), email="ann@newtown.example", name="Ann", roles=["administrator"]
    )

    answer = client.get(STAFF_PAGE, headers={"host": "localhost"})

    assert answer.status_code == 302
    assert "/accounts/passkeys/add/" in answer["Location"]


@pytest.mark.parametrize("change", ["other browser", "other state", "twice", "refused", "no state"])
def test_only_who_began_comes_back_and_once(
    newtown: Organisation, peer: Peer, client: Client, change: str
) -> None:
    begun = client.get(BEGIN)
    back = peer.sends_back(begun["Location"], "ann")
    comes = Client() if change == "other browser" else client
    if change == "other state":
        back = re.sub(r"state=[^&]+", "state=abc", back)
    if change == "refused":
        state = parse_qs(urlsplit(back).query)["state"][0]
        back = f"{BEGIN}back/?error=access_denied&state={state}"
    if change == "no state":
        back = BEGIN + "back/"
    if change == "twice":
        comes.get(back)
        comes.logout()

    answer = comes.get(back)

    assert answer.status_code == 403
    assert not comes.session.get("_auth_user_id")


def test_a_token_for_another_sign_in_is_not_believed(
    newtown: Organisation, peer: Peer, client: Client
) -> None:
    """The nonce binds the token to what was begun in this browser."""
    begun = client.get(BEGIN)
    address = re.sub(r"nonce=[^&]+", "nonce=mixed-up", begun["Location"])

    answer = client.get(peer.sends_back(address, "ann"))

    assert answer.status_code == 403


def test_a_sign_in_that_is_away_says_so(
    newtown: Organisation, client: Client, settings: Settings
) -> None:
    home = "townhall.capabilities.identity.providers.StaffSignIn"
    url = "http://a:b@127.0.0.1:1?domains=newtown.example&name=Newtown"
    settings.PROVIDERS = settings.PROVIDERS | {"identity.staff": [(home, {"url": url})]}
    chosen.cache_clear()

    answer = client.get(BEGIN)

    assert answer.status_code == 503
    assert "does not answer" in answer.content.decode()
    assert "does not answer" in StaffSignIn(url=url).check()


def test_the_sign_in_page_offers_it(newtown: Organisation, client: Client) -> None:
    page = client.get("/accounts/sign-in/?next=/identity/").content.decode()

    assert 'href="/accounts/staff/Newtown/?next=/identity/"' in page
    assert client.get("/accounts/staff/Elsewhere/").status_code == 404


def test_roles_go_when_the_group_does_but_not_those_that_were_given(newtown: Organisation) -> None:
    actor = make_actor(newtown)
    operations.give_by_claim(actor, value="Roads", role="crew")
    first = operations.admit_staff(actor, claims(values=frozenset({"Waste", "Roads"})))
    assert first.person_id is not None

    second = operations.admit_staff(actor, claims(values=frozenset({"Roads"}), email=""))

    assert second.person_id == first.person_id
    assert [role.slug for role in queries.get_member(actor, first.person_id).roles] == ["crew"]


def test_a_role_by_claim_has_to_be_said_again(newtown: Organisation) -> None:
    """Someone who has left signs in there no more, but may have a passkey here."""
    actor = make_actor(newtown)
    person = operations.admit_staff(actor, claims()).person_id
    assert person is not None

    models.Membership.objects.update(ends_at=timezone.now())

    with pytest.raises(NoSuchPerson):
        queries.get_member(actor, person)
    operations.admit_staff(actor, claims())
    assert queries.get_member(actor, person).roles


def test_who_does_not_work_here_any_more_does_not_come_in(newtown: Organisation) -> None:
    actor = make_actor(newtown)
    operations.admit_staff(actor, claims())

    with pytest.raises(StaffSignInRefused):
        operations.admit_staff(actor, claims(values=frozenset()))


def test_a_role_that_has_ended_does_not_stand_in_the_way(newtown: Organisation) -> None:
    actor = make_actor(newtown)
    member = make_member(newtown, "administrator", email="ann@newtown.example")
    models.Membership.objects.update(ends_at=timezone.now())

    operations.admit_staff(actor, claims())

    assert queries.get_member(actor, member.id).roles


def test_someone_who_works_here_already_is_the_same_person(newtown: Organisation) -> None:
    member = make_member(newtown, "crew", email="ann@newtown.example")

    proof = operations.admit_staff(make_actor(newtown), claims(values=frozenset()))

    assert proof.person_id == member.id


def test_a_closed_account_does_not_come_in(newtown: Organisation) -> None:
    actor = make_actor(newtown)
    operations.admit_staff(actor, claims())
    models.Person.objects.update(is_active=False)

    with pytest.raises(StaffSignInRefused):
        operations.admit_staff(actor, claims())
    with pytest.raises(StaffSignInRefused):
        operations.admit_staff(actor, claims(subject="2"))


def test_roles_by_claim_are_for_those_who_manage_people(newtown: Organisation) -> None:
    actor = make_actor(newtown)
    nobody = Actor("test", frozenset(), newtown.id)
    manager = Actor("test", frozenset({permissions.MANAGE_PEOPLE}), newtown.id)

    row = operations.give_by_claim(manager, value=" Roads ", role="crew")

    assert operations.give_by_claim(manager, value="Roads", role="crew") == row
    for ask in (
        lambda: operations.give_by_claim(nobody, value="x", role="crew"),
        lambda: operations.give_by_claim(manager, value="x", role="operator"),
        lambda: operations.stop_giving_by_claim(nobody, row.id),
        lambda: queries.list_claim_roles(nobody),
        lambda: operations.admit_staff(nobody, claims()),
    ):
        with pytest.raises(NotAllowed):
            ask()
    with pytest.raises(NoSuchRole):
        operations.give_by_claim(actor, value="x", role="nothing")
    operations.stop_giving_by_claim(manager, row.id)
    with pytest.raises(NoSuchRole):
        operations.stop_giving_by_claim(manager, row.id)
    assert [each.value for each in queries.list_claim_roles(manager)] == ["Waste"]


def test_another_organisations_roles_are_not_touched(newtown: Organisation) -> None:
    row = queries.list_claim_roles(make_actor(newtown))[0]
    oldtown = make_actor(make_organisation(slug="oldtown", hosts=("old.example",)))

    with pytest.raises(NoSuchRole):
        operations.stop_giving_by_claim(oldtown, row.id)

    assert queries.list_claim_roles(oldtown) == []
    assert queries.list_claim_roles(make_actor(newtown)) == [row]


def test_administrators_set_it_on_a_page(newtown: Organisation, client: Client) -> None:
    member = make_member(newtown, "administrator", second_factor=True)
    sign_in(client, newtown, member.id)

    wrong = client.post("/identity/staff-sign-in/", {"value": "", "role": "crew"})
    right = client.post("/identity/staff-sign-in/", {"value": "Roads", "role": "crew"})
    page = client.get("/identity/staff-sign-in/").content.decode()

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert "http://testserver/accounts/staff/Newtown/back/" in page
    assert "Roads" in page


@pytest.mark.parametrize(
    "url",
    [
        "https://issuer.example",
        "https://a:b@issuer.example",
        "https://a:b@issuer.example?domains=x.example&what=ever",
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        StaffSignIn(url=url)
