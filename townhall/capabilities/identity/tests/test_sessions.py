"""From a request to the organisation and the actor."""

import pytest
from allauth.account.models import EmailAddress
from django.http import HttpRequest
from pytest_django import DjangoAssertNumQueries, Settings

from townhall.capabilities.identity import models, operations, queries, sessions
from townhall.capabilities.identity.errors import NoSuchOrganisation, NoSuchPerson
from townhall.capabilities.identity.records import Method
from townhall.capabilities.identity.tests.make import (
    SECRET,
    make_actor,
    make_member,
    make_organisation,
    make_request,
)
from townhall.machinery.actors import Actor, permission
from townhall.machinery.models import AuditEntry, DialValue
from townhall.machinery.organisations import Organisation
from townhall.machinery.wording import Wording

pytestmark = pytest.mark.django_db

STROKE = permission("test.stroke_cats", "Stroke the office cat")
GROOM = permission("test.groom_cats", "Groom the office cat")


@pytest.fixture
def newtown() -> Organisation:
    return make_organisation(slug="newtown", hosts=("localhost", "newtown.localhost"))


@pytest.fixture
def oldtown(newtown: Organisation) -> Organisation:
    return make_organisation(slug="oldtown", hosts=("127.0.0.1",))


def make_role(organisation: Organisation, title: str, *may: str) -> str:
    actor = make_actor(organisation)
    return operations.add_role(actor, title=title, permissions=may).slug  # type: ignore[arg-type]  # names


def ask_from(host: str) -> Organisation:
    request = HttpRequest()
    request.META = {"HTTP_HOST": host}
    return sessions.organisation_for(request)


def signed_in(organisation: Organisation, person_id: object, method: Method) -> HttpRequest:
    request = make_request(organisation)
    sessions.sign_in(request, person_id, method=method)  # type: ignore[arg-type]  # a UUID
    return refreshed(request)


def refreshed(request: HttpRequest) -> HttpRequest:
    """As the next request finds who is signed in: the backend reads them anew."""
    assert request.user.pk
    found = sessions.PersonBackend().get_user(request.user.pk)
    assert found
    request.user = found
    return request


# Which organisation


def test_the_only_organisation_answers_to_every_host(newtown: Organisation) -> None:
    assert ask_from("127.0.0.1:8000") == newtown


def test_the_host_picks_the_organisation(newtown: Organisation, oldtown: Organisation) -> None:
    assert ask_from("localhost:8000") == newtown
    assert ask_from("LocalHost") == newtown
    assert ask_from("127.0.0.1") == oldtown


def test_an_unknown_host_finds_nothing_among_several(
    newtown: Organisation, oldtown: Organisation
) -> None:
    operations.add_organisation(
        make_actor(newtown), slug="third", name=Wording("T"), hosts=["third.example"]
    )
    models.Organisation.objects.filter(slug="oldtown").update(hosts=[])

    with pytest.raises(NoSuchOrganisation):
        ask_from("127.0.0.1")


def test_an_installation_without_organisations_finds_nothing() -> None:
    with pytest.raises(NoSuchOrganisation):
        ask_from("localhost")


