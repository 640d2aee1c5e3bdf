"""What no page was made for: words, places and answers that mean nothing to it."""

from typing import Any
from uuid import uuid4

from django.core import signing

from tests.doors.door import ARGUMENT

NAMES = ("on", "words", "kind", "view", "subject", "person", "change", "next", "page")
NUL = "&".join(f"{name}=a/%00" for name in NAMES)  # PostgreSQL takes none
# Signed by us, for another list than the one that is asked: anybody may carry it there.
FOREIGN = (["Sofa", "x"], ["2026-11-23T10:00:00+00:00", "12"], ["12", "12"])
FOREIGN_PLACES = [f"place={signing.dumps(each, salt='place')}" for each in FOREIGN]
QUERIES = {
    "": ["x=%ff%fe", f"x={'9' * 9000}", "&".join("x=1" for _ in range(600))],
    "bulky-waste/round/": ["on=0001-01-01", "on=9999-12-31", "on=2026-W48-1", "on=1", "on=%ff"],
    "bulky-waste/find/": ["words=BW%00", "words=%00@a.example", "words=a", "words=%ff%fe"],
    "cases/": ["view=closed&kind=a/%00", "view=closed&place=x", "view=%00", "kind=%ff/%ff"],
    "governance/audit/": ["person=1", "subject=%ff", f"subject={'9' * 9000}"],
    "accounts/sign-in/": ["next=//elsewhere.example/", "next=http://["],
}
ODD = {
    "str": ("%00", "%ff" + "9" * 3000),
    "path": ("%00", "..%2f..%2fetc%ff"),
    "slug": ("a" * 3000, "-"),
    "int": ("9" * 30, "0"),
    "uuid": (str(uuid4()), "00000000-0000-0000-0000-000000000000"),
}
BAD_ANSWERS = ("\x00", "x" * 9000)


def odd_queries(route: str) -> list[str]:
    return [NUL, *QUERIES.get(route, [])]


def odd_addresses(route: str) -> list[str]:
    """The address with nonsense for each argument; none if it takes no arguments."""

    def fill(kinds: dict[str, str]) -> str:
        return "/" + ARGUMENT.sub(lambda found: kinds[found[1] or "str"], route)

    if not ARGUMENT.search(route):
        return []
    return [fill({kind: words[at] for kind, words in ODD.items()}) for at in range(2)]


def odd_answers(fitting: dict[str, Any]) -> list[dict[str, Any]]:
    """The fitting answers with one of them spoilt, each in turn."""
    nowhere = [fitting | {"next": "http://["}] if "next" in fitting else []
    return [fitting | {name: word} for name in fitting for word in BAD_ANSWERS] + nowhere
