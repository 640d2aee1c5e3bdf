"""GPG 45's profiles: each is met by its own scores, and by nothing less."""

import json
from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from townhall.capabilities.identity.records import Kind, Level
from townhall.capabilities.identity.rules import evidence, gpg45
from townhall.capabilities.identity.rules.gpg45 import (
    PROFILES,
    TAKEN,
    Confidence,
    Piece,
    Profile,
    Score,
    Scores,
)

EVERY_PROFILE = pytest.mark.parametrize("profile", PROFILES, ids=lambda each: each.name)
SOON, LATER, LAST = date(2027, 1, 1), date(2028, 1, 1), date(2029, 1, 1)
OTHERS = ("activity", "fraud", "verification")


def exactly(profile: Profile) -> Scores:
    """What a profile asks for, and no more; each piece of evidence of a kind of its own."""
    return Scores(
        evidence=tuple(
            replace(piece, kind=f"kind {number}") for number, piece in enumerate(profile.evidence)
        ),
        activity=Score(value=profile.activity),
        fraud=Score(value=profile.fraud),
        verification=Score(value=profile.verification),
    )


def less(scores: Scores) -> list[Scores]:
    """The same with one score less, in every way there is; and with one piece of evidence less."""
    found = []
    for name in OTHERS:
        score: Score = getattr(scores, name)
        if score.value:
            weaker_score = Score(value=score.value - 1)
            found.append(replace(scores, **{name: weaker_score}))  # type: ignore[arg-type]  # one of OTHERS
    for number, piece in enumerate(scores.evidence):
        before, after = scores.evidence[:number], scores.evidence[number + 1 :]
        found.append(replace(scores, evidence=(*before, *after)))
        for name in ("strength", "validity"):
            weaker = replace(piece, **{name: getattr(piece, name) - 1})
            found.append(replace(scores, evidence=(*before, weaker, *after)))
    return found


def met(scores: Scores) -> set[str]:
    return {each.name for each in gpg45.profiles_met(scores)}


def scores(*pieces: str, activity: int = 0, fraud: int = 0, verification: int = 0) -> Scores:
    """Pieces like "4.2"."""
    return Scores(
        evidence=tuple(
            Piece(strength=int(each[0]), validity=int(each[2]), kind=f"kind {number}")
            for number, each in enumerate(pieces)
        ),
        activity=Score(value=activity),
        fraud=Score(value=fraud),
        verification=Score(value=verification),
    )


def test_there_are_the_thirty_two_profiles_of_the_public_source() -> None:
    source = Path("/work/shared/data/gpg45-profiles.json")
    names = [each.name for each in PROFILES]

    assert len(names) == len(set(names)) == 32
    if source.exists():
        theirs = json.loads(source.read_text())
        assert {Level(key): set(of) for key, of in theirs["vot"].items() if of} == TAKEN
        assert {
            each.name: {
                "evidence": [[piece.strength, piece.validity] for piece in each.evidence],
                **{name: getattr(each, name) for name in OTHERS},
            }
            for each in PROFILES
        } == theirs["profiles"]


@EVERY_PROFILE
def test_a_profile_is_met_by_exactly_its_scores(profile: Profile) -> None:
    assert profile.name in met(exactly(profile))


@EVERY_PROFILE
def test_a_profile_is_not_met_with_one_score_less(profile: Profile) -> None:
    assert [each for each in less(exactly(profile)) if profile.name in met(each)] == []


@EVERY_PROFILE
def test_a_profile_is_met_in_whatever_order_the_evidence_is_and_by_more(profile: Profile) -> None:
    asked = exactly(profile)
    weak = Piece(strength=1, validity=1, kind="weak")
    orders = permutations((*asked.evidence, weak))

    assert all(profile.name in met(replace(asked, evidence=order)) for order in orders)


def test_one_piece_of_evidence_does_not_count_twice() -> None:
    one = scores("3.3", activity=3, fraud=3, verification=3)

    assert "V2A" not in met(one)
    assert "V2A" in met(replace(one, evidence=scores("3.3", "3.3").evidence))


