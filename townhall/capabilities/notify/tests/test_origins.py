"""What messages say they are from: kept by staff, and one of each channel the usual one."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from townhall.capabilities.notify import errors, models, operations, permissions, queries, records
from townhall.capabilities.notify.records import Channel
from townhall.capabilities.notify.rules.origins import clean_origin, is_number
from townhall.capabilities.notify.tests.make import ELSEWHERE, OUTSIDER, SENDER, make_actor
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid, NotAllowed
from townhall.machinery.organisations import Organisation
from townhall.machinery.wording import Wording

pytestmark = pytest.mark.django_db

THEIRS = make_actor(permissions.EDIT_TEMPLATES, organisation_id=ELSEWHERE.id)


def add(words: str = "Barset", **changes: Any) -> records.Origin:
    usual: dict[str, Any] = {"channel": Channel.SMS, "sender": SENDER}
    return operations.add_origin(make_actor(), words=words, **usual | changes)


def texts(actor: Actor | None = None) -> Iterator[tuple[str, bool]]:
    for sender in queries.list_origins(actor or make_actor()):
        yield from ((origin.words, origin.is_default) for origin in sender.texts)


@pytest.mark.parametrize(
    ("channel", "typed", "kept"),
    [
        (Channel.EMAIL, " bins@barset.example ", "bins@barset.example"),
        (Channel.SMS, "X", "X"),
        (Channel.SMS, " A&B  2.-_ok ", "A&B 2.-_ok"),
        (Channel.SMS, "07700 900123", "447700900123"),
        (Channel.SMS, "+44 1632 960000", "441632960000"),
        (Channel.SMS, "+33 6 39 98 12 34", "33639981234"),
        (Channel.SMS, "60006", "60006"),
        (Channel.LETTER, "Town Hall \r\n\r\n  Barset", "Town Hall\nBarset"),
    ],
)
def test_what_is_typed_is_kept_tidily(channel: Channel, typed: str, kept: str) -> None:
    assert clean_origin(channel, typed) == kept
    assert is_number(kept) == kept.isdigit()


@pytest.mark.parametrize(
    ("channel", "typed", "says"),
    [
        (Channel.EMAIL, "bins", "Not a valid email address"),
        (Channel.SMS, "twelve chars", "11 characters"),
        (Channel.SMS, "Caffi ŵ", "11 characters"),
        (Channel.SMS, "it's", "11 characters"),
        (Channel.SMS, "&.-_", "with a letter in it"),
        (Channel.SMS, "0770", "a whole telephone number"),
        (Channel.SMS, "", "with a letter in it"),
        (Channel.LETTER, " \n ", "Enter the address"),
        (Channel.LETTER, "x\n" * 11, "10 lines"),
        (Channel.LETTER, "x" * 101, "100 characters"),
    ],
)
def test_what_no_message_can_be_from_is_refused(channel: Channel, typed: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        add(typed, channel=channel)


def test_the_first_is_the_usual_one_and_adding_again_changes_nothing() -> None:
    first = add()

    again, second = add(), add("Bins")

    assert (first, first.is_default) == (again, True)
    assert list(texts()) == [("Barset", True), ("Bins", False)]
    assert second.is_default is False


def test_another_can_be_made_the_usual_one() -> None:
    _first, second = add(), add("Bins")

    operations.make_usual(make_actor(), second.id)
    operations.make_usual(make_actor(), second.id)

    assert list(texts()) == [("Bins", True), ("Barset", False)]


def test_the_usual_one_is_removed_last() -> None:
    first, second = add(), add("Bins")
    add("bins@barset.example", channel=Channel.EMAIL)

    with pytest.raises(errors.StillUsual):
        operations.remove_origin(make_actor(), first.id)
    operations.remove_origin(make_actor(), second.id)
    operations.remove_origin(make_actor(), first.id)

    assert list(texts()) == []
    assert models.Origin.objects.get().channel == Channel.EMAIL
    with pytest.raises(errors.NoSuchOrigin):
        operations.remove_origin(make_actor(), first.id)


def test_only_a_number_takes_texts_and_only_for_one_sender() -> None:
    plain = add("07700 900123")
    taking = add("07700 900123", takes_texts=True)

    assert (plain.id, plain.takes_texts, taking.takes_texts) == (taking.id, False, True)
    assert add("07700 900123") == taking
    with pytest.raises(errors.NotAnOrigin):
        add("Barset", takes_texts=True)
    with pytest.raises(errors.NumberTaken):
        add("07700 900123", takes_texts=True, sender="another")
    assert models.Origin.objects.get() == models.Origin.objects.get(id=taking.id)


def test_of_several_organisations_one_takes_texts_at_a_number_the_operator_gave_it(
    settings: Settings,
) -> None:
    number: dict[str, Any] = {"channel": Channel.SMS, "words": "07700 900123", "takes_texts": True}

    with pytest.raises(errors.NotAnOrigin, match="TOWNHALL_TEXT_NUMBERS"):
        operations.add_origin(THEIRS, **number)
    with pytest.raises(errors.NotAnOrigin):
        operations.add_origin(make_actor(), **number | {"words": "07700 900124"})
    assert not models.Origin.objects.exists()

    settings.ORGANISATIONS = f"{__name__}.only_theirs"
    assert operations.add_origin(THEIRS, **number).takes_texts


def only_theirs() -> list[Organisation]:
    return [ELSEWHERE]


def test_a_letter_has_its_senders_usual_address_from_its_next_version_on() -> None:
    words: dict[str, Any] = {"subject": Wording("Bins"), "body": Wording("Hello")}
    actor = make_actor()
    made = operations.make_template(
        actor, title="Bins", channel=Channel.LETTER, sender=SENDER, **words
    )
    add("Town Hall\nBarset", channel=Channel.LETTER)

    edited = operations.edit_template(actor, made.id, seen_version=1, **words)
    again = operations.edit_template(actor, made.id, seen_version=2, **words)

    assert (
        queries.get_usual_origin(actor, sender=SENDER, channel=Channel.LETTER)
        == "Town Hall\nBarset"
    )
    assert (made.contact_block, edited.contact_block) == ("", "Town Hall\nBarset")
    assert again == edited


def test_senders_are_listed_by_name_after_the_first() -> None:
    add(sender="zoo")
    add(sender="allotments")

    assert queries.list_senders(make_actor()) == ["main", "allotments", "zoo"]
    assert queries.list_senders_for_keys(make_actor()) == ["main", "allotments", "zoo"]
    assert queries.list_senders(THEIRS) == ["main"]


def test_another_organisation_finds_none() -> None:
    origin = add()

    assert list(texts(THEIRS)) == []
    assert queries.get_usual_origin(THEIRS, sender=SENDER, channel=Channel.LETTER) == ""
    for ask in (queries.get_origin, operations.make_usual, operations.remove_origin):
        with pytest.raises(errors.NoSuchOrigin):
            ask(THEIRS, origin.id)


def test_who_messages_are_from_needs_the_permission() -> None:
    with pytest.raises(NotAllowed):
        operations.add_origin(OUTSIDER, channel=Channel.SMS, words="Barset")
    for ask in (queries.get_origin, operations.make_usual, operations.remove_origin):
        with pytest.raises(NotAllowed):
            ask(OUTSIDER, UUID(int=1))
    for list_them in (queries.list_origins, queries.list_senders, queries.list_senders_for_keys):
        with pytest.raises(NotAllowed):
            list_them(OUTSIDER)
    with pytest.raises(NotAllowed):
        queries.get_usual_origin(OUTSIDER, sender="main", channel=Channel.LETTER)


def url(name: str, *args: object) -> str:
    return reverse(f"notify:{name}", args=args)


def get(page: str, *, actor: str = "staff") -> Any:  # a test client's response
    return Client().get(page, headers={"X-Test-Actor": actor})


def post(page: str, data: dict[str, str], *, actor: str = "staff") -> Any:  # as above
    return Client().post(page, data, headers={"X-Test-Actor": actor})


def test_the_pages_add_show_and_remove() -> None:
    add()

    chosen = post(url("add_origin"), {"channel": "sms", "sender": SENDER})
    added = post(chosen["Location"], {"words": "07700 900123", "takes_texts": "on"})
    page = get(url("origins")).content.decode()

    number = models.Origin.objects.get(words="447700900123")
    assert (added["Location"], number.sender.name) == (url("origins"), SENDER)
    assert "Takes texts" in page
    assert url("make_usual", number.id) in page
    assert post(url("make_usual", number.id), {})["Location"] == url("origins")
    assert get(url("remove_origin", number.id)).status_code == 200
    assert post(url("remove_origin", number.id), {}).status_code == 409
    other = models.Origin.objects.get(words="Barset")
    assert post(url("remove_origin", other.id), {})["Location"] == url("origins")
    assert list(texts()) == [("447700900123", True)]


@pytest.mark.parametrize(
    ("channel", "words", "says"),
    [
        ("email", "bins", "Enter an email address in the correct format"),
        ("sms", "twelve chars", "Use 11 characters or fewer"),
        ("letter", "", "Enter the address"),
    ],
)
def test_a_page_says_what_is_wrong(channel: str, words: str, says: str) -> None:
    page = url(f"add_{channel}_origin")

    answer = post(page, {"words": words})

    assert get(page).status_code == 200
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_strangers_and_others_see_no_page() -> None:
    origin = add()
    pages = [url("origins"), url("add_origin"), url("add_sms_origin")]
    of_one = url("remove_origin", origin.id)

    assert [get(page, actor="stranger").status_code for page in [*pages, of_one]] == [403] * 4
    assert post(url("make_usual", origin.id), {}, actor="stranger").status_code == 403
    assert post(url("make_usual", origin.id), {}, actor="outsider").status_code == 404
    assert get(of_one, actor="outsider").status_code == 404
    assert get(url("remove_origin", uuid4())).status_code == 404
