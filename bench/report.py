"""The last full run's figures, written into README.md between its two marks."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.figures import RESULTS

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"
_TIME = ": time"

Row = dict[str, Any]  # Any: a line of results.json


def write() -> None:
    rows: list[Row] = json.loads(RESULTS.read_text())
    pages = [row for row in rows if row["name"].startswith("page ")]
    others = [row for row in rows if row not in pages]
    before, rest = README.read_text().split(BEGIN)
    after = rest.split(END)[1]
    text = f"{_when()}\n\n{_table(others)}\n{_pages(pages)}"
    README.write_text(f"{before}{BEGIN}{text}{END}{after}")


def _when() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    day = datetime.now(UTC).date().isoformat()
    return f"Measured on {day}, {os.cpu_count()} cores, {memory:.0f} GB."


def _table(rows: list[Row]) -> str:
    lines = ["| figure | value | limit | ratio |", "| --- | --: | --- | --: |"]
    for row in rows:
        beside = f"{row['limit']}: {row['limit_value']:,g}" if row["limit"] else ""
        ratio = f"{row['ratio']:.2f}" if row["ratio"] is not None else ""
        lines.append(f"| {row['name']} | {row['value']:,g} {row['unit']} | {beside} | {ratio} |")
    return "\n".join(lines) + "\n"


def _pages(rows: list[Row]) -> str:
    """Each page's two figures on one line."""
    times = {row["name"]: row for row in rows if row["name"].endswith(_TIME)}
    lines = ["| page | statements | ms | ms, few rows |", "| --- | --: | --: | --: |"]
    for row in rows:
        time = times.get(row["name"].removesuffix(" N+1") + _TIME)
        if time:
            name = row["name"].removeprefix("page ").replace("<", "‹").replace(">", "›")
            lines.append(
                f"| {name} | {row['value']:g} | {time['value']:.0f} | {time['limit_value']:.0f} |"
            )
    return "\n".join(lines) + "\n"
