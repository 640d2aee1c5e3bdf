"""Makers of people who prove who they are, for identity's tests."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from townhall.capabilities.identity import operations, permissions, queries, records
from townhall.capabilities.identity.records import ClaimedIdentity, Kind, Level
from townhall.capabilities.identity.rules.sandbox_people import PEOPLE, Known
from townhall.capabilities.identity.tests.make import make_actor
from townhall.machinery.actors import Actor
from townhall.machinery.organisations import Organisation

BOTH: list[tuple[str, dict[str, str]]] = [
    ("townhall.capabilities.identity.providers.sandbox.Sandbox", {}),
    ("townhall.capabilities.identity.providers.counter.Counter", {}),
]
WELL = records.Checklist(features_genuine=True, special_light=True, photo_matches=True)
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")


def person(name: str) -> Known:
    """One of the sandbox's people."""
    return next(each for each in PEOPLE if claim_of(each) == name)


def claim_of(known: Known) -> str:
    return f"{known.claim.given_names} {known.claim.family_name}"


def stranger() -> ClaimedIdentity:
    return ClaimedIdentity(given_names="Nobody", family_name="Known", birth_date=date(1980, 1, 1))


def make_resident(organisation: Organisation, email: str = "res@a.example") -> Actor:
    manager = make_actor(organisation)
    found = operations.add_person(manager, email=email, name="Res Ident")
    return resident(organisation, found.id)


def resident(organisation: Organisation, person_id: UUID) -> Actor:
    may = frozenset({permissions.PROVE_SELF})
    return Actor("resident", may, organisation.id, person_id)


def make_staff(organisation: Organisation, person_id: UUID | None = None) -> Actor:
    may = frozenset({permissions.PROVE_PEOPLE})
    return Actor("staff:caseworker", may, organisation.id, person_id)


def typed(known: Known, *kinds: Kind) -> records.Typed:
    """All that the journey asks of someone."""
    return records.Typed(
        kinds=kinds,
        claim=known.claim,
        documents={kind: known.documents[kind] for kind in kinds},
        photos=dict.fromkeys(kinds),
        addresses=(known.address,),
    )


def give(actor: Actor, given: records.Typed) -> records.Attempt:
    return operations.note_given(actor, change=lambda _had: given)


def send(actor: Actor, known: Known, *kinds: Kind, wanted: Level = Level.P2) -> records.Attempt:
    """Fill everything in and have it checked."""
    operations.begin_proving(actor, wanted=wanted, next_url="/next/")
    give(actor, typed(known, *kinds))
    operations.send_evidence(actor)
    return operations.check_my_evidence(actor)


def answer(actor: Actor, known: Known, **wrong: str) -> records.Attempt:
    for question, right in known.answers.items():
        operations.answer_question(actor, question=question, answer=wrong.get(question, right))
    return operations.check_my_evidence(actor)


def prove(actor: Actor, known: Known, *kinds: Kind, wanted: Level = Level.P2) -> records.Attempt:
    send(actor, known, *kinds, wanted=wanted)
    return answer(actor, known)


def seen(known: Known, *kinds: Kind, **changes: object) -> records.Typed:
    """What staff note of someone at the counter who shows these."""
    given = replace(typed(known, *kinds), checklist=WELL)
    return replace(given, **changes)  # type: ignore[arg-type]  # fields of Typed


def proof_of(actor: Actor) -> records.ProvenIdentity | None:
    assert actor.person_id
    may = frozenset({permissions.KNOW_PEOPLE})
    return queries.find_proven_identity(replace(actor, may=may), actor.person_id)
