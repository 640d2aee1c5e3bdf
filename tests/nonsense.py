"""What no page was made for: words, places and answers that mean nothing to it."""

from typing import Any
from uuid import uuid4

from django.core import signing

from tests.doors import ARGUMENT

NAMES = ("on", "words", "kind", "view", "subject", "person", "change", "next", "page")
WORDS = ("a/%00", "%ff%fe" + "9" * 3000)  # PostgreSQL takes no NUL; this is no UTF-8, and long
# Signed by us, for another list than the one that is asked: anybody may carry it there.
FOREIGN = (["Sofa", "x"], ["2026-11-23T10:00:00+00:00", "12"])
LIST_QUERIES = [f"place={signing.dumps(each, salt='place')}" for each in FOREIGN]
QUERIES = {
    "bulky-waste/round/": ["on=0001-01-01", "on=9999-12-31", "on=2026-W48-1", "on=1"],
    "bulky-waste/find/": ["words=BW%00", "words=%00@a.example", "words=a", "words="],
    "cases/": [
        "view=closed&kind=a/%00",
        "view=nothing",
        *(f"view=closed&place={signing.dumps(each, salt='cases.closed')}" for each in FOREIGN),
    ],
    "governance/audit/": [
        f"place={signing.dumps(each, salt='governance')}" for each in (10**30, "x", [1])
    ],
    "accounts/sign-in/": ["next=//elsewhere.example/", "next=http://["],
}
ODD = {
    "str": ("%00", "%ff" + "9" * 3000),
    "path": ("%00", "..%2f..%2fetc%ff"),
    "slug": ("a" * 3000, "-"),
    "int": ("9" * 30, "0"),
    "uuid": (str(uuid4()), "00000000-0000-0000-0000-000000000000"),
}
BAD_ANSWERS = ("\x00", "x" * 9000, "٣")


def odd_queries(route: str) -> list[str]:
    general = ["&".join(f"{name}={word}" for name in NAMES) for word in WORDS]
    return [*general, *LIST_QUERIES, "place=x", *QUERIES.get(route, [])]


def odd_addresses(route: str) -> list[str]:
    """The address with nonsense for each argument; none if it takes no arguments."""
    if not ARGUMENT.search(route):
        return []
    return ["/" + ARGUMENT.sub(lambda found: ODD[found[1]][at], route) for at in range(2)]


def odd_answers(fitting: dict[str, Any]) -> list[dict[str, Any]]:
    """The fitting answers with one of them spoilt, each in turn."""
    spoilt = [fitting | {name: word} for name in fitting for word in BAD_ANSWERS]
    return [{}, *spoilt]
