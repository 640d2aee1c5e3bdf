"""The team and guest list of a sender."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.test import Client

from townhall.capabilities.notify import errors, models, operations, queries
from townhall.capabilities.notify.rules import limits
from townhall.capabilities.notify.tests.make import OUTSIDER, SENDER, make_actor, make_guest
from townhall.machinery.errors import NotAllowed
from townhall.machinery.models import AuditEntry

pytestmark = pytest.mark.django_db


def sender() -> UUID:
    return models.Sender.named(make_actor(), SENDER).id


def test_a_guest_is_kept_as_addresses_and_numbers_are_compared_and_reading_it_is_audited() -> None:
    guest = operations.add_guest(
        make_actor(),
        sender(),
        name=" Ann ",
        email="ANN@x.example",
        phone="07700 900123",
        is_team=True,
    )

    assert queries.list_guests(make_actor(), sender()) == [guest]
    assert (guest.name, guest.email, guest.phone) == ("Ann", "ann@x.example", "447700900123")
    assert AuditEntry.objects.filter(action="notify.list_guests").exists()


def test_the_same_guest_twice_is_one_and_another_with_their_address_is_refused() -> None:
    first = make_guest(sender(), email="ann@x.example")

    assert make_guest(sender(), email="Ann@x.example") == first
    with pytest.raises(errors.ListedAlready):
        make_guest(sender(), email="ann@x.example", phone="07700 900123")
    assert models.Guest.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, errors.UnfitGuest),
        ({"email": "ann"}, errors.NotAnAddress),
        ({"phone": "07700"}, errors.NotAPhoneNumber),
    ],
)
def test_a_guest_can_be_reached(changes: dict[str, str], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        make_guest(sender(), **changes)  # type: ignore[arg-type]  # no is_team among them


def test_there_are_five_guests_beside_the_team() -> None:
    of = sender()
    for number in range(limits.MOST_GUESTS):
        make_guest(of, email=f"guest{number}@x.example")

    with pytest.raises(errors.GuestsFull):
        make_guest(of, email="sixth@x.example")
    assert make_guest(of, email="staff@x.example", is_team=True).is_team


def test_a_guest_of_one_sender_is_not_anothers() -> None:
    guest = make_guest(sender(), email="ann@x.example")
    other = models.Sender.named(make_actor(), "another")
    foreign = replace(OUTSIDER, may=make_actor().may)

    assert not models.Guest.includes(other.id, "email", "ann@x.example")
    with pytest.raises(errors.NoSuchSender):
        queries.list_guests(foreign, sender())
    with pytest.raises(errors.NoSuchGuest):
        operations.remove_guest(foreign, guest.id)
    with pytest.raises(NotAllowed):
        operations.remove_guest(OUTSIDER, guest.id)
    with pytest.raises(NotAllowed):
        operations.add_guest(OUTSIDER, sender(), email="a@x.example", is_team=True)


def test_staff_add_and_remove_people_on_the_page(client: Client) -> None:
    page = f"/notify/senders/{sender()}/guests/"
    asked = {"is_team": "guest", "name": "Ann", "email": "ann@x.example", "phone": "07700 900123"}

    assert client.post(f"{page}new/", asked)["Location"] == page
    shown = client.get(page).content.decode()
    assert "ann@x.example" in shown
    assert "07700 900123" in shown
    guest = models.Guest.objects.get()
    assert client.get(f"{page}{guest.id}/remove/").status_code == 405
    assert client.post(f"{page}{guest.id}/remove/")["Location"] == page
    assert client.post(f"{page}{guest.id}/remove/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Choose who it is"),
        ({"is_team": "team"}, "Enter an email address or a phone number"),
        ({"is_team": "team", "phone": "01632 960001"}, "Number is not valid"),
        ({"is_team": "team", "email": "é@x.example"}, "email address"),
    ],
)
def test_what_is_wrong_is_said_on_the_page(
    client: Client, changes: dict[str, str], words: str
) -> None:
    answer = client.post(f"/notify/senders/{sender()}/guests/new/", changes)

    assert answer.status_code == 422
    assert words in answer.content.decode()
