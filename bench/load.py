"""Askers over HTTP, each on a connection of its own that is kept open."""

import http.client
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    per_second: float
    milliseconds: float  # the median


def ask(
    port: int, path: str, *, headers: Mapping[str, str], clients: int, seconds: float
) -> Answers:
    """Ask for one page over and over. Any answer but 200 is an error."""
    took: list[float] = []
    wrong: list[int] = []
    began = time.perf_counter()

    def repeat() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while not wrong and time.perf_counter() - began < seconds:
            asked = time.perf_counter()
            connection.request("GET", path, headers=dict(headers))
            response = connection.getresponse()
            response.read()
            took.append(time.perf_counter() - asked)
            if response.status != http.HTTPStatus.OK:
                wrong.append(response.status)
        connection.close()

    threads = [threading.Thread(target=repeat) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(f"{path} was answered with {wrong[0]}")
    lasted = time.perf_counter() - began
    return Answers(per_second=len(took) / lasted, milliseconds=1000 * median(took))


def cpu_seconds() -> float:
    """What web and PostgreSQL have used so far; a connection that ends in between is left out."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _bracket, rest = stat.read_text().partition(") ")
            command = (stat.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if b"cli\0web" in command or name.endswith("(postgres"):
            user, system = rest.split()[11:13]
            total += int(user) + int(system)
    return total / TICKS
