"""The pages of a journey, as a browser without JavaScript meets them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from townhall.capabilities.forms import models
from townhall.capabilities.forms.tests import make
from townhall.capabilities.forms.tests.make import GONE, START, go_to_check, post, see, sent_to

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("townhall.capabilities.forms.tests.urls"),
]


def test_every_page_leads_to_the_next_and_back(client: Client) -> None:
    assert sent_to(client) == f"{START}postcode/"
    assert 'href="/sample/" class="govuk-back-link"' in see(client, "postcode/")

    assert post(client, "postcode", postcode="aa11aa") == f"{START}address/"

    assert f'href="{START}postcode/" class="govuk-back-link"' in see(client, "address/")
    assert 'value="AA1 1AA"' in see(client, "postcode/")


def test_the_question_is_the_heading_and_the_title_says_where_one_is(client: Client) -> None:
    page = see(client, "postcode/")

    assert "<title>What is your postcode? – Sample collection" in page
    assert page.count("<h1") == 1
    assert 'autocomplete="postal-code"' in page


def test_nothing_is_kept_by_browsers_and_caches(client: Client) -> None:
    assert "no-store" in client.get(f"{START}postcode/")["Cache-Control"]


def test_a_wrong_answer_is_shown_again_with_what_to_do(client: Client) -> None:
    response = client.post(f"{START}postcode/", {"postcode": '"><script>'})

    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: " in page
    assert '<a href="#id_postcode">Enter a full UK postcode' in page
    assert "&quot;&gt;&lt;script&gt;" in page
    assert not models.Draft.objects.exists()


def test_the_service_may_refuse_an_answer_at_once(client: Client) -> None:
    response = client.post(f"{START}postcode/", {"postcode": "ZZ1 1ZZ"})

    assert response.status_code == 422
    assert "We do not collect there" in response.content.decode()


def test_a_conditional_page_is_asked_when_its_turn_comes(client: Client) -> None:
    post(client, "postcode", postcode="aa11aa")

    assert post(client, "address", address="other") == f"{START}address-by-hand/"
    assert post(client, "address-by-hand", line="1 Hill", more="") == f"{START}items/"
    assert post(client, "address", address="2") == f"{START}items/"
    assert sent_to(client, "address-by-hand/") == f"{START}items/"


def test_a_link_to_a_later_page_leads_to_the_first_unanswered_one(client: Client) -> None:
    assert sent_to(client, "day/") == f"{START}postcode/"
    post(client, "postcode", postcode="aa11aa")

    assert sent_to(client, "day/") == f"{START}address/"
    assert sent_to(client, "check/").startswith(f"{START}address/")


def test_an_answer_posted_out_of_turn_is_not_kept(client: Client) -> None:
    assert post(client, "day", day="monday") == f"{START}postcode/"
    assert not models.Draft.objects.exists()


def test_items_are_counted(client: Client) -> None:
    post(client, "postcode", postcode="aa11aa")
    post(client, "address", address="1")
    url = f"{START}items/"

    none = client.post(url, {"items-sofa": "0", "items-fridge": ""})
    many = client.post(url, {"items-sofa": "4", "items-fridge": "2"})
    gone = client.post(url, {"items-sofa": "1", "items-piano": "1"})

    assert "Choose at least 1" in none.content.decode()
    assert "You can choose up to 5. You have chosen 6." in many.content.decode()
    assert 'value="4"' in many.content.decode()
    assert "not available" in gone.content.decode()
    assert post(client, "items", {"items-sofa": "1"}) == f"{START}day/"


def test_the_dials_of_the_organisation_fit_the_journey(client: Client) -> None:
    make.TOWN.most_items = 1
    post(client, "postcode", postcode="aa11aa")
    post(client, "address", address="1")

    response = client.post(f"{START}items/", {"items-sofa": "2"})

    assert "You can choose up to 1." in response.content.decode()


def test_what_is_full_is_shown_and_cannot_be_chosen(client: Client) -> None:
    go_to_check(client)
    make.TOWN.full = {"friday"}

    page = see(client, "day/")
    response = client.post(f"{START}day/", {"day": "friday"})

    assert "Full</strong>" in page
    assert 'value="friday" disabled' in page
    assert page.index("This week") < page.index("Friday") < page.index("Next week")
    assert GONE in response.content.decode()


def test_where_everything_is_full_nobody_is_asked_to_choose(client: Client) -> None:
    go_to_check(client)
    make.TOWN.full = {"monday", "friday", "tuesday"}

    page = see(client, "day/")

    assert "All days are full." in page
    assert "Continue" not in page


def test_answers_survive_the_end_of_a_session(client: Client) -> None:
    go_to_check(client)

    for name in set(client.cookies) - {"journey-sample"}:
        del client.cookies[name]

    assert "1 High Street" in see(client, "check/")
    cookie = client.cookies["journey-sample"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"]


def test_expired_answers_are_gone_and_the_page_says_so(client: Client) -> None:
    go_to_check(client)
    models.Draft.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert sent_to(client, "day/") == START
    assert sent_to(client, "check/") == START
    assert "Your answers are not kept any more" in see(client)
    go_to_check(client)


def test_another_browser_does_not_see_the_answers(client: Client) -> None:
    go_to_check(client)
    other = Client()
    other.cookies["journey-sample"] = "guessed:signature"

    assert sent_to(other, "check/") == START
    assert sent_to(other, "day/") == f"{START}postcode/"


def test_another_organisation_does_not_see_the_answers(client: Client) -> None:
    go_to_check(client)

    response = client.get(f"{START}check/", headers={"x-organisation": str(make.THEIRS)})

    assert response["Location"] == START


def test_who_may_not_ask_is_shown_nothing(client: Client) -> None:
    for page in ("", "postcode/", "check/"):
        assert client.get(f"{START}{page}", headers={"x-nobody": "1"}).status_code == 403
    for page in ("postcode/", "check/", "again/"):
        assert client.post(f"{START}{page}", headers={"x-nobody": "1"}).status_code == 403


def test_a_question_that_nobody_asks_is_not_found(client: Client) -> None:
    assert client.get(f"{START}nonsense/").status_code == 404


def test_a_post_from_another_site_is_refused() -> None:
    browser = Client(enforce_csrf_checks=True)

    assert browser.post(f"{START}postcode/", {"postcode": "aa11aa"}).status_code == 403


def test_who_has_signed_in_need_not_type_what_is_known(client: Client) -> None:
    person = make.somebody()
    post(client, "postcode", postcode="aa11aa")
    post(client, "address", address="1")
    post(client, "items", {"items-sofa": "1"})
    post(client, "day", day="monday")

    theirs = client.get(f"{START}contact/", headers=person).content.decode()

    assert 'value="ada@example.com"' in theirs
    assert 'value="ada@example.com"' not in see(client, "contact/")


def test_the_journey_is_in_welsh_where_it_has_welsh(client: Client) -> None:
    post(client, "postcode", postcode="aa11aa")
    post(client, "address", address="1")

    page = client.get(f"{START}items/", headers={"accept-language": "cy"}).content.decode()

    assert "Soffa" in page
    assert "Casgliad enghreifftiol" in page


def test_a_page_costs_one_statement_and_an_answer_six(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    go_to_check(client)

    with django_assert_num_queries(1):
        see(client, "contact/")
    with django_assert_num_queries(6):  # found; begun, locked, kept, audited, committed
        post(client, "day", day="friday")
