"""From a request to an answer: refusals as pages and problems, and what is logged of each."""

import json
from uuid import UUID, uuid4

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from ninja import NinjaAPI
from pytest_django.fixtures import Settings

from townhall.machinery import errors
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotFound, Refused
from townhall.machinery.http import Request, problem
from townhall.machinery.logs import JsonLines
from townhall.machinery.organisations import Organisation
from townhall.machinery.wording import Wording

pytestmark = pytest.mark.django_db

TOWN = Organisation(
    id=uuid4(),
    slug="town",
    name=Wording("Testford Council", "Cyngor Testford"),
    colour="#1d70b8",
    logo_url="",
    contact=Wording("Ring 01632 960000", "Ffoniwch 01632 960000"),
)
WHO = Actor("staff:crew", frozenset(), TOWN.id, uuid4())
PERSONAL = ("jo.bloggs", "example.org", "Bloggs", "High Street")
ASKED = "?email=jo.bloggs@example.org&name=Jo+Bloggs&street=High+Street"

KINDS: dict[str, type[Refused]] = {
    kind.code: kind
    for kind in (
        errors.NotFound,
        errors.NotAllowed,
        errors.Conflict,
        errors.Invalid,
        errors.TooMany,
        errors.Unavailable,
    )
}


def whose(request: HttpRequest) -> Organisation:
    if request.headers.get("X-Nobody"):
        raise NotFound("No organisation has its pages at this address.")
    return TOWN


def who(request: Request) -> Actor:
    request.remedy_url = "/accounts/login/" if request.headers.get("X-Unknown") else ""
    return WHO


def refuse(request: HttpRequest, code: str) -> HttpResponse:
    raise KINDS[code]("That place was taken. Choose another.")


