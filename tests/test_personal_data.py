"""Whose data: each app that holds some says so, and forgets it; and nothing is forgotten."""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import connection
from django.db.models import CASCADE, PROTECT, ForeignKey, Model
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from tests.marks import Town, email_of, undone
from tests.world import make_town
from townhall.capabilities.forms import permissions as forms
from townhall.capabilities.forms.operations import begin_draft
from townhall.capabilities.identity.models import (
    EmailChange,
    Erasure,
    FraudSignal,
    Person,
    ProvingAttempt,
    Recovery,
    StaffAccount,
)
from townhall.capabilities.identity.operations import erase_person
from townhall.capabilities.identity.records import ClaimedIdentity, Typed
from townhall.capabilities.notify import permissions as notify
from townhall.capabilities.notify.operations import (
    add_guest,
    keep_list,
    receive_text,
    send_email,
    send_ready_email,
    start_list,
)
from townhall.capabilities.notify.records import TemplateWording
from townhall.machinery.actors import Actor
from townhall.machinery.events import PersonErased, known_handlers
from townhall.machinery.holdings import ERASE, SEE_HELD, all_held, delays_of, get_holding, holdings
from townhall.machinery.models import RecordedEvent
from townhall.machinery.testing import run_tasks
from townhall.machinery.wording import Wording
from townhall.services.bulky_waste.service import ASK

SMELLS = re.compile(r"person|mail|phone|name|address|user|answers|body|note|cardholder|^(to|by)$")
# Apps with such a column that have nothing to list for somebody, or nothing to forget.
NOBODYS = {
    "auth": "Django's groups and permissions, which nobody has",
    "contenttypes": "names of tables",
    "demo": "names of a key and of players",
    "machinery": "the audit has ids only and is kept; events forget, and files go with their rows",
    "places": "addresses of houses",
    "procrastinate": "names of tasks; their arguments are ids",
    "sessions": "identity ends them",
}
# Tables with such a column that no `list_held` reads.
UNLISTED = {
    "account.EmailConfirmation": "allauth's, and never filled: a code proves an address",
    "identity.DocumentTry": "a digest that is kept for a day",
    "identity.FraudSignal": "it would warn whom it is about; it delays their erasure",
    "identity.Subject": "a random number for each service, of no use but to it",
    "notify.ApiKey": "names of keys",
    "notify.CallbackDelivery": "what programs are told of a message, which is listed",
    "notify.GoingLive": "how much a sender means to send",
    "notify.LinkedFile": "sealed with the key in its link, which only they have",
    "notify.ReceivedText": "from a telephone number, which nobody has proved to be theirs",
    "notify.SandboxMessage": "a copy, where no message goes out, of one that is listed",
    "notify.Step": "what became of a message, which is listed",
    "notify.Supplier": "names of firms",
    "notify.Tariff": "prices",
    "notify.Template": "names of templates",
    "notify.TemplateVersion": "words for everybody",
    "notify.Batch": "names of lists; what was sent is listed",
    "pay.ApiKey": "names of keys",
    "pay.Entry": "the ledger, which has amounts and no names",
    "pay.Notice": "sent to processors; what it is about is listed",
    "pay.Till": "names of tills",
    "pay.WebhookMessage": "what programs are told of a payment, which is listed",
}
WORDING = TemplateWording(
    name="test-hello", title="Hello", subject=Wording("Hello"), body=Wording("Hello")
)
EVERYWHERE = {
    "bulky_waste_collection",
    "cases_case",
    "forms_draft",
    "identity_person",
    "notify_batchchunk",
    "notify_guest",
    "notify_message",
    "notify_sandboxmessage",
}
FORMER = "former@own.example"  # theirs once, as a message that names them says
PHONE = "07700 900456"


def personal_models() -> Iterator[type[Model]]:
    for model in apps.get_models():
        names = [field.name for field in model._meta.concrete_fields]
        if any(SMELLS.search(name) for name in names) and not goes_with_person(model):
            yield model


def goes_with_person(model: type[Model]) -> bool:
    """Whether its rows go when the row of their person goes."""
    keys = [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]
    owners = [key.related_model for key in keys if key.remote_field.on_delete is CASCADE]
    return any(each is Person or (each is not model and goes_with_person(each)) for each in owners)


