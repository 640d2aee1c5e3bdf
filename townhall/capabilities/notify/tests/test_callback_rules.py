"""Which callbacks are taken: to an address on the internet, with a token that proves something."""

import pytest
from pytest_django import Settings

from townhall.capabilities.notify.errors import UnfitCallback
from townhall.capabilities.notify.providers.receivers import call
from townhall.capabilities.notify.records import Outcome
from townhall.capabilities.notify.tests.make import TOKEN, make_callback

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("url", ["http://example.com/", "https://10.1.2.3/", "example.com"])
def test_an_address_within_or_not_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(UnfitCallback, match="Enter a"):
        make_callback(url)


@pytest.mark.parametrize("token", ["", "short", "with a space in it", "häßlich-token", "x" * 501])
def test_a_token_that_proves_nothing_is_refused(token: str) -> None:
    with pytest.raises(UnfitCallback):
        make_callback("https://example.com/", token=token)


@pytest.mark.parametrize(
    ("url", "words"),
    [("https://127.1/", "not a public address"), ("https://a..b/", "UnicodeError")],
)
def test_what_leads_within_or_nowhere_is_not_tried_again(
    settings: Settings, url: str, words: str
) -> None:
    settings.DEMO = False

    answer = call(url, body="{}", token=TOKEN)

    assert (answer.outcome, answer.words) == (Outcome.REFUSED, words)
