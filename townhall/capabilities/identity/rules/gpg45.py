"""GOV.UK's Good Practice Guide 45: which identity profiles are met, and what would meet another.

The guide: https://www.gov.uk/government/publications/identity-proofing-and-verification-of-an-individual
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations, permutations

from townhall.capabilities.identity.records import Level


class Confidence(StrEnum):
    """What the guide calls the four sorts of profiles."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very high"


_CONFIDENCE = {
    "L": Confidence.LOW,
    "M": Confidence.MEDIUM,
    "H": Confidence.HIGH,
    "V": Confidence.VERY_HIGH,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of evidence: how hard it is to forge, and how well it was checked; 0 to 4."""

    strength: int
    validity: int
    kind: str = ""
    good_until: date = date.max

    def is_at_least(self, other: "Piece") -> bool:
        return self.strength >= other.strength and self.validity >= other.validity


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    value: int = 0
    good_until: date = date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What the five parts of checking an identity have come to."""

    evidence: tuple[Piece, ...] = ()
    activity: Score = Score()  # has it been there over time
    fraud: Score = Score()  # is it known to be misused
    verification: Score = Score()  # is it theirs who claims it

    def with_more(self, more: "Scores") -> "Scores":
        """The better of both; of one kind of evidence there is one piece."""
        pieces = {piece.kind: piece for piece in self.evidence}
        for piece in more.evidence:
            had = pieces.get(piece.kind)
            if had is None or piece.is_at_least(had):
                pieces[piece.kind] = piece
        return Scores(
            evidence=tuple(pieces.values()),
            activity=_better(self.activity, more.activity),
            fraud=_better(self.fraud, more.fraud),
            verification=_better(self.verification, more.verification),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A combination of scores that is enough for one level of confidence."""

    name: str
    evidence: tuple[Piece, ...]
    activity: int
    fraud: int
    verification: int

    @property
    def confidence(self) -> Confidence:
        return _CONFIDENCE[self.name[0]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """How sure the scores make us, and until when."""

    level: Level
    profile: Profile | None = None
    good_until: date = date.min


def _read(row: str) -> Profile:
    name, evidence, *rest = row.split()
    activity, fraud, verification = map(int, rest)
    pieces = (map(int, each.split(".")) for each in evidence.split("+"))
    return Profile(
        name=name,
        evidence=tuple(
            Piece(strength=strength, validity=validity) for strength, validity in pieces
        ),
        activity=activity,
        fraud=fraud,
        verification=verification,
    )


# Each with strength.validity of its evidence, then activity, fraud and verification: from
# govuk-one-login/ipv-core-back (MIT) at 2c4c24e, gpg45/enums/Gpg45Profile.java.
PROFILES = tuple(
    map(
        _read,
        (
            "L1A 2.2 0 1 1",
            "L1B 3.2 0 0 1",
            "L1C 1.1 3 2 2",
            "L2A 1.1+1.1 2 1 2",
            "L2B 1.1+1.1 2 2 1",
            "L3A 1.1+1.1+1.1 2 1 1",
            "M1A 4.2 0 1 2",
            "M1B 3.2 1 2 2",
            "M1C 3.3 0 0 3",
            "M1D 2.2 2 1 3",
            "M2A 2.2+2.2 3 2 2",
            "M2B 3.2+2.2 1 1 2",
            "M2C 3.2+2.2 0 1 3",
            "M3A 2.2+2.2+2.2 2 2 2",
            "H1A 4.3 0 1 3",
            "H1B 3.3 2 1 3",
            "H1C 4.3 0 0 4",
            "H2A 2.2+2.2 3 2 3",
            "H2B 4.2+3.2 0 2 3",
            "H2C 3.3+2.2 1 1 3",
            "H2D 3.3+2.2 0 1 3",
            "H2E 4.3+3.3 0 0 3",
            "H3A 2.2+2.2+2.2 2 2 3",
            "V1A 4.3 0 3 3",
            "V1B 4.4 0 1 3",
            "V1C 4.3 1 1 4",
            "V1D 4.4 0 0 4",
            "V2A 3.3+3.3 3 2 3",
            "V2B 4.3+3.3 0 2 3",
            "V2C 4.3+2.2 2 2 3",
            "V2D 4.4+4.4 0 0 3",
            "V3A 3.3+2.2+2.2 3 3 3",
        ),
    )
)
# Which of them GOV.UK One Login takes for each of its levels: the same source, domain/Vot.java.
TAKEN = {
    Level.P3: frozenset({"H1A"}),
    Level.P2: frozenset({"M1A", "M1B", "M2B", "M1C"}),
    Level.P1: frozenset({"L1A"}),
}
MOST_ADDED = 3


def profiles_met(scores: Scores) -> list[Profile]:
    return [each for each in PROFILES if last_day(each, scores) is not None]


def last_day(profile: Profile, scores: Scores) -> date | None:
    """Until when the scores meet a profile; None if they do not.

    That is the last day of the weakest of what the profile needs, in the choice of evidence that
    lasts longest.
    """
    needed = [
        (profile.activity, scores.activity),
        (profile.fraud, scores.fraud),
        (profile.verification, scores.verification),
    ]
    if any(score.value < least for least, score in needed):
        return None
    others = [score.good_until for least, score in needed if least]
    days = [
        min([*(piece.good_until for piece in chosen), *others])
        for chosen in permutations(scores.evidence, len(profile.evidence))
        if all(map(Piece.is_at_least, chosen, profile.evidence))
    ]
    return max(days, default=None)


def conclude(scores: Scores) -> Conclusion:
    """The highest level that is reached, by the profile that lasts longest."""
    for level, names in TAKEN.items():
        met = [(last_day(each, scores), each) for each in PROFILES if each.name in names]
        days = [(day, profile) for day, profile in met if day is not None]
        if days:
            day, profile = max(days, key=lambda each: each[0])
            return Conclusion(level=level, profile=profile, good_until=day)
    return Conclusion(level=Level.P0)


def what_else(
    wanted: Level, scores: Scores, additions: Mapping[str, Scores]
) -> list[tuple[str, ...]]:
    """The fewest additions, by name, that would reach a level; none is more than another set."""
    found: list[tuple[str, ...]] = []
    for names in _sets_of(additions):
        enough = any(set(smaller) <= set(names) for smaller in found)
        if not enough and conclude(_all_of(scores, names, additions)).level >= wanted:
            found.append(names)
    return found


def _sets_of(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    known = list(names)
    for size in range(1, MOST_ADDED + 1):
        yield from combinations(known, size)


def _all_of(scores: Scores, names: Iterable[str], additions: Mapping[str, Scores]) -> Scores:
    for name in names:
        scores = scores.with_more(additions[name])
    return scores


def _better(one: Score, other: Score) -> Score:
    return max(one, other, key=lambda score: (score.value, score.good_until))