def stumble(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("Jo Bloggs of 1 High Street, jo.bloggs@example.org")


def answer(request: HttpRequest, tree_id: UUID) -> HttpResponse:
    return HttpResponse("Here is your tree")


api = NinjaAPI(urls_namespace="test-http", docs_url=None, openapi_url=None)
api.add_exception_handler(Refused, problem)
api.get("/{code}")(refuse)
urlpatterns = [
    path("test-http/refuse/<slug:code>/", refuse),
    path("test-http/stumble/", stumble),
    path("test-http/trees/<uuid:tree_id>/", answer),
    path("test-http/api/", api.urls),
    path("", include("townhall.installation.urls")),
]


@pytest.fixture(autouse=True)
def _surroundings(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    settings.ORGANISATION = f"{__name__}.whose"
    settings.ACTORS = f"{__name__}.who"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> "Lines":
    caplog.set_level("INFO", logger="townhall")
    return Lines(caplog)


class Lines:
    """What is logged, as an operator's collector gets it."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self.caplog = caplog

    def read(self) -> list[dict[str, object]]:
        formatter = JsonLines()
        written = [formatter.format(record) for record in self.caplog.records]
        assert all("\n" not in line for line in written)
        return [json.loads(line) for line in written]


@pytest.mark.parametrize("code", sorted(set(KINDS) - {"not_allowed", "not_found"}))
def test_a_refusal_is_a_page_with_its_words(client: Client, code: str) -> None:
    response = client.get(f"/test-http/refuse/{code}/")

    assert response.status_code == KINDS[code].status
    assert "That place was taken. Choose another." in response.content.decode()
    assert "Testford Council" in response.content.decode()


@pytest.mark.parametrize(
    ("code", "words"),
    [("not_found", "Page not found"), ("not_allowed", "You cannot see this page")],
)
def test_what_may_not_be_known_of_is_told_to_nobody(client: Client, code: str, words: str) -> None:
    response = client.get(f"/test-http/refuse/{code}/")

    assert response.status_code == KINDS[code].status
    assert words in response.content.decode()
    assert "That place was taken" not in response.content.decode()


def test_who_may_prove_more_is_led_there_but_what_they_sent_is_not_sent_on(client: Client) -> None:
    unknown = {"X-Unknown": "1"}

    asked = client.get("/test-http/refuse/not_allowed/", headers=unknown)
    sent = client.post("/test-http/refuse/not_allowed/", headers=unknown)

    assert (asked.status_code, asked.headers["Location"]) == (302, "/accounts/login/")
    assert sent.status_code == 403


@pytest.mark.parametrize("code", sorted(KINDS))
def test_a_refusal_to_a_program_is_a_problem(client: Client, code: str) -> None:
    response = client.get(f"/test-http/api/{code}")

    assert response.status_code == KINDS[code].status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": code,
        "title": "That place was taken. Choose another.",
        "status": KINDS[code].status,
    }


def test_each_refusal_has_a_code_of_its_own() -> None:
    assert len({kind.code for kind in KINDS.values()}) == len(KINDS) == 6


def test_a_request_is_logged_by_its_route_without_what_was_asked(
    client: Client, lines: Lines
) -> None:
    tree_id = uuid4()

    client.get(f"/test-http/trees/{tree_id}/{ASKED}", headers={"Referer": f"http://x/{ASKED}"})

    (line,) = lines.read()
    assert line["message"] == "request"
    assert line["method"] == "GET"
    assert line["route"] == "test-http/trees/<uuid:tree_id>/"
    assert line["status"] == 200
    assert isinstance(line["milliseconds"], float)
    assert line["actor"] == "staff:crew"
    assert line["organisation"] == str(TOWN.id)
    assert str(tree_id) not in str(line)
    assert not any(word in str(line) for word in PERSONAL)


def test_a_bug_is_a_page_and_a_line_that_tell_nothing_of_it(client: Client, lines: Lines) -> None:
    client.raise_request_exception = False

    response = client.get(f"/test-http/stumble/{ASKED}")

    assert response.status_code == 500
    page = response.content.decode()
    assert "Sorry, there is a problem with the service" in page
    bug, request = lines.read()
    assert (bug["message"], bug["levelname"]) == ("bug", "ERROR")
    assert str(bug["exc_info"]).startswith("RuntimeError at tests/test_http.py:")
    assert (request["message"], request["status"]) == ("request", 500)
    for told in (page, str(bug), str(request)):
        assert not any(word in told for word in (*PERSONAL, "Traceback"))
    assert not any(word in page for word in ("RuntimeError", "test_http", "staff:crew"))


@pytest.mark.parametrize("host", ["localhost", "town.evil.example"])
def test_what_django_itself_refuses_is_logged_without_what_was_asked(
    lines: Lines, host: str
) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Host": host})

    response = client.post(f"/test-http/refuse/conflict/{ASKED}", {"name": "Jo Bloggs"})

    assert response.status_code in (400, 403)
    written = lines.read()
    assert [line["levelname"] for line in written][-1] == "INFO"
    assert not any(word in str(written) for word in PERSONAL)


def test_what_nobody_has_is_a_page_too(client: Client, lines: Lines) -> None:
    response = client.get(f"/no-such-page/{ASKED}")

    assert response.status_code == 404
    assert "Page not found" in response.content.decode()
    assert not any(word in str(lines.read()) for word in PERSONAL)


def test_every_page_tells_the_browser_what_it_may_do(client: Client) -> None:
    tree = f"/test-http/trees/{uuid4()}/"
    addresses = [tree, "/test-http/refuse/conflict/", "/no-such-page/"]

    for address in addresses:
        headers = client.get(address).headers
        policy = dict(each.strip().split(" ", 1) for each in _policy(headers).split(";"))
        assert policy["default-src"] == "'none'"
        assert "unsafe" not in str(policy)
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def _policy(headers: object) -> str:
    return str(headers["Content-Security-Policy"])  # type: ignore[index]  # Django's own mapping


def test_scripts_of_a_page_carry_the_nonce_of_their_answer(client: Client) -> None:
    first = client.get("/test-http/refuse/conflict/")
    second = client.get("/test-http/refuse/conflict/")

    nonces = []
    for response in (first, second):
        page = response.content.decode()
        nonce = page.partition('nonce="')[2].partition('"')[0]
        assert f"'nonce-{nonce}'" in _policy(response.headers)
        assert page.count("<script") == page.count(f'nonce="{nonce}"')
        nonces.append(nonce)
    assert nonces[0] != nonces[1]


def test_a_host_that_is_not_ours_gets_no_page(client: Client) -> None:
    response = client.get("/", headers={"Host": "town.evil.example"})

    assert response.status_code == 400
    assert "Sorry, we could not read that request" in response.content.decode()
    assert "evil" not in response.content.decode()


def test_an_address_of_no_organisation_says_so_and_health_is_asked_all_the_same(
    client: Client,
) -> None:
    nobody = {"X-Nobody": "1"}

    response = client.get("/", headers=nobody)

    assert response.status_code == 404
    assert response.content.decode() == "No organisation has its pages at this address."
    assert client.get("/health/live", headers=nobody).status_code == 200