@pytest.mark.parametrize(
    ("letter", "confidence"),
    [
        ("L", Confidence.LOW),
        ("M", Confidence.MEDIUM),
        ("H", Confidence.HIGH),
        ("V", Confidence.VERY_HIGH),
    ],
)
def test_every_profile_says_how_sure_it_makes_us(letter: str, confidence: Confidence) -> None:
    assert {each.confidence for each in PROFILES if each.name.startswith(letter)} == {confidence}


@pytest.mark.parametrize(
    ("given", "level", "profile"),
    [
        (scores(), Level.P0, ""),
        (scores("4.2", fraud=1, verification=0), Level.P0, ""),
        (scores("2.2", fraud=1, verification=1), Level.P1, "L1A"),
        (scores("4.2", fraud=1, verification=2), Level.P2, "M1A"),
        (scores("3.2", activity=1, fraud=2, verification=2), Level.P2, "M1B"),
        (scores("3.3", verification=3), Level.P2, "M1C"),
        (scores("2.2", "3.2", activity=1, fraud=1, verification=2), Level.P2, "M2B"),
        (scores("4.3", fraud=1, verification=3), Level.P3, "H1A"),
        # sure by the guide, but not one of the profiles that One Login takes for P2
        (scores("2.2", "2.2", activity=3, fraud=2, verification=3), Level.P1, "L1A"),
    ],
)
def test_the_level_is_the_highest_that_one_login_takes_a_profile_for(
    given: Scores, level: Level, profile: str
) -> None:
    conclusion = gpg45.conclude(given)

    assert conclusion.level == level
    assert (conclusion.profile.name if conclusion.profile else "") == profile


def test_a_proof_lasts_as_long_as_the_weakest_of_what_it_needs() -> None:
    passport = Piece(strength=4, validity=2, kind="passport", good_until=LATER)
    given = Scores(
        evidence=(passport,),
        activity=Score(value=3, good_until=SOON),  # which M1A does not need
        fraud=Score(value=1, good_until=LATER),
        verification=Score(value=2, good_until=LAST),
    )

    assert gpg45.conclude(given).good_until == LATER
    shorter = replace(given, fraud=Score(value=1, good_until=SOON))
    assert gpg45.conclude(shorter).good_until == SOON


def test_of_several_pieces_that_would_do_the_one_that_lasts_longest_counts() -> None:
    ways = [
        Piece(strength=4, validity=2, kind="passport", good_until=SOON),
        Piece(strength=4, validity=2, kind="identity-card", good_until=LAST),
    ]
    given = Scores(
        evidence=tuple(ways),
        fraud=Score(value=1, good_until=LAST),
        verification=Score(value=2, good_until=LAST),
    )

    assert gpg45.conclude(given).good_until == LAST


ONLINE = evidence.additions(
    [Kind.PASSPORT, Kind.BIRTH_CERTIFICATE], with_questions=True, at_counter=False
)
COUNTER = evidence.additions([], with_questions=False, at_counter=True)


@pytest.mark.parametrize(
    ("wanted", "given", "additions", "ways"),
    [
        (Level.P2, scores(fraud=1), ONLINE, [("passport",)]),
        (
            Level.P2,
            scores("3.2", activity=1, fraud=1, verification=2),
            ONLINE,
            [("passport",), ("birth-certificate",)],
        ),
        (Level.P3, scores("4.2", fraud=1, verification=2), ONLINE, []),
        (
            Level.P2,
            scores(),
            COUNTER,
            [("counter/passport",), ("counter/identity-card",), ("counter/driving-licence",)],
        ),
        (
            Level.P3,
            scores(fraud=1),
            COUNTER,
            [("counter/passport",), ("counter/identity-card",)],
        ),
        (Level.P3, scores(), COUNTER, []),
    ],
)
def test_it_says_what_else_would_do_the_fewest_first(
    wanted: Level, given: Scores, additions: dict[str, Scores], ways: list[tuple[str, ...]]
) -> None:
    assert gpg45.what_else(wanted, given, additions) == ways


def test_the_same_document_seen_again_is_no_second_piece() -> None:
    online = Piece(strength=4, validity=2, kind="passport")
    shown = Scores(evidence=(Piece(strength=4, validity=3, kind="passport"),))

    both = Scores(evidence=(online,)).with_more(shown)

    assert both.evidence == shown.evidence
    assert shown.with_more(Scores(evidence=(online,))) == shown
