"""One measured number beside its limit, and rounds that give both the same conditions."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

RESULTS = Path(__file__).parent / "results.json"
ROUNDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`ratio` is value / limit_value; whether more is better depends on the unit."""

    name: str
    value: float
    unit: str
    limit: str = ""  # what it is measured against, in words
    limit_value: float | None = None
    failed: bool = False  # what was to be timed did not do what it should

    @property
    def ratio(self) -> float | None:
        return self.value / self.limit_value if self.limit_value else None

    def line(self) -> str:
        text = f"{self.name:<74}{self.value:>10,.1f} {self.unit:<12}"
        if self.limit_value is not None and self.ratio is not None:
            text += f"{self.ratio:>7.3f} x {self.limit_value:>10,.1f}  {self.limit}"
        return text.rstrip()

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "value": _rounded(self.value),
            "unit": self.unit,
            "limit": self.limit,
            "limit_value": _rounded(self.limit_value),
            "ratio": _rounded(self.ratio),
        }


def side_by_side(*sides: Callable[[], float], rounds: int = ROUNDS) -> list[float]:
    """The median of each side, all measured in turn in each round."""
    measured = [[side() for side in sides] for _ in range(rounds)]
    return [median(each) for each in zip(*measured, strict=True)]


def write(found: Iterable[Figure]) -> None:
    """Put these into results.json, in place of earlier ones of the same names."""
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else []
    new = [figure.as_json() for figure in found]
    names = {each["name"] for each in new}
    rows = [each for each in kept if each["name"] not in names] + new
    lines = ",\n".join(json.dumps(each) for each in rows)
    RESULTS.write_text(f"[\n{lines}\n]\n")


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
