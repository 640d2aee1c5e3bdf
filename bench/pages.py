"""What each page costs in statements and milliseconds, with few rows and with many.

A page that sends more statements for more rows asks once for each row: its line says `N+1`.
"""

from collections.abc import Iterator

from bench import visiting
from bench.figures import Figure
from bench.life import live
from bench.town import Installation, Town
from bench.visiting import Cost
from tests.resident import Resident
from townhall.services.bulky_waste.tests.make import set_dials

FEW, MANY = 5, 50  # rows in every list; a page shows 25, the day's round all
ROLES = ("resident", "crew", "caseworker", "administrator")


def measure(installation: Installation) -> Iterator[Figure]:
    village = installation.village
    set_dials(village.organisation, places_a_day=500)
    live(village, FEW)
    pages = [(role, path) for role in ROLES for path in visiting.crawl(village, role)]
    few = _costs(village, pages)
    live(village, MANY - FEW)
    many = _costs(village, pages)
    for name, cost in many.items():
        before = few[name].statements
        yield Figure(
            name=f"page {name}" + (" N+1" if cost.statements > before else ""),
            value=cost.statements,
            unit="statements",
            limit=f"with {FEW} rows, not {MANY}",
            limit_value=before,
        )
    for name, cost in many.items():
        yield Figure(
            name=f"page {name}: time",
            value=cost.milliseconds,
            unit="ms",
            limit=f"with {FEW} rows, not {MANY}",
            limit_value=few[name].milliseconds,
        )


def _costs(town: Town, pages: list[tuple[str, str]]) -> dict[str, Cost]:
    """By role and page; a page that several roles have is given for the one it costs most."""
    costs: dict[str, Cost] = {}
    for role, path in pages:
        name = f"{visiting.label(path)} ({role})"
        costs[name] = visiting.cost_of(town, role, path)
    return costs | _journey(town)


def _journey(town: Town) -> dict[str, Cost]:
    """A resident's way to a booking, page by page and answer by answer."""
    resident = Resident(f"http://{town.host}", "bronwen@resident.example")
    counting = visiting.Counting()
    resident.client = visiting.visitor(town)
    resident.client._transport = counting
    resident.client.follow_redirects = True
    resident.pay(resident.book())
    return {f"{name} (booking)": cost for name, cost in counting.costs.items()}
