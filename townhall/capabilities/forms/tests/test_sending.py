"""Answers are checked, changed, sent once, and begun again."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from townhall.capabilities.forms import models
from townhall.capabilities.forms.tests import make
from townhall.capabilities.forms.tests.make import (
    GONE,
    START,
    asked,
    go_to_check,
    post,
    see,
    send,
    sent_to,
)
from townhall.machinery.errors import Conflict, Invalid

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("townhall.capabilities.forms.tests.urls"),
]


def test_all_answers_are_shown_before_they_are_sent(client: Client) -> None:
    go_to_check(client)

    page = see(client, "check/")

    for shown in ("AA1 1AA", "1 High Street", "2 × Sofa", "Monday", "07700 900123", "£40"):
        assert shown in page
    assert f'<a class="govuk-link" href="{START}day/?change=1">Change' in page
    assert '<span class="govuk-visually-hidden"> Day</span>' in page
    assert "Accept and pay" in page


def test_the_answers_are_sent_and_the_service_says_where_to_go(client: Client) -> None:
    go_to_check(client)

    url = send(client)

    assert url == f"/sample/{models.Draft.objects.get().id}/pay/"
    assert asked() == [
        "address=1, day=monday, email=ada@example.com, items={'sofa': 2}, "
        "name=Ada Lovelace, phone=+447700900123, postcode=AA1 1AA"
    ]


def test_sending_twice_or_going_back_makes_no_second_request(client: Client) -> None:
    go_to_check(client)
    stamp = client.get(f"{START}check/").context["stamp"]
    url = post(client, "check", stamp=stamp)

    assert post(client, "check", stamp=stamp) == url
    assert sent_to(client, "check/") == url
    assert sent_to(client, "day/") == url
    assert post(client, "day", day="tuesday") == url
    assert len(asked()) == 1


@pytest.mark.django_db(transaction=True)
def test_sending_twice_at_once_makes_one_request(client: Client) -> None:
    go_to_check(client)
    stamp = client.get(f"{START}check/").context["stamp"]
    make.TOWN.lingers_seconds = 0.2  # so that they meet
    together = Barrier(2)

    def press(_each: int) -> str:
        window = Client()
        window.cookies = client.cookies
        together.wait()
        try:
            return post(window, "check", stamp=stamp)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        urls = set(pool.map(press, range(2)))

    assert urls == {f"/sample/{models.Draft.objects.get().id}/pay/"}
    assert len(asked()) == 1


def test_a_changed_answer_leads_back_to_the_check(client: Client) -> None:
    go_to_check(client)
    assert f'href="{START}check/" class="govuk-back-link"' in see(client, "day/?change=1")

    assert post(client, "day", change=True, day="tuesday") == f"{START}check/"

    assert "Tuesday" in see(client, "check/")


def test_a_changed_answer_leads_to_those_that_no_longer_fit(client: Client) -> None:
    go_to_check(client)

    after = post(client, "postcode", change=True, postcode="AA2 1AA")

    assert after == f"{START}address/?change=1"
    assert "Error" not in see(client, "address/?change=1")
    assert post(client, "address", change=True, address="3") == f"{START}check/"


def test_a_changed_answer_leads_to_a_page_that_is_asked_only_now(client: Client) -> None:
    go_to_check(client)

    after = post(client, "address", change=True, address="other")

    assert after == f"{START}address-by-hand/?change=1"
    assert post(client, "address-by-hand", change=True, line="1 Hill") == f"{START}check/"


def test_a_day_that_sells_out_before_the_answers_are_sent_is_asked_again(client: Client) -> None:
    go_to_check(client)
    stamp = client.get(f"{START}check/").context["stamp"]
    make.TOWN.full = {"monday"}

    after = post(client, "check", stamp=stamp)

    assert after == f"{START}day/?change=1"
    assert GONE in see(client, "day/?change=1")
    assert asked() == []
    assert post(client, "day", change=True, day="friday") == f"{START}check/"


def test_what_the_service_refuses_is_shown_with_the_page_to_change(client: Client) -> None:
    go_to_check(client)
    make.TOWN.refuses = Invalid(GONE, fields={"day": GONE})
    stamp = client.get(f"{START}check/").context["stamp"]

    response = client.post(f"{START}check/", {"stamp": stamp})

    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: " in page
    assert f'<a href="{START}day/?change=1">{GONE}</a>' in page
    assert "1 High Street" in page
    make.TOWN.refuses = None
    assert send(client).endswith("/pay/")


def test_a_refusal_that_names_no_question_is_shown_too(client: Client) -> None:
    go_to_check(client)
    make.TOWN.refuses = Conflict("We are closed. Come back tomorrow.")
    stamp = client.get(f"{START}check/").context["stamp"]

    response = client.post(f"{START}check/", {"stamp": stamp})

    assert response.status_code == 409
    assert "We are closed. Come back tomorrow." in response.content.decode()


def test_answers_changed_in_another_window_are_shown_before_they_are_sent(client: Client) -> None:
    go_to_check(client)
    stamp = client.get(f"{START}check/").context["stamp"]
    post(client, "day", day="tuesday")

    assert post(client, "check", stamp=stamp) == f"{START}check/"
    assert asked() == []


def test_who_comes_back_may_continue_or_start_again(client: Client) -> None:
    post(client, "postcode", postcode="aa11aa")
    page = see(client)
    assert f'href="{START}address/"' in page
    assert "Start again" in page

    response = client.post(f"{START}again/")

    assert response["Location"] == f"{START}postcode/"
    assert not models.Draft.objects.exists()
    assert "AA1 1AA" not in see(client, "postcode/")
    assert sent_to(client) == f"{START}postcode/"


def test_who_has_sent_the_answers_may_make_a_new_request(client: Client) -> None:
    go_to_check(client)
    url = send(client)
    assert f'href="{url}"' in see(client)

    client.post(f"{START}again/")
    go_to_check(client)
    send(client)

    assert len(asked()) == 2


def test_the_same_answers_may_be_used_for_a_new_request(client: Client) -> None:
    go_to_check(client)
    first = send(client)

    response = client.post(f"{START}again/", {"keep": "1"})

    assert response["Location"] == f"{START}check/"
    assert send(client) != first
    assert len(asked()) == 2


def test_a_page_of_answers_that_were_given_up_changes_no_others(client: Client) -> None:
    go_to_check(client)
    page = client.get(f"{START}day/").context["draft"].id
    client.post(f"{START}again/")
    go_to_check(client)

    assert post(client, "day", day="friday", _draft=str(page)) == START
    assert "Monday" in see(client, "check/")
