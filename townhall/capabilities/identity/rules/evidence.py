"""What each kind of evidence is worth by GPG 45, and for how long it counts here."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from townhall.capabilities.identity.records import (
    Check,
    ClaimedIdentity,
    Finding,
    Kind,
    Level,
    Name,
    NamePart,
)
from townhall.capabilities.identity.rules.gpg45 import Piece, Score, Scores, conclude

# GPG 45's own examples for each strength.
STRENGTH: Mapping[Kind, int] = {
    Kind.PASSPORT: 4,  # with a chip
    Kind.IDENTITY_CARD: 4,  # of the European Economic Area, with a chip
    Kind.DRIVING_LICENCE: 3,
    Kind.BANK_ACCOUNT: 3,
    Kind.BIRTH_CERTIFICATE: 2,
    Kind.MARRIAGE_CERTIFICATE: 2,
    Kind.BUS_PASS: 2,
}
# Whose photo is compared with a face; that of a bus pass is as easy to forge as the pass.
WITH_PHOTO = frozenset({Kind.PASSPORT, Kind.IDENTITY_CARD, Kind.DRIVING_LICENCE})
SHOWN = tuple(kind for kind in Kind if kind is not Kind.BANK_ACCOUNT)  # at the counter
WITH_ADDRESS = frozenset({Kind.DRIVING_LICENCE})
WITH_EXPIRY = frozenset({Kind.PASSPORT, Kind.IDENTITY_CARD, Kind.DRIVING_LICENCE})
BY_DETAILS, BY_FEATURES = 2, 3  # validity: it is known to its issuer; it is genuine besides
BY_QUESTIONS, BY_FACE = 2, 3  # verification
COUNTER = "counter/"  # before the name of a kind that is shown there

# Our own choice: the guide leaves it to whoever relies on the evidence.
_DAYS = {Check.ACTIVITY: 365, Check.FRAUD: 365, Check.QUESTIONS: 365, Check.COUNTER: 5 * 365}
_DOCUMENT_DAYS = {4: 5 * 365, 3: 3 * 365, 2: 365}


def good_until(
    check: Check, today: date, *, kind: Kind | None = None, expires_on: date | None = None
) -> date:
    """The last day that what a check found still counts."""
    days = _DOCUMENT_DAYS[STRENGTH[kind]] if check is Check.DOCUMENT and kind else _DAYS[check]
    return min(today + timedelta(days=days), expires_on or date.max)


def name_of(claim: ClaimedIdentity) -> Name:
    given = [NamePart(kind="GivenName", value=each) for each in claim.given_names.split()]
    return Name(parts=(*given, NamePart(kind="FamilyName", value=claim.family_name)))


def scores_of(found: Iterable[tuple[Finding, Kind | None, date]]) -> Scores:
    """The scores of findings, each with the kind of evidence that it is about and its last day."""
    scores = Scores()
    for finding, kind, last in found:
        scores = scores.with_more(_scores(finding, kind, last))
    return scores


def best_online(kinds: Iterable[Kind], *, with_questions: bool) -> Level:
    """The highest level that anybody could reach without coming to the counter."""
    best = Scores(
        evidence=tuple(_piece(kind, BY_FEATURES) for kind in kinds),
        activity=Score(value=3),
        fraud=Score(value=3),
        verification=Score(value=BY_QUESTIONS if with_questions else 0),
    )
    return conclude(best).level


def additions(
    online: Iterable[Kind], *, with_questions: bool, at_counter: bool
) -> dict[str, Scores]:
    """What more evidence would add, by the name of its kind; `counter/passport` if it is shown."""
    asked = Score(value=BY_QUESTIONS) if with_questions else Score()
    more = {
        kind.value: Scores(evidence=(_piece(kind, BY_DETAILS),), verification=asked)
        for kind in online
    }
    for kind in SHOWN if at_counter else ():
        face = Score(value=BY_FACE) if kind in WITH_PHOTO else Score()
        shown = Scores(evidence=(_piece(kind, BY_FEATURES),), verification=face)
        more[COUNTER + kind.value] = shown
    return more


def _piece(kind: Kind, validity: int) -> Piece:
    return Piece(strength=STRENGTH[kind], validity=validity, kind=kind)


def _scores(finding: Finding, kind: Kind | None, last: date) -> Scores:
    piece = Piece(
        strength=finding.strength, validity=finding.validity, kind=kind or "", good_until=last
    )
    return Scores(
        evidence=(piece,) if kind and finding.validity else (),
        activity=Score(value=finding.activity, good_until=last),
        fraud=Score(value=finding.fraud, good_until=last),
        verification=Score(value=finding.verification, good_until=last),
    )
