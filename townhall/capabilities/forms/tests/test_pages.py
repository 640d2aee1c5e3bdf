"""The pages of a journey, as a browser without JavaScript meets them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from townhall.capabilities.forms import models
from townhall.capabilities.forms.tests import make
from townhall.capabilities.forms.tests.make import START, asked, go_to_check, post, send
from townhall.machinery.errors import Conflict, Invalid

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("townhall.capabilities.forms.tests.urls"),
]

GONE = "That day has just sold out. Choose another."


def see(browser: Client, page: str = "", *, status: int = 200) -> str:
    response = browser.get(f"{START}{page}")
    assert response.status_code == status, response.get("Location")
    return response.content.decode()


def sent_to(browser: Client, page: str = "") -> str:
    response = browser.get(f"{START}{page}")
    assert response.status_code == 302
    return str(response["Location"])


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
    assert post(client, "items", **{"items-sofa": "1"}) == f"{START}day/"


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


def test_answers_survive_the_end_of_a_session(client: Client) -> None:
    go_to_check(client)

    for name in set(client.cookies) - {"journey-sample"}:
        del client.cookies[name]

    assert "1 High Street" in see(client, "check/")
    cookie = client.cookies["journey-sample"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"]


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

    assert post(client, "day", day="friday", draft=str(page)) == START
    assert "Monday" in see(client, "check/")


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
    post(client, "items", **{"items-sofa": "1"})
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


def test_a_page_costs_one_statement_and_an_answer_five(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    go_to_check(client)

    with django_assert_num_queries(1):
        see(client, "contact/")
    with django_assert_num_queries(6):  # found; begun, locked, kept, audited, committed
        post(client, "day", day="friday")
