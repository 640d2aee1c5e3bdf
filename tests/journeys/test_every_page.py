"""Every page that a link leads to, as each kind of person, on the narrowest screen."""

import re
from collections.abc import Callable
from urllib.parse import urldefrag, urlsplit

import pytest

from tests.journeys.conftest import Visitor
from tests.journeys.town import Town
from tests.resident import Resident

MOST_PAGES = 200  # of one person; there are as many kinds as there are kinds of addresses
START = ["/", "/bulky-waste/", "/account/"]
STAFF_START = ["/administration/"]
LEFT_OUT = (
    "/source/",
    "/attachments/",
    "/html/",
    "/photo/",
    ".ics",
    ".csv",
    ".xlsx",
    "/recovery-codes/file/",
    "/code.svg",
    "/copy.html",
    "/copy.json",
)


@pytest.fixture(scope="module")
def lived_in(town: Town) -> Town:
    """A town with something to look at: a booking paid, and one not."""
    first = Resident(town.url, "eve.evans@resident.example")
    first.pay(first.book())
    Resident(town.url, "gil.green@resident.example").book()
    return town


@pytest.mark.parametrize("player", ["", "resident", "crew", "caseworker", "administrator"])
def test_no_link_leads_nowhere_and_every_page_is_accessible(
    visitor: Callable[..., Visitor], lived_in: Town, player: str
) -> None:
    person = visitor(width=320)
    if player:
        person.be(player)
    is_staff = player not in ("", "resident")
    waiting = [lived_in.url + path for path in START + (STAFF_START if is_staff else [])]
    seen: set[str] = set()
    while waiting:
        url = waiting.pop(0)
        kind = _kind(url)
        if kind in seen or (kind == "/administration/" and not is_staff):  # it asks to sign in
            continue
        seen.add(kind)
        assert len(seen) <= MOST_PAGES, f"links lead on and on: {seen}"
        response = person.page.goto(url)
        assert response is not None
        assert response.status < 400, f"{url} answered {response.status}"
        person.look()
        waiting += [each for each in _links(person, lived_in) if _kind(each) not in seen]

    assert len(seen) >= {"administrator": 90, "caseworker": 15}.get(player, 8), seen


def _kind(url: str) -> str:
    """The page without its ids: one case is like another."""
    path = urlsplit(url).path
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "<id>", path)
    return re.sub(r"/\d+/", "/<number>/", path)


def _links(person: Visitor, town: Town) -> list[str]:
    found = person.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    here = [urldefrag(link)[0] for link in found if link.startswith(town.url + "/")]
    return [link for link in here if not any(part in link for part in LEFT_OUT)]