def test_each_app_with_personal_data_lists_it_and_hears_that_someone_is_erased() -> None:
    found = {model._meta.app_label for model in personal_models()}
    listing = {holding.slug.replace("-", "_") for holding in holdings()}
    heard = {name.split(".")[2] for event, name in known_handlers() if event == PersonErased.name}

    assert found - NOBODYS.keys() == listing, "call `holds` in its apps.py, or say why not here"
    assert listing - {"identity"} == heard, "hear PersonErased in its handlers.py"


def test_each_table_with_personal_data_is_listed_or_says_here_why_not(town: Town) -> None:
    with CaptureQueriesContext(connection) as asked:
        for holding in holdings():
            list(all_held(holding, owner(town)))
    read = {name for each in asked for name in re.findall(r'(?:FROM|JOIN) "(\w+)"', each["sql"])}

    unread = {
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label not in NOBODYS and smells(model)
        if model._meta.db_table not in read
    }

    assert unread == UNLISTED.keys(), "list it in its app's `list_held`, or say why not here"


def smells(model: type[Model]) -> bool:
    columns = model._meta.concrete_fields
    return any(SMELLS.search(each.name) or each.related_model is Person for each in columns)


def test_nothing_keeps_a_person_from_being_erased() -> None:
    keeping = [each for each in Person._meta.related_objects if each.on_delete is PROTECT]

    assert keeping == []


@pytest.fixture(scope="module")
def made(django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    """Made once, in a transaction that is never committed."""
    hosts = override_settings(ALLOWED_HOSTS=[".example"])
    with django_db_blocker.unblock(), hosts, undone():
        made = make_town("ctown", "Qvxmark")
        Person.objects.filter(id=made.people["owner"]).update(phone=PHONE)
        _scatter(made, email_of(made.mark, "owner"))
        yield made


def _scatter(town: Town, email: str) -> None:
    """What is written down of the owner without saying that it is theirs."""
    EmailAddress.objects.create(user_id=town.people["owner"], email=email, verified=True)
    clerk = town.actor(
        "test", notify.MANAGE_KEYS, notify.SEND_MESSAGES, notify.SEND, forms.FILL, ASK
    )
    add_guest(clerk, UUID(town.things["sender"]), email=email, is_team=False)
    send_ready_email(clerk, to=email.upper(), subject="Hi", body=email, language="en")
    table = [["email address"], ["else@where.example"], [email]]
    template_id = UUID(town.things["template"])
    listed = keep_list(clerk, template_id, name="list", table=table, made_by="clerk")
    start_list(clerk, listed.id, starts_at=timezone.now() + timedelta(hours=1))
    send_email(
        clerk,
        template=WORDING,
        to=FORMER,
        person_id=town.people["owner"],
        personalisation={},
        language="en",
    )
    begin_draft(clerk, "bulky-waste", secret="own", given={"email": email})


@pytest.fixture
def town(made: Town) -> Iterator[Town]:
    with undone():
        yield made


def owner(town: Town) -> Actor:
    return town.actor("owner", SEE_HELD)


def rows_with(words: list[str]) -> dict[str, int]:
    """How many rows of each table have one of these in any of their columns."""
    needles = [f"%{each}%" for word in words for each in (word, word.encode().hex())]
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        counts = {}
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" AS t WHERE t::text ILIKE ANY(%s)',
                [needles],
            )
            counts[table] = cursor.fetchone()[0]
    return {table: count for table, count in counts.items() if count}


def test_no_byte_of_someone_who_was_erased_is_left(town: Town) -> None:
    person_id = town.people["owner"]
    words = [f"{town.mark} owner", email_of(town.mark, "owner"), FORMER, PHONE, "447700900456"]
    before = rows_with(words)
    assert set(before) >= EVERYWHERE
    eraser = Actor("capability:identity", frozenset({ERASE}), town.organisation.id)

    for _twice in range(2):
        erase_person(eraser, person_id)
        run_tasks()

    assert rows_with(words) == {}
    assert set(rows_with([str(person_id)])) == {"machinery_auditentry", "machinery_recordedevent"}
    event = RecordedEvent.objects.get(name=PersonErased.name)
    assert "reached_at" not in event.facts
    assert not list(Person.objects.filter(id=person_id))


