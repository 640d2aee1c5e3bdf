from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from townhall.capabilities.pay import permissions as pay
from townhall.machinery import dial_values
from townhall.machinery.dial_values import DialTurned, get_dial, set_dial
from townhall.machinery.dials import Weekday, owners
from townhall.machinery.errors import Invalid, NotAllowed, NotFound
from townhall.machinery.models import DialValue, RecordedEvent, StoredFile
from townhall.machinery.money import Money
from townhall.machinery.wording import Wording
from townhall.services.administration import queries
from townhall.services.administration.forms import form_for
from townhall.services.administration.operations import reset_dial, set_picture
from townhall.services.administration.service import INDEX
from townhall.services.administration.tests.make import (
    ADMINISTRATOR,
    NOBODY,
    OPERATOR,
    OWNER,
    STRANGER,
    Season,
    client,
)

pytestmark = pytest.mark.django_db

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def at(name: str) -> str:
    return reverse("administration:dial", args=[OWNER, name])


def value_of(name: str) -> Any:  # Any: of the dial's kind
    return get_dial(ADMINISTRATOR, OWNER, name).value


def test_the_settings_of_every_owner_are_led_to(administrator: Client) -> None:
    page = administrator.get(reverse("administration:settings")).text

    assert reverse("administration:owner", args=[OWNER]) in page


def test_the_settings_of_an_owner_show_their_values(administrator: Client) -> None:
    page = administrator.get(reverse("administration:owner", args=[OWNER])).text

    for shown in ("Helo", "£1", "Boat: £5", "Monday", "Yes", "Summer", "#1d70b8", "None"):
        assert shown in page
    assert at("benches") in page


def test_every_dial_there_is_has_a_form() -> None:
    for owner in owners():
        for each in dial_values.list_dials(ADMINISTRATOR, owner.slug):
            assert form_for(each).fields


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("benches", {"value": " 1 2 "}, 12),
        ("is_open", {"value": "no"}, False),
        ("fee", {"value": "£2.50"}, Money(250)),
        ("welcome", {"value_en": " Hi ", "value_cy": ""}, Wording("Hi")),
        ("story", {"value_en": "One\r\ntwo", "value_cy": "Un"}, Wording("One\ntwo", "Un")),
        ("rules", {"value": "None"}, "None"),
        ("guests", {"value": ""}, ""),
        ("days", {"value": ["friday", "sunday"]}, (Weekday.FRIDAY, Weekday.SUNDAY)),
        (
            "closed_on",
            {"value": "2026-12-28\n25/12/2026\n\n 1 January 2027\n25/12/2026"},
            (date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)),
        ),
        ("benefactors", {"value": " Bo Lee \r\n\nAnn\nBo Lee"}, ("Bo Lee", "Ann")),
        ("season", {"value": "late-autumn"}, Season.LATE_AUTUMN),
        ("colour", {"value": "#00703C"}, "#00703c"),
    ],
)
def test_a_setting_is_changed_on_its_page(
    administrator: Client,
    name: str,
    typed: dict[str, Any],
    value: object,  # Any: Django's
) -> None:
    assert administrator.get(at(name)).status_code == 200

    answer = administrator.post(at(name), typed)

    assert answer.status_code == 302
    assert value_of(name) == value
    assert "is saved" in administrator.get(answer.headers["Location"]).text
    assert administrator.get(at(name)).status_code == 200


@pytest.mark.parametrize(
    ("name", "typed", "complaint"),
    [
        ("benches", {"value": "0"}, "Enter 1 or more"),
        ("benches", {"value": "many"}, "Enter a whole number"),
        ("benches", {}, "Enter a number"),
        ("is_open", {"value": "perhaps"}, "Choose one"),
        ("fee", {"value": "10"}, "Enter £9 or less"),
        ("fee", {"value": "-1"}, "Enter £0 or more"),
        ("fee", {"value": "1.234"}, "pounds and pence"),
        ("fee", {"value": "1e999999"}, "pounds and pence"),
        ("welcome", {"value_en": "", "value_cy": ""}, "Enter the words in English"),
        ("welcome", {}, "Enter the words in English"),
        ("welcome", {"value_en": "a\x00b", "value_cy": ""}, "control characters"),
        ("welcome", {"value_en": "x" * 5001, "value_cy": ""}, "5000 characters or fewer"),
        ("rules", {"value": ""}, "Enter an answer"),
        ("guests", {"value": "x" * 2001}, "2000 characters or fewer"),
        ("days", {}, "Choose at least one"),
        ("days", {"value": ["someday"]}, "Choose from the answers"),
        ("closed_on", {"value": "25/12/2026\n31/02/2027"}, "“31/02/2027” is not a date"),
        ("benefactors", {"value": "\n"}, "Enter an answer"),
        ("benefactors", {"value": "A\nB\nC\nD"}, "There can be at most 3"),
        ("benefactors", {"value": "a\x00b"}, "Null characters are not allowed"),
        ("season", {"value": "spring"}, "Choose one"),
        ("colour", {"value": "red"}, "like #1d70b8"),
        ("colour", {"value": "#ffdd00"}, "White text is hard to read"),
    ],
)
def test_what_makes_no_sense_comes_back_with_a_complaint(
    administrator: Client,
    name: str,
    typed: dict[str, Any],
    complaint: str,  # Any: Django's
) -> None:
    answer = administrator.post(at(name), typed)

    assert answer.status_code == 422
    assert complaint in answer.text
    assert "There is a problem" in answer.text
    assert not DialValue.objects.exists()


