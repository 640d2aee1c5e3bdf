"""Tills, and the keys of the programs that take payments at them."""

from uuid import uuid4

import pytest

from townhall.capabilities.pay import models, operations, permissions, queries
from townhall.capabilities.pay.errors import KeyRefused, NameTaken, NoSuchKey, NoSuchTill
from townhall.capabilities.pay.rules.keys import is_ours, make_key
from townhall.capabilities.pay.tests.make import OTHER_TOWN, SERVICE, STAFF, actor, make_till
from townhall.machinery.errors import Invalid, NotAllowed

pytestmark = pytest.mark.django_db
ELSEWHERE = actor(permissions.MANAGE, organisation_id=OTHER_TOWN)
DOOR = actor(permissions.CHECK_KEYS)
OFF = {
    "takes_moto": False,
    "takes_moto_api": False,
    "takes_recurring": False,
    "takes_telephone_notices": False,
    "is_open": False,
}


class TestTills:
    def test_a_new_one_takes_cards_on_pages_only(self) -> None:
        till = operations.add_till(STAFF, name=" Parking & permits ", is_live=True)

        assert till == queries.get_till(STAFF, till.id)
        assert (till.name, till.slug, till.service) == (
            "Parking & permits",
            "parking-permits",
            "till-parking-permits",
        )
        assert (till.is_live, till.is_open, till.takes_moto) == (True, True, False)
        assert queries.list_tills(STAFF) == [till]
        assert queries.list_tills(ELSEWHERE) == []

    def test_names_are_taken_once_in_each_organisation(self) -> None:
        make_till("Parking")
        operations.add_till(ELSEWHERE, name="Parking", is_live=True)

        with pytest.raises(NameTaken):
            operations.add_till(STAFF, name="parking!", is_live=True)

    @pytest.mark.parametrize("name", ["", "   ", "!!!", "x" * 61])
    def test_a_name_has_letters_and_not_too_many(self, name: str) -> None:
        with pytest.raises(Invalid):
            operations.add_till(STAFF, name=name, is_live=False)

    def test_what_it_takes_is_switched_and_twice_is_harmless(self) -> None:
        till = make_till()

        changed = [operations.change_till(STAFF, till.id, **OFF) for _ in "ab"]

        assert changed[0] == changed[1]
        assert not changed[0].is_open

    def test_it_is_for_staff_of_its_organisation(self) -> None:
        till = make_till()

        with pytest.raises(NotAllowed):
            operations.add_till(SERVICE, name="Mine", is_live=False)
        with pytest.raises(NotAllowed):
            operations.change_till(SERVICE, till.id, **OFF)
        with pytest.raises(NoSuchTill):
            operations.change_till(ELSEWHERE, till.id, **OFF)
        with pytest.raises(NoSuchTill):
            operations.make_key(ELSEWHERE, till.id, name="key")


class TestKeys:
    def test_a_key_is_known_again_but_not_kept(self) -> None:
        till = make_till()

        key = operations.make_key(STAFF, till.id, name="Permits")

        program = queries.identify_program(DOOR, key)
        (kept,) = queries.list_keys(STAFF, till.id)
        row = models.ApiKey.objects.get()
        assert key.startswith("api_test_")
        assert (program.till, program.key_id, program.used_on) == (till, kept.id, None)
        assert (kept.name, kept.ends_with) == ("Permits", key[-4:])
        assert key not in (row.digest, row.name)

    def test_one_of_a_live_till_says_so(self) -> None:
        live = make_till(is_live=True)

        assert operations.make_key(STAFF, live.id, name="key").startswith("api_live_")

    def test_one_that_is_made_of_the_same_secret_is_the_same(self) -> None:
        till = make_till()

        keys = {operations.make_key(STAFF, till.id, name="k", random="a" * 40) for _ in "ab"}

        assert len(keys) == models.ApiKey.objects.count() == 1

    def test_a_revoked_one_is_refused_for_good(self) -> None:
        key = operations.make_key(STAFF, make_till().id, name="key")
        key_id = models.ApiKey.objects.get().id

        revoked = [operations.revoke_key(STAFF, key_id) for _ in "ab"]

        assert revoked[0] == revoked[1]
        with pytest.raises(KeyRefused):
            queries.identify_program(DOOR, key)

    @pytest.mark.parametrize(
        "key",
        ["", "é" * 40, "api_test_x", make_key(is_live=False, checksum_secret="x", random="a" * 40)],
    )
    def test_what_we_did_not_make_costs_no_statement(
        self, key: str, django_assert_num_queries: object
    ) -> None:
        assert not is_ours(key, models.checksum_secret())
        with django_assert_num_queries(0), pytest.raises(KeyRefused):  # type: ignore[operator]  # pytest-django's
            queries.identify_program(DOOR, key)

    def test_keys_are_for_staff_of_their_organisation(self) -> None:
        till = make_till()
        key = operations.make_key(STAFF, till.id, name="key")
        key_id = models.ApiKey.objects.get().id
        other_door = actor(permissions.CHECK_KEYS, organisation_id=OTHER_TOWN)

        with pytest.raises(NotAllowed):
            operations.make_key(SERVICE, till.id, name="key")
        with pytest.raises(NotAllowed):
            operations.revoke_key(SERVICE, key_id)
        with pytest.raises(NoSuchKey):
            operations.revoke_key(ELSEWHERE, key_id)
        with pytest.raises(NoSuchKey):
            operations.revoke_key(STAFF, uuid4())
        with pytest.raises(KeyRefused):
            queries.identify_program(other_door, key)

    def test_its_use_is_noted(self) -> None:
        operations.make_key(STAFF, make_till().id, name="key")
        key = models.ApiKey.objects.get()

        for _ in "ab":
            operations.note_use(DOOR, key.id)

        key.refresh_from_db()
        assert key.last_used_on is not None
