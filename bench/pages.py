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
    hamlet = installation.hamlet
    set_dials(hamlet.organisation, places_a_day=500)
    live(hamlet, FEW)
    pages = [(role, path) for role in ROLES for path in visiting.crawl(hamlet, role)]
    few = _costs(hamlet, pages)
    live(hamlet, MANY - FEW)
    many = _costs(hamlet, pages)
    for name, cost in many.items():
        before = few[name]
        flag = " N+1" if cost.statements > before.statements else ""
        yield _figure(f"{name}{flag}", cost.statements, "statements", before.statements)
        yield _figure(f"{name}: time", cost.milliseconds, "ms", before.milliseconds)
    labels = {visiting.label(cost.path) for cost in many.values()}
    print("pages: no link leads to", ", ".join(visiting.unvisited(labels)))


def _figure(name: str, value: float, unit: str, limit_value: float) -> Figure:
    limit = f"{FEW} rows instead of {MANY}"
    return Figure(name=f"page {name}", value=value, unit=unit, limit=limit, limit_value=limit_value)


def _costs(town: Town, pages: list[tuple[str, str]]) -> dict[str, Cost]:
    """Each page as the first of those roles sees it for whom it takes most statements."""
    costs: dict[str, tuple[str, Cost]] = {}
    for role, path in pages:
        label, cost = visiting.label(path), visiting.cost_of(town, role, path)
        if label not in costs or cost.statements > costs[label][1].statements:
            costs[label] = (role, cost)
    named = {f"{label} ({role})": cost for label, (role, cost) in costs.items()}
    return named | _journey(town)


def _journey(town: Town) -> dict[str, Cost]:
    """A resident's way to a booking, page by page and answer by answer."""
    resident = Resident(f"http://{town.host}", "bronwen@resident.example")
    counting = visiting.Counting()
    resident.client = visiting.visitor(town)
    resident.client._transport = counting
    resident.client.follow_redirects = True
    resident.pay(resident.book())
    return {f"{name} (booking)": cost for name, cost in counting.costs.items()}
