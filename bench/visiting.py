"""Visitors in this process, who count what each page costs in statements and milliseconds."""

import re
import time
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlsplit

import httpx
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, URLResolver, get_resolver, resolve

from bench.town import Town
from townhall.installation.wsgi import application

_LINK = re.compile(r'href="(/[^"#?]*)')
_BESIDE_THE_POINT = ("/static/", "/health/", "/metrics", "/theme.css")
TIMES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    path: str
    statements: int
    milliseconds: float  # the counting included


class Counting(httpx.WSGITransport):
    """All of the web's code but its sockets, and a note of what each answer took."""

    def __init__(self) -> None:
        super().__init__(app=application)
        self.costs: dict[str, Cost] = {}  # of pages and of answers sent, by label

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with CaptureQueriesContext(connection) as captured:
            began = time.perf_counter()
            response = super().handle_request(request)
            took = 1000 * (time.perf_counter() - began)
        if response.status_code == httpx.codes.OK or request.method == "POST":
            path = request.url.path
            cost = Cost(path=path, statements=len(captured), milliseconds=took)
            self.costs[f"{request.method} {label(path)}"] = cost
        return response


def label(path: str) -> str:
    """/cases/<uuid:case_id>/; the pages of a journey keep their names."""
    match = resolve(path)
    return "/" + match.route.replace("<slug:page>", str(match.kwargs.get("page", "")))


def visitor(town: Town, role: str = "") -> httpx.Client:
    return httpx.Client(
        transport=Counting(),
        base_url=f"http://{town.host}",
        cookies={"session": town.sessions[role]} if role else {},
    )


def crawl(town: Town, role: str) -> list[str]:
    """Follow every link from the home page; one path of each route that answers with a page."""
    client = visitor(town, role)
    found: dict[str, str] = {}
    tried: set[str] = set()
    waiting = ["/"]
    while waiting:
        path = waiting.pop(0)
        if path in tried or path.startswith(_BESIDE_THE_POINT) or _label(path) in {None, *found}:
            continue
        tried.add(path)
        response = client.get(path)
        if response.status_code == httpx.codes.OK:
            found[label(path)] = path
        waiting += [path for path in _links(response) if path not in tried]
    return list(found.values())


def _label(path: str) -> str | None:
    try:
        return label(path)
    except Resolver404:
        return None


def _links(response: httpx.Response) -> list[str]:
    if response.is_redirect:
        return [urlsplit(response.headers["location"]).path]
    return _LINK.findall(response.text)


def cost_of(town: Town, role: str, path: str) -> Cost:
    """The same page several times: its statements, and the median of the milliseconds."""
    client = visitor(town, role)
    assert isinstance(client._transport, Counting)
    costs: list[Cost] = []
    for _ in range(TIMES):
        client.get(path).raise_for_status()
        costs += client._transport.costs.values()
    middle = median(cost.milliseconds for cost in costs)
    return Cost(path=path, statements=costs[-1].statements, milliseconds=middle)


def unvisited(visited: set[str]) -> list[str]:
    """Addresses of ours where none of these labels leads: only programs go there, or POSTs."""
    return sorted(_routes(get_resolver(), "/") - visited)


def _routes(resolver: URLResolver, prefix: str) -> set[str]:
    found: set[str] = set()
    for each in resolver.url_patterns:
        route = prefix + str(each.pattern)
        found |= _routes(each, route) if isinstance(each, URLResolver) else {route}
    return found
