"""What someone does with what is held of them, over HTTP and with real emails in the sandbox."""

import json
import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from townhall.capabilities.cases import permissions as cases
from townhall.capabilities.cases.operations import close_case, open_case
from townhall.capabilities.cases.records import Case, Outcome
from townhall.capabilities.identity import operations as identity
from townhall.capabilities.identity.permissions import KNOW_PEOPLE
from townhall.capabilities.identity.queries import get_person, names_of
from townhall.capabilities.identity.tests.make import make_actor, make_organisation, sign_in
from townhall.capabilities.notify import permissions as notify
from townhall.capabilities.notify.queries import get_sandbox_message, list_sandbox_messages
from townhall.machinery.actors import Actor, permission_labels
from townhall.machinery.errors import NotAllowed
from townhall.machinery.organisations import Organisation
from townhall.machinery.testing import run_tasks
from townhall.machinery.wording import Wording
from townhall.services.account import operations
from townhall.services.account.service import ACCOUNT

pytestmark = pytest.mark.django_db

JO, NEW = "jo@resident.example", "jo@new.example"
DONE = (Outcome(code="done", label=Wording("Done")),)


@pytest.fixture(autouse=True)
def _no_tries_yet() -> None:
    cache.clear()


@pytest.fixture
def town() -> Organisation:
    return make_organisation(hosts=("testserver",))


@pytest.fixture
def jo(town: Organisation) -> UUID:
    return identity.add_person(make_actor(town), email=JO, name="Jo Jones").id


@pytest.fixture
def browser(town: Organisation, jo: UUID) -> Client:
    client = Client()
    sign_in(client, town, jo)
    return client


def person(town: Organisation, person_id: UUID) -> str:
    known = get_person(Actor("test", frozenset({KNOW_PEOPLE}), town.id), person_id)
    return f"{known.name} {known.email} {known.phone} {known.language}"


def letters(town: Organisation) -> dict[str, str]:
    """What arrived, by whom it was to."""
    run_tasks()
    reader = Actor("test", frozenset({notify.SEE_SANDBOX}), town.id)
    lines = sorted(list_sandbox_messages(reader).rows, key=lambda line: line.id)
    return {
        line.to: f"{line.subject} {get_sandbox_message(reader, line.id).text}" for line in lines
    }


def post(browser: Client, page: str, /, **sent: str) -> int:
    return browser.post(reverse(f"account:{page}"), sent).status_code


def worker(town: Organisation) -> Actor:
    return Actor("staff:caseworker", frozenset({cases.OPEN, cases.WORK}), town.id, uuid4())


def make_case(town: Organisation, person_id: UUID) -> Case:
    return open_case(
        worker(town),
        service="lamps",
        kind="broken",
        subject_id=uuid4(),
        person_id=person_id,
        title="Lamp",
        summary="The lamp of Jo Jones",
        link="",
        outcomes=DONE,
        due_at=timezone.now(),
    )


def test_a_person_corrects_their_details(town: Organisation, jo: UUID, browser: Client) -> None:
    assert post(browser, "details", name="", phone="x", language="fr") == 422
    assert post(browser, "details", name="Jo Jay", phone="07700 900123", language="cy") == 302

    assert person(town, jo) == f"Jo Jay {JO} 07700 900123 cy"


def test_an_address_changes_once_its_code_is_given_and_the_old_one_is_told(
    town: Organisation, jo: UUID, browser: Client
) -> None:
    assert post(browser, "address", email=NEW.upper()) == 302
    code = re.search(r"\d{8}", letters(town)[NEW])
    assert code is not None
    assert post(browser, "code", code="00000000") == 422
    assert JO in person(town, jo)

    assert post(browser, "code", code=f" {code[0][:4]} {code[0][4:]}") == 302

    assert NEW in person(town, jo)
    assert "Your email address has changed" in letters(town)[JO]
    assert post(browser, "code", code=code[0]) == 422, "good for once"


def test_a_new_address_ends_every_other_session(
    town: Organisation, jo: UUID, browser: Client
) -> None:
    other = Client()
    sign_in(other, town, jo)
    post(browser, "address", email=NEW)
    code = re.search(r"\d{8}", letters(town)[NEW])
    assert code is not None

    post(browser, "code", code=code[0])

    assert browser.get(reverse("account:held")).status_code == 200
    assert other.get(reverse("account:held")).status_code == 302


def test_a_few_copies_an_hour_are_made(browser: Client) -> None:
    tried = [browser.get(reverse("account:copy_for_programs")).status_code for _try in range(6)]

    assert tried == [200] * 5 + [429]
    assert browser.head(reverse("account:copy_to_read")).status_code == 429


def test_nobody_learns_here_whose_an_address_is(town: Organisation, browser: Client) -> None:
    identity.add_person(make_actor(town), email=NEW, name="Ann")

    answers = [
        browser.post(reverse("account:address"), {"email": email})
        for email in (NEW, "nobody@new.example")
    ]

    assert {(each.status_code, each.headers["Location"]) for each in answers} == {
        (302, reverse("account:code"))
    }
    assert "You have an account already" in letters(town)[NEW]
    assert not re.search(r"\d{8}", letters(town)[NEW])


def test_a_code_is_tried_five_times_and_five_are_sent_a_day(
    town: Organisation, jo: UUID, browser: Client
) -> None:
    post(browser, "address", email=NEW)
    code = re.search(r"\d{8}", letters(town)[NEW])
    assert code is not None

    tried = [post(browser, "code", code="1") for _try in range(5)]

    assert tried == [422] * 5
    assert post(browser, "code", code=code[0]) == 422
    assert [post(browser, "address", email=NEW) for _try in range(5)] == [302] * 4 + [422]
    assert JO in person(town, jo)


