"""The caseworker's queue at 100,000 open cases, over HTTP, and that its length does not matter."""

from collections.abc import Iterator
from statistics import median

from django.db.models import QuerySet

from bench import load, statements
from bench.figures import ROUNDS, Figure
from bench.pgbench import Script
from bench.rows import fill_queue
from bench.town import Installation, Town, web
from townhall.capabilities.cases.models import Case
from townhall.machinery.paging import page_of

MANY, FEW = 100_000, 100
CLIENTS = 8
SECONDS = 3
PAGE = "/cases/"


def measure(installation: Installation) -> Iterator[Figure]:
    city, village = installation.city, installation.village
    fill_once(city, MANY)
    fill_once(village, FEW)
    last = f"{PAGE}?place={place_near_the_end(city)}"
    asker = city.visitor("caseworker")
    sql = statements.capture(lambda: asker.get(PAGE))
    limit = Script("queue", ["".join(f"{each};\n" for each in sql)])
    rates, seen = [], dict[str, list[float]]()
    with web() as port:
        for _round in range(ROUNDS + 1):  # the first warms up, and is left out
            first = _ask(port, PAGE, city)
            rates.append((first.per_second, limit.per_second(clients=CLIENTS, seconds=SECONDS)))
            for name, path, town in (
                ("first page of 100,000", PAGE, city),
                ("a page near the end of 100,000", last, city),
                ("first page of 100", PAGE, village),
            ):
                alone = _ask(port, path, town, clients=1, seconds=1)
                seen.setdefault(name, []).append(alone.milliseconds)
    yield Figure(name="queue of 100,000 cases: statements", value=len(sql), unit="statements")
    yield Figure(
        name="queue of 100,000 cases: pages",
        value=median(ours for ours, _ in rates[1:]),
        unit="1/s",
        limit="pgbench, same SQL, as many clients",
        limit_value=median(theirs for _, theirs in rates[1:]),
    )
    *long, short = [(name, median(times[1:])) for name, times in seen.items()]
    for name, milliseconds in long:
        yield Figure(
            name=f"queue: {name}, one asker",
            value=milliseconds,
            unit="ms",
            limit=short[0],
            limit_value=short[1],
        )


def _ask(
    port: int, path: str, town: Town, *, clients: int = CLIENTS, seconds: int = SECONDS
) -> load.Answers:
    headers = town.headers("caseworker")
    return load.ask(port, path, headers=headers, clients=clients, seconds=seconds)


def fill_once(town: Town, count: int) -> None:
    if not _open_cases(town).exists():
        fill_queue(town, count)


def place_near_the_end(town: Town) -> str:
    """Where the last full page begins, as the pages before it would say."""
    rows = _open_cases(town).only("due_at")
    size = rows.count() - 30
    before = page_of(rows, lambda case: None, order=("due_at", "id"), place=None, size=size)
    assert before.next_place
    return before.next_place


def _open_cases(town: Town) -> QuerySet[Case]:
    return Case.objects.filter(organisation_id=town.organisation.id, closed_at=None)