def test_what_went_to_an_address_that_nobody_proved_may_be_anothers(town: Town) -> None:
    """Or who types another's telephone number, and asks to be deleted, deletes what is theirs."""
    person_id = town.people["owner"]
    supplier = town.actor("test", notify.DELIVER)
    other = {"to": "447700900502", "by": "447700900456", "body": "Hi"}
    receive_text(supplier, **other, supplier_reference="others")
    clerk = town.actor("test", notify.SEND)
    send_ready_email(clerk, to=FORMER, subject="Hi", body="Zzanother", language="en")
    eraser = Actor("capability:identity", frozenset({ERASE}), town.organisation.id)

    erase_person(eraser, person_id)
    run_tasks()

    assert "notify_receivedtext" in rows_with(["447700900456"])
    assert "notify_message" in rows_with(["Zzanother"])


def test_of_everyone_else_nothing_is_lost(town: Town) -> None:
    words = [f"{town.mark} stranger", email_of(town.mark, "stranger")]
    before = rows_with(words)
    eraser = Actor("capability:identity", frozenset({ERASE}), town.organisation.id)

    erase_person(eraser, town.people["owner"])
    run_tasks()

    assert rows_with(words) == before


def test_each_part_lists_what_is_the_persons_and_nothing_of_anybody_else(town: Town) -> None:
    of_owner = {each.slug: list(all_held(each, owner(town))) for each in holdings()}
    stranger = town.actor("stranger", SEE_HELD)
    of_stranger = {each.slug: list(all_held(each, stranger)) for each in holdings()}

    assert all(of_owner[slug] for slug in ("identity", "notify", "pay", "cases", "bulky-waste"))
    assert {each.person_id for rows in of_owner.values() for each in rows} == {town.people["owner"]}
    assert [slug for slug, rows in of_stranger.items() if rows] == ["identity"]


def test_what_is_open_delays_an_erasure_and_says_so(town: Town) -> None:
    delays = delays_of(owner(town))

    assert any("collection is still to be made" in each for each in delays)
    assert any("staff are still working on something" in each for each in delays)
    assert any("payment is not finished" in each for each in delays)
    assert delays_of(town.actor("stranger", SEE_HELD)) == []


@pytest.mark.parametrize("column", ["person_id", "other_id"])
def test_a_signal_of_fraud_that_nobody_has_settled_delays_it_too(town: Town, column: str) -> None:
    FraudSignal.objects.update(settled_at=timezone.now())  # those of the town
    people = {"person_id": town.people["stranger"], column: town.people["owner"]}
    facts = {"kind": "used", "document_kind": "passport", "document": "digest"}
    signal = FraudSignal.objects.create(organisation_id=town.organisation.id, **people, **facts)
    says = "We are still checking something you gave us"

    assert says in delays_of(owner(town))

    FraudSignal.objects.filter(id=signal.id).update(settled_at=timezone.now())
    assert says not in delays_of(owner(town))


def test_what_erasure_calls_theirs_is_listed_as_theirs(town: Town) -> None:
    me, now = town.people["owner"], timezone.now()
    EmailChange.objects.create(person_id=me, email="mine@new.example", code_digest="x")
    Erasure.objects.create(person_id=me, due_at=now)
    Recovery.objects.create(person_id=me)
    StaffAccount.objects.create(
        organisation_id=town.organisation.id, issuer="https://i", subject="no. 7", person_id=me
    )
    attempt = ProvingAttempt(organisation_id=town.organisation.id, person_id=me, wanted="P2")
    claim = ClaimedIdentity(given_names="Zzelda", family_name="Z", birth_date=now.date())
    attempt.hide(Typed(claim=claim))
    attempt.save()

    listed = {each.slug: str(list(all_held(each, owner(town)))) for each in holdings()}

    for words in ("mine@new.example", "It will be deleted on", "without your second factor"):
        assert words in listed["identity"]
    for words in ("no. 7", "Zzelda", "A browser you are signed in with"):
        assert words in listed["identity"]
    email = email_of(town.mark, "owner")
    assert f"('Sent to', '{email.upper()}')" in listed["notify"]
    assert "A sender that may write to you in trial" in listed["notify"]


def test_what_went_to_an_address_that_nobody_proved_is_listed_for_nobody(town: Town) -> None:
    EmailAddress.objects.filter(user_id=town.people["owner"]).update(verified=False)

    listed = str(list(all_held(get_holding("notify"), owner(town))))

    assert email_of(town.mark, "owner").upper() not in listed
    assert "in trial" not in listed