def test_ones_own_address_and_no_address_are_refused(browser: Client) -> None:
    assert post(browser, "address", email=JO) == 422
    assert post(browser, "address", email="jo") == 422


@pytest.mark.parametrize("page", ["address", "code", "delete", "copy_for_programs", "copy_to_read"])
def test_whoever_proved_who_they_are_a_while_ago_does_so_again(browser: Client, page: str) -> None:
    ask = browser.get if page.startswith("copy") else browser.post
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        answer = ask(reverse(f"account:{page}"), {"email": NEW, "code": "1"})

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{reverse('account_again')}?next=")


def test_a_copy_has_all_that_is_held_and_is_never_stored(
    town: Organisation, jo: UUID, browser: Client
) -> None:
    make_case(town, jo)
    for number in range(30):  # more than a page
        make_case(town, jo if number < 28 else uuid4())

    as_json = browser.get(reverse("account:copy_for_programs"))
    to_read = browser.get(reverse("account:copy_to_read"))

    held = {part["part"]: part["held"] for part in json.loads(as_json.content)["parts"]}
    assert len(held["cases"]) == 29
    assert {"label": "Email address", "value": JO} in held["identity"][0]["facts"]
    assert to_read.text.count("The lamp of Jo Jones") == 29
    for each in (as_json, to_read):
        assert each.headers["Content-Disposition"].startswith("attachment")
        assert "no-store" in each.headers["Cache-Control"]


def test_what_is_held_is_read_part_by_part(town: Organisation, jo: UUID, browser: Client) -> None:
    case = make_case(town, jo)
    make_case(town, uuid4())

    page = browser.get(reverse("account:part", args=["cases"])).text

    assert page.count("govuk-summary-card__title-wrapper") == 1
    assert case.reference in page
    assert browser.get(reverse("account:part", args=["nothing"])).status_code == 404
    assert JO in browser.get(reverse("account:held")).text


def test_who_looked_is_told_with_the_case_and_what_allowed_it(
    town: Organisation, jo: UUID, browser: Client
) -> None:
    case = make_case(town, jo)
    close_case(worker(town), case.id, outcome="done", note="")

    page = browser.get(reverse("account:looks")).text

    assert f"Work that staff did for you: {case.reference}" in page
    assert str(permission_labels()[cases.WORK]) in page


def test_an_account_is_deleted_once_the_time_to_cancel_is_over(
    town: Organisation, jo: UUID, browser: Client
) -> None:
    explained = browser.get(reverse("account:delete")).text
    assert "six years" in explained
    assert post(browser, "delete") == 302
    assert post(browser, "delete") == 302, "twice is harmless"
    assert "We will delete your account" in letters(town)[JO]
    identity.erase_whom_it_is_time_for()
    run_tasks()
    assert "Keep my account" in browser.get(reverse("account:overview")).text

    with time_machine.travel(timezone.now() + timedelta(days=14, minutes=1)):
        identity.erase_whom_it_is_time_for()
        run_tasks()
        identity.erase(person_id=jo)

    assert names_of(make_actor(town), [jo]) == {}
    assert letters(town) == {}
    assert browser.get(reverse("account:overview")).status_code == 302


def test_whoever_changes_their_mind_keeps_their_account(
    town: Organisation, jo: UUID, browser: Client
) -> None:
    post(browser, "delete")

    assert post(browser, "keep") == 302
    assert post(browser, "keep") == 302, "twice is harmless"

    with time_machine.travel(timezone.now() + timedelta(days=30)):
        identity.erase_whom_it_is_time_for()
        identity.erase(person_id=jo)
        run_tasks()
    assert JO in person(town, jo)


def test_what_is_open_is_ended_first(town: Organisation, jo: UUID, browser: Client) -> None:
    case = make_case(town, jo)
    assert case.reference in browser.get(reverse("account:delete")).text
    post(browser, "delete")

    with time_machine.travel(timezone.now() + timedelta(days=15)):
        identity.erase_whom_it_is_time_for()
        run_tasks()
        assert JO in person(town, jo)
        close_case(worker(town), case.id, outcome="done", note="Jo Jones was told")
        identity.erase_whom_it_is_time_for()
        run_tasks()

    assert names_of(make_actor(town), [jo]) == {}


def test_whoever_works_here_does_not_go_before_their_work_has_ended(
    town: Organisation, jo: UUID, browser: Client
) -> None:
    post(browser, "delete")
    identity.add_member(make_actor(town), email=JO, name="Jo", roles=["crew"])

    with time_machine.travel(timezone.now() + timedelta(days=15)):
        identity.erase_whom_it_is_time_for()
        run_tasks()

    assert JO in person(town, jo)
    identity.cancel_erasure(Actor("test", ACCOUNT.residents_may, town.id, jo))
    assert post(browser, "delete") == 409
    assert "An administrator has to end that" in browser.get(reverse("account:delete")).text


def test_all_of_it_takes_the_permission_and_a_person(town: Organisation, jo: UUID) -> None:
    nobody = Actor("resident", ACCOUNT.residents_may, town.id)
    program = Actor("program:x", frozenset(), town.id, jo)
    for actor in (nobody, program):
        for door, said in (
            (operations.ask_new_address, {"email": NEW}),
            (operations.confirm_new_address, {"code": "1"}),
            (operations.ask_to_delete, {}),
            (operations.keep_account, {}),
        ):
            with pytest.raises(NotAllowed):
                door(actor, **said)