def test_an_organisation_is_found_in_one_statement(
    newtown: Organisation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    DialValue.objects.create(
        organisation_id=newtown.id, owner="organisation", name="colour", value="#00703c"
    )

    with django_assert_num_queries(1):
        found = ask_from("localhost")

    assert found.colour == "#00703c"
    assert found.name == Wording("newtown")


# Who asks


def test_someone_signed_out_is_a_resident_who_may_sign_in(newtown: Organisation) -> None:
    request = make_request(newtown, "/cases/?state=open")

    actor = sessions.who_asks(request)

    assert actor == Actor("resident", sessions.residents_may(), newtown.id)
    assert request.remedy_url == "/accounts/sign-in/?next=%2Fcases%2F%3Fstate%3Dopen"  # type: ignore[attr-defined]  # set by who_asks


def test_someone_signed_in_who_does_not_work_here_is_a_resident(newtown: Organisation) -> None:
    person = operations.add_person(make_actor(newtown), email="a@b.example", name="Ann")

    actor = sessions.who_asks(signed_in(newtown, person.id, Method.LINK_AND_SECOND_FACTOR))

    assert actor == Actor("resident", sessions.residents_may(), newtown.id, person.id)


def test_staff_who_passed_a_second_factor_have_the_permissions_of_all_their_roles(
    newtown: Organisation,
) -> None:
    roles = [make_role(newtown, "Stroker", STROKE), make_role(newtown, "Groomer", GROOM)]
    member = make_member(newtown, *roles, second_factor=True)

    actor = sessions.who_asks(signed_in(newtown, member.id, Method.LINK_AND_SECOND_FACTOR))

    assert actor.name == "staff:groomer+stroker"
    assert actor.may == sessions.residents_may() | {STROKE, GROOM}
    assert actor.person_id == member.id


def test_staff_who_only_entered_a_code_are_residents_until_they_prove_more(
    newtown: Organisation,
) -> None:
    member = make_member(newtown, make_role(newtown, "Stroker", STROKE), second_factor=True)
    request = signed_in(newtown, member.id, Method.CODE)

    actor = sessions.who_asks(request)

    assert actor == Actor("resident", sessions.residents_may(), newtown.id, member.id)
    assert request.remedy_url == "/accounts/second-factor/check/?next=%2F"  # type: ignore[attr-defined]  # set by who_asks


def test_staff_without_a_second_factor_are_led_to_set_one_up(newtown: Organisation) -> None:
    member = make_member(newtown, make_role(newtown, "Stroker", STROKE))
    request = signed_in(newtown, member.id, Method.LINK_AND_SECOND_FACTOR)

    actor = sessions.who_asks(request)

    assert STROKE not in actor.may
    assert request.remedy_url == "/accounts/passkeys/add/?next=%2F"  # type: ignore[attr-defined]  # set by who_asks


def test_roles_in_another_organisation_count_for_nothing(
    newtown: Organisation, oldtown: Organisation
) -> None:
    make_member(oldtown, "administrator", email="ann@both.example", second_factor=True)
    member = make_member(newtown, make_role(newtown, "Stroker", STROKE), email="ann@both.example")

    request = signed_in(newtown, member.id, Method.LINK_AND_SECOND_FACTOR)

    assert sessions.who_asks(request).may == sessions.residents_may() | {STROKE}
    request.organisation = oldtown  # type: ignore[attr-defined]  # as the middleware does
    assert sessions.who_asks(request).name == "staff:administrator"
    assert STROKE not in sessions.who_asks(request).may


def test_roles_and_second_factors_end_at_once_for_whoever_is_signed_in(
    newtown: Organisation,
) -> None:
    make_member(newtown, "administrator")
    member = make_member(newtown, "crew", second_factor=True)
    request = signed_in(newtown, member.id, Method.LINK_AND_SECOND_FACTOR)
    assert sessions.who_asks(request).name == "staff:crew"

    operations.remove_second_factor(make_actor(newtown), member.id)
    assert sessions.who_asks(refreshed(request)).name == "resident"

    operations.enrol_totp(make_actor(newtown), member.id, secret=SECRET)
    operations.remove_member(make_actor(newtown), member.id)
    assert sessions.who_asks(refreshed(request)).name == "resident"


def test_one_persons_second_factor_is_not_anothers(newtown: Organisation) -> None:
    first = make_member(newtown, "crew", second_factor=True)
    second = make_member(newtown, "crew", second_factor=True)
    request = signed_in(newtown, first.id, Method.LINK_AND_SECOND_FACTOR)

    sessions.sign_in(request, second.id, method=Method.CODE)

    assert sessions.who_asks(refreshed(request)).name == "resident"


def test_an_actors_name_fits_the_audit(newtown: Organisation) -> None:
    roles = [make_role(newtown, f"Role of a rather long name {each}") for each in range(5)]
    member = make_member(newtown, *roles, second_factor=True)

    actor = sessions.who_asks(signed_in(newtown, member.id, Method.LINK_AND_SECOND_FACTOR))

    assert len(actor.name) == 80


def test_who_is_signed_in_is_read_in_one_statement(
    newtown: Organisation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    member = make_member(newtown, "crew", second_factor=True)
    request = signed_in(newtown, member.id, Method.LINK_AND_SECOND_FACTOR)

    with django_assert_num_queries(1):
        actor = sessions.who_asks(refreshed(request))

    assert actor.name == "staff:crew"


# Signing in


def test_signing_in_is_audited_and_makes_acquainted(
    newtown: Organisation, oldtown: Organisation
) -> None:
    person = operations.add_person(make_actor(newtown), email="a@b.example", name="Ann")

    signed_in(oldtown, person.id, Method.LINK)

    entry = AuditEntry.objects.get(action="identity.record_sign_in")
    assert (entry.person_id, entry.concerns) == (person.id, [person.id])
    assert entry.organisation_id == oldtown.id
    assert queries.get_person(make_actor(oldtown), person.id) == person


def test_only_a_code_proves_an_email_address(newtown: Organisation) -> None:
    person = operations.add_person(make_actor(newtown), email="a@b.example", name="Ann")

    signed_in(newtown, person.id, Method.LINK)
    assert not EmailAddress.objects.exists()

    for _twice in range(2):
        signed_in(newtown, person.id, Method.CODE)
    assert EmailAddress.objects.get().verified


def test_nobody_signs_in_who_is_not_there_or_closed(newtown: Organisation) -> None:
    person = operations.add_person(make_actor(newtown), email="a@b.example", name="Ann")
    models.Person.objects.update(is_active=False)

    with pytest.raises(NoSuchPerson):
        signed_in(newtown, person.id, Method.LINK)
    assert sessions.PersonBackend().get_user(person.id) is None


def test_a_person_has_no_password(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    person = models.Person.objects.create_user("ANN@b.example", name="Ann")

    assert person.email == "ann@b.example"
    assert not person.has_usable_password()
    assert not person.check_password("")
