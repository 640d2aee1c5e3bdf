"""Someone who has proved who they are, and someone who is about to, in the world of the walk."""

from dataclasses import replace

from tests.marks import Town
from townhall.capabilities.identity import permissions
from townhall.capabilities.identity.operations import ask_for_counter, check_at_counter
from townhall.capabilities.identity.queries import list_my_proofs, list_signals
from townhall.capabilities.identity.records import Kind, Level
from townhall.capabilities.identity.rules.sandbox_people import PEOPLE
from townhall.capabilities.identity.tests.proving import seen
from townhall.machinery.actors import Actor


def make_proofs(town: Town) -> None:
    """Of the owner; another resident brings the same document, and a third is to come."""
    clerk = town.actor("caseworker", permissions.PROVE_PEOPLE)
    owner, other, third = (
        town.actor(name, permissions.PROVE_SELF) for name in ("owner", "everything", "stranger")
    )
    town.things["ended_attempt"] = _visit(town, owner, clerk)
    _visit(town, other, clerk)
    (proof,) = list_my_proofs(owner)
    (signal,) = list_signals(clerk).rows
    waiting = ask_for_counter(third, wanted=Level.P2, next_url="")
    town.things |= {
        "proof": str(proof.id),
        "signal": str(signal.id),
        "visit": str(waiting.id),
        "visit_reference": waiting.reference,
    }
    town.marks |= {
        f"{town.mark} Surname": owner.person_id,
        waiting.reference: third.person_id,
        town.things["proof"]: owner.person_id,
    }


def _visit(town: Town, person: Actor, clerk: Actor) -> str:
    known = replace(PEOPLE[0], claim=replace(PEOPLE[0].claim, family_name=f"{town.mark} Surname"))
    visit = ask_for_counter(person, wanted=Level.P2, next_url="")
    check_at_counter(clerk, visit.id, seen=seen(known, Kind.PASSPORT), reason="Seen")
    return str(visit.id)
