"""Vectors of trust, as GOV.UK One Login reads them: how sure a relying party wants to be.

`["P2.Cl.Cm"]` asks for an identity proven to P2 and two factors. The parts of one may stand in any
order; several are alternatives. https://docs.sign-in.service.gov.uk/
"""

import json
from collections.abc import Collection, Sequence

from townhall.capabilities.identity.records import Credential, Level, Vector

WITHOUT_IDENTITY = (Vector(credential=Credential.MEDIUM, level=Level.P0),)


class BadVectors(ValueError):
    """They cannot be read, contradict each other, or ask for what this party may not have."""


def read_vectors(written: str, *, levels: Collection[Level]) -> tuple[Vector, ...]:
    """What a `vtr` says, for a relying party that may ask for these levels of identity."""
    given = _list_of(written)
    vectors = tuple(_read_one(each) for each in given) or WITHOUT_IDENTITY
    with_identity = [each for each in vectors if each.level is not Level.P0]
    if with_identity and len(with_identity) < len(vectors):
        raise BadVectors("some of them ask for identity and some do not")
    if not {each.level for each in with_identity} <= set(levels):
        raise BadVectors("a level that this relying party is not registered for")
    return vectors


def credential_wanted(vectors: Sequence[Vector]) -> Credential:
    """The least that would do."""
    wanted = {each.credential for each in vectors}
    return Credential.LOW if Credential.LOW in wanted else Credential.MEDIUM


def level_to_prove(vectors: Sequence[Vector]) -> Level:
    """The least that would do."""
    return min(each.level for each in vectors)


def level_met(vectors: Sequence[Vector], proven: Level) -> Level | None:
    """The highest asked-for level that is proven, or None if none is."""
    return max((each.level for each in vectors if each.level <= proven), default=None)


def _list_of(written: str) -> list[str]:
    if not written:
        return []
    try:
        given = json.loads(written)
    except (ValueError, RecursionError) as error:
        raise BadVectors("not JSON") from error
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise BadVectors("not a list of strings")
    return given


def _read_one(written: str) -> Vector:
    parts = written.split(".")
    levels = [part for part in parts if part.startswith("P")]
    credentials = sorted(part for part in parts if part not in levels)
    try:
        credential = Credential(".".join(credentials))
        level = Level(levels[0]) if levels else Level.P0
    except ValueError as error:
        raise BadVectors("a part that is not known") from error
    if len(levels) > 1:
        raise BadVectors("two levels in one")
    if level is not Level.P0 and credential is not Credential.MEDIUM:
        raise BadVectors("identity needs two factors")
    return Vector(credential=credential, level=level)
