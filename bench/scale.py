"""Pages of a city with 100,000 open cases, 50,000 collections and 500,000 audit entries.

Each beside the same page of a village on the same tables: it should cost the same.
"""

from collections.abc import Iterator
from functools import partial

from bench import visiting
from bench.figures import Figure, side_by_side
from bench.queue import MANY, fill_once, place_near_the_end
from bench.rows import fill_audit, fill_collections
from bench.town import Installation, Town

COLLECTIONS, ENTRIES = 50_000, 500_000
SMALL = 100
ROUNDS = 5


def measure(installation: Installation) -> Iterator[Figure]:
    city, village = installation.city, installation.village
    fill_once(city, MANY)
    fill_once(village, SMALL)
    fill_collections(city, COLLECTIONS)
    fill_collections(village, SMALL)
    fill_audit(city, ENTRIES)
    fill_audit(village, SMALL)
    for role, page, last in _pages(city):
        value, limit_value = side_by_side(
            partial(_milliseconds, city, role, page + last),
            partial(_milliseconds, village, role, page),
            rounds=ROUNDS,
        )
        yield Figure(
            name=f"city {page} ({role})" + (", near the end" if last else ""),
            value=value,
            unit="ms",
            limit="village",
            limit_value=limit_value,
        )


def _pages(city: Town) -> Iterator[tuple[str, str, str]]:
    """Role, page, and what is added to the address to be near the end of the list."""
    yield "caseworker", "/cases/", ""
    yield "caseworker", "/cases/", f"?place={place_near_the_end(city)}"
    for view in ("unclaimed", "mine", "closed", "all&kind=bulky-waste/not-out"):
        yield "caseworker", f"/cases/?view={view}", ""
    for words in ("{reference}", "ada7@resident.example", "AA17 7AA"):
        yield "caseworker", f"/bulky-waste/find/?words={words}", ""
    yield "crew", "/bulky-waste/round/", ""
    yield "administrator", "/bulky-waste/figures/", ""
    yield "administrator", "/governance/audit/", ""
    yield "administrator", "/governance/audit/?person={resident}", ""
    yield "resident", "/account/", ""
    yield "resident", "/account/who-looked/", ""


def _milliseconds(town: Town, role: str, path: str) -> float:
    own = {
        "reference": f"BW-{town.organisation.slug[0].upper()}00000007",
        "resident": town.persons["resident"],
    }
    return visiting.cost_of(town, role, path.format(**own)).milliseconds