def test_the_bounds_of_a_setting_are_shown(administrator: Client) -> None:
    page = administrator.get(at("benches")).text

    assert "To sit on. From 1 to 20." in page


def test_a_picture_is_kept_and_removed(administrator: Client) -> None:
    picture = SimpleUploadedFile("logo.png", PNG)
    assert administrator.post(at("logo"), {"picture": picture}).status_code == 302
    stored = StoredFile.objects.get()
    assert value_of("logo") == str(stored.id)
    assert stored.content_type == "image/png"

    assert "Remove the picture" in administrator.get(at("logo")).text
    assert administrator.post(at("logo"), {"remove": "on"}).status_code == 302

    assert value_of("logo") == ""


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"<svg onload='alert(1)'></svg>", "must be one of these"),
        (PNG + bytes(1024 * 1024), "smaller than 1MB"),
        (b"", "empty"),
    ],
)
def test_what_is_no_small_picture_is_refused(
    administrator: Client, content: bytes, complaint: str
) -> None:
    answer = administrator.post(at("logo"), {"picture": SimpleUploadedFile("a.png", content)})

    assert answer.status_code == 422
    assert complaint in answer.text
    assert not StoredFile.objects.exists()


def test_a_picture_has_to_be_chosen(administrator: Client) -> None:
    assert "Choose a file" in administrator.post(at("logo"), {}).text
    set_picture(ADMINISTRATOR, OWNER, "logo", filename="logo.png", content=PNG)
    assert "Choose a picture" in administrator.post(at("logo"), {}).text


def test_a_setting_is_put_back_to_its_default(administrator: Client) -> None:
    set_dial(ADMINISTRATOR, OWNER, "benches", value=7)
    assert "Put back to the default" in administrator.get(at("benches")).text

    for _time in range(2):
        assert administrator.post(f"{at('benches')}default/").status_code == 302

    assert value_of("benches") == 5
    assert get_dial(ADMINISTRATOR, OWNER, "benches").is_default
    assert RecordedEvent.objects.filter(name=DialTurned.name).count() == 2
    assert "Put back to the default" not in administrator.get(at("benches")).text


def test_a_picture_goes_only_where_one_belongs() -> None:
    with pytest.raises(Invalid):
        set_picture(ADMINISTRATOR, OWNER, "benches", filename="logo.png", content=PNG)
    with pytest.raises(NotFound):
        set_picture(ADMINISTRATOR, OWNER, "nothing", filename="logo.png", content=PNG)
    with pytest.raises(NotFound):
        reset_dial(ADMINISTRATOR, OWNER, "nothing")


def test_an_organisation_changes_only_its_own_settings() -> None:
    set_dial(ADMINISTRATOR, OWNER, "benches", value=7)

    reset_dial(STRANGER, OWNER, "benches")
    client("stranger").post(at("benches"), {"value": "9"})

    assert value_of("benches") == 7


def test_not_everyone_changes_settings(operator: Client) -> None:
    addresses = [
        reverse("administration:settings"),
        reverse("administration:owner", args=[OWNER]),
        at("benches"),
    ]

    for address in addresses:
        assert client("nobody").get(address).status_code == 403
        assert operator.get(address).status_code == 403
    assert operator.post(at("benches"), {"value": "7"}).status_code == 403
    assert operator.post(f"{at('benches')}default/").status_code == 403
    for actor in (NOBODY, OPERATOR):
        with pytest.raises(NotAllowed):
            reset_dial(actor, OWNER, "benches")
        with pytest.raises(NotAllowed):
            set_picture(actor, OWNER, "logo", filename="logo.png", content=PNG)


@pytest.mark.parametrize("address", ["nothing/", f"{OWNER}/nothing/"])
def test_settings_that_are_not_there_are_not_found(administrator: Client, address: str) -> None:
    page = administrator.get(f"{reverse('administration:settings')}{address}")

    assert page.status_code == 404


def test_the_index_leads_whoever_works_in_one_service_only_to_its_pages() -> None:
    within = frozenset({"bulky-waste"})
    clerk = replace(OPERATOR, may=frozenset(), may_within={INDEX: within, pay.SEE: within})

    found = {link.url for link in queries.list_pages(clerk)}

    assert reverse("pay:transactions") in found
    assert reverse("administration:settings") not in found


def test_the_index_shows_what_this_person_may_open(administrator: Client, operator: Client) -> None:
    here = reverse("administration:index")
    settings, work = reverse("administration:settings"), reverse("administration:work")

    for_administrator, for_operator = administrator.get(here).text, operator.get(here).text

    assert settings in for_administrator
    assert work not in for_administrator
    assert work in for_operator
    assert settings not in for_operator
    assert client("nobody").get(here).status_code == 403
