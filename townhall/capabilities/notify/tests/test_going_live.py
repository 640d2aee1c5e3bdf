"""Senders in trial, those who ask for them to go live, and those who decide it."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.test import Client

from townhall.capabilities.notify import errors, models, operations, permissions, queries, records
from townhall.capabilities.notify.records import Channel, KeyType
from townhall.capabilities.notify.tests.channels import LETTER, SMS, letter, make, set_to, text
from townhall.capabilities.notify.tests.make import (
    BARSET,
    OUTSIDER,
    SENDER,
    make_actor,
    make_guest,
    make_key,
    make_limits,
    make_live,
)
from townhall.capabilities.notify.tests.wire import body, post, refused
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed
from townhall.machinery.models import AuditEntry

pytestmark = pytest.mark.django_db

DECIDER = Actor("staff:head", frozenset({permissions.DECIDE_GOING_LIVE}), BARSET.id, UUID(int=8))
YEAR = {"emails_a_year": 100, "texts_a_year": 0, "letters_a_year": 0}
TRIAL_ONLY = (
    "Can’t send to this recipient when service is in trial mode – see "
    "https://www.notifications.service.gov.uk/trial-mode"
)


def trial_key() -> records.NewKey:
    """A live key of a sender that has come to be in trial again."""
    key = make_key()
    models.Sender.objects.filter(id=sender_of(key)).update(went_live_at=None)
    return key


def sender_of(key: records.NewKey) -> UUID:
    return UUID(key.text[-73:-37])


def ready_sender() -> UUID:
    """A sender in trial that has all that it must have to go live."""
    make(Channel.SMS)
    sender_id = models.Sender.named(make_actor(), SENDER).id
    for name in ("ann", "bob"):
        make_guest(sender_id, email=f"{name}@barset.example", is_team=True)
    return sender_id


def ask(sender_id: UUID) -> records.GoingLive:
    return operations.ask_to_go_live(make_actor(), sender_id, **YEAR)


def state(sender_id: UUID) -> records.SenderState:
    return queries.get_sender_state(make_actor(), sender_id)


def test_in_trial_a_program_reaches_its_team_and_guests() -> None:
    key = trial_key()
    make_guest(sender_of(key), email="Ann@example.com")
    make_guest(sender_of(key), phone="07700 900123", is_team=True)

    assert post(key, body()).status_code == 201
    asked = text()
    assert post(key, asked, path=SMS).status_code == 201
    elsewhere = body(email_address="bob@example.com")
    refused(post(key, elsewhere), 400, "BadRequestError", TRIAL_ONLY)
    other = asked | {"phone_number": "07700 900124"}
    refused(post(key, other, path=SMS), 400, "BadRequestError", TRIAL_ONLY)


def test_in_trial_no_letters_go_but_with_a_test_key() -> None:
    asked = letter()

    says = "Cannot send letters when service is in trial mode"
    test_key, key = make_key(KeyType.TEST, name="test"), trial_key()
    refused(post(key, asked, path=LETTER), 403, "BadRequestError", says)
    assert post(test_key, asked, path=LETTER).status_code == 201


def test_in_trial_fifty_messages_of_each_kind_go_a_day() -> None:
    key = trial_key()
    make_guest(sender_of(key), email="ann@example.com")
    assert post(key, body()).status_code == 201
    models.DayCount.objects.update(count=50)

    says = "Exceeded send limits (email: 50) for today"
    refused(post(key, body()), 429, "TooManyRequestsError", says)


def test_a_live_key_is_made_once_the_sender_is_live() -> None:
    with pytest.raises(errors.InTrial):
        operations.make_api_key(make_actor(), name="till", sender=SENDER)
    assert operations.make_api_key(
        make_actor(), name="try", sender=SENDER, key_type=KeyType.TEAM
    ).text

    make_live()

    assert operations.make_api_key(make_actor(), name="till", sender=SENDER).text


def test_services_send_whatever_the_sender_of_their_name_may() -> None:
    assert not state(models.Sender.named(make_actor(), SENDER).id).standing.is_live
    assert operations.send_ready_email(
        make_actor(), to="ann@example.com", subject="x", body="x", language="en"
    ).id


@pytest.mark.parametrize(
    ("channel", "words"),
    [(Channel.EMAIL, "emails"), (Channel.SMS, "text messages"), (Channel.LETTER, "letters")],
)
def test_a_channel_that_is_off_is_refused(channel: Channel, words: str) -> None:
    key = make_key()
    asked = {Channel.EMAIL: body, Channel.SMS: text, Channel.LETTER: letter}[channel]()
    rest = [each for each in Channel if each != channel]
    operations.choose_channels(make_actor(), sender_of(key), channels=rest)

    answer = post(key, asked, path=f"/v2/notifications/{channel}")
    refused(answer, 400, "BadRequestError", f"Service is not allowed to send {words}")
    operations.choose_channels(make_actor(), sender_of(key), channels=list(Channel))
    assert post(key, asked, path=f"/v2/notifications/{channel}").status_code == 201


def test_texts_abroad_are_counted_by_themselves_too() -> None:
    key, abroad = make_key(), text(phone_number="+33 6 12 34 56 78")
    set_to("abroad", True)
    make_limits(sender_of(key), abroad=1)

    assert post(key, abroad, path=SMS).status_code == 201
    says = "Exceeded send limits (international_sms: 1) for today"
    refused(post(key, abroad, path=SMS), 429, "TooManyRequestsError", says)
    at_home = abroad | {"phone_number": "07700 900123"}
    assert post(key, at_home, path=SMS).status_code == 201
    counts = dict(models.DayCount.objects.values_list("channel", "count"))
    assert counts == {"sms": 2, "abroad": 1}


def test_a_sender_goes_live_when_somebody_else_approves() -> None:
    sender_id = ready_sender()
    asked = ask(sender_id)
    assert queries.list_waiting_to_go_live(DECIDER).rows == [asked]

    approved = operations.approve_going_live(DECIDER, asked.id)
    again = operations.approve_going_live(DECIDER, asked.id)

    assert approved == again
    assert approved.is_approved
    standing = state(sender_id).standing
    assert standing.went_live_at == approved.decided_at
    assert standing.most_a_day == {
        "email": 250_000,
        "sms": 250_000,
        "letter": 20_000,
        "abroad": 100,
    }
    assert queries.list_going_live(make_actor(), sender_id) == [approved]
    assert not queries.list_waiting_to_go_live(DECIDER).rows
    actions = AuditEntry.objects.filter(subject_id=asked.id).values_list("action", flat=True)
    assert {"notify.ask_to_go_live", "notify.approve_going_live"} <= set(actions)
    with pytest.raises(errors.LiveAlready):
        ask(sender_id)


def test_a_refusal_leaves_it_in_trial_with_the_reason_and_it_may_be_asked_again() -> None:
    sender_id = ready_sender()
    asked = ask(sender_id)

    refusal = operations.refuse_going_live(DECIDER, asked.id, reason="Too many letters")
    operations.refuse_going_live(DECIDER, asked.id, reason="Once more")

    assert queries.list_going_live(make_actor(), sender_id)[0].reason == "Too many letters"
    assert not refusal.is_approved
    assert not state(sender_id).standing.is_live
    with pytest.raises(errors.DecidedAlready):
        operations.approve_going_live(DECIDER, asked.id)
    assert ask(sender_id).id != asked.id


def test_asking_twice_is_one_request_with_the_newer_numbers() -> None:
    sender_id = ready_sender()
    first = ask(sender_id)

    again = operations.ask_to_go_live(make_actor(), sender_id, **YEAR | {"texts_a_year": 7})

    assert (again.id, again.expected[Channel.SMS]) == (first.id, 7)


def test_nobody_decides_what_they_asked_for() -> None:
    asked = ask(ready_sender())
    asker = replace(DECIDER, person_id=make_actor().person_id)

    with pytest.raises(errors.OwnRequest):
        operations.approve_going_live(asker, asked.id)
    with pytest.raises(errors.OwnRequest):
        operations.refuse_going_live(asker, asked.id, reason="x")


def test_what_is_missing_has_to_be_done_first() -> None:
    make(Channel.EMAIL)
    sender_id = models.Sender.named(make_actor(), SENDER).id
    nothing = records.Checklist(has_template=True, has_reply_to=False, has_team=False)
    assert queries.get_checklist(make_actor(), sender_id) == nothing
    with pytest.raises(errors.NotReady):
        ask(sender_id)

    for name in ("ann", "bob"):
        make_guest(sender_id, email=f"{name}@barset.example", is_team=True)
    operations.add_origin(
        make_actor(), channel=Channel.EMAIL, words="us@barset.example", sender=SENDER
    )

    assert ask(sender_id).expected[Channel.EMAIL] == 100


def test_none_of_it_is_done_without_permission_or_by_another_organisation() -> None:
    sender_id = ready_sender()
    asked = ask(sender_id)
    foreign = replace(OUTSIDER, may=make_actor().may)

    for actor, refusal in ((OUTSIDER, NotAllowed), (foreign, errors.NoSuchSender)):
        with pytest.raises(refusal):
            operations.ask_to_go_live(actor, sender_id, **YEAR)
        with pytest.raises(refusal):
            operations.choose_channels(actor, sender_id, channels=[])
        with pytest.raises(refusal):
            operations.agree_limits(actor, sender_id, most_a_day={})
        with pytest.raises(refusal):
            queries.get_sender_limits(actor, sender_id)
        with pytest.raises(refusal):
            queries.get_checklist(actor, sender_id)
    with pytest.raises(NotAllowed):
        operations.open_sender(make_actor(), sender=SENDER)
    with pytest.raises(errors.NoSuchRequest):
        operations.approve_going_live(foreign, asked.id)
    with pytest.raises(NotAllowed):
        operations.refuse_going_live(OUTSIDER, asked.id, reason="x")
    assert not queries.list_waiting_to_go_live(foreign).rows
    assert not queries.list_going_live(foreign, sender_id)
    assert not queries.list_sender_states(foreign)


def test_staff_ask_on_the_page_and_others_decide_there(client: Client) -> None:
    sender_id = ready_sender()
    page = f"/notify/senders/{sender_id}/"
    assert "In trial" in client.get(page).content.decode()
    missing = client.post(f"{page}going-live/", YEAR)
    assert (missing.status_code, "Tick the box" in missing.content.decode()) == (422, True)

    assert client.post(f"{page}going-live/", YEAR | {"agreed": "on"}).status_code == 302
    asked = models.GoingLive.objects.get()
    decide = f"/notify/going-live/{asked.id}/"
    own = client.post(decide, {"decision": "approve"})
    assert "You asked for this yourself" in own.content.decode()
    models.GoingLive.objects.update(asked_by_id=UUID(int=9))
    assert client.post(decide, {"decision": "refuse"}).status_code == 422
    client.post(decide, {"decision": "refuse", "reason": "Not yet"})

    shown = client.get(page).content.decode()
    assert "Not yet" in shown
    assert "Ask to go live" in shown


def test_staff_change_what_a_sender_may_send(client: Client) -> None:
    key = make_key()
    page = f"/notify/senders/{sender_of(key)}/"
    numbers = {"email": "1,000", "sms": "20", "abroad": "3", "letter": "4"}

    assert client.post(f"{page}limits/", numbers)["Location"] == page
    assert client.post(f"{page}channels/", {"channels": ["sms"]})["Location"] == page

    shown = client.get(page).content.decode()
    assert "1,000" in shown
    assert state(sender_of(key)).standing.channels == {Channel.SMS}


def test_a_live_key_in_trial_is_refused_on_the_page(client: Client) -> None:
    models.Sender.named(make_actor(), SENDER)
    asked = {"name": "till", "sender": SENDER, "key_type": "live"}

    answer = client.post("/notify/keys/new/", asked)

    assert answer.status_code == 422
    assert f"{SENDER} is in trial" in answer.content.decode()
