"""Reading attempts to prove who someone is, and what staff have to look at."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, records
from townhall.capabilities.identity.errors import NoSuchAttempt, NoSuchProof, NoSuchSignal
from townhall.capabilities.identity.providers import evidence as providers
from townhall.capabilities.identity.rules import sandbox_people
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotFound
from townhall.machinery.operations import query
from townhall.machinery.paging import Page, page_of


@query(permissions.PROVE_SELF, told=gettext_lazy("You saw how far you are with proving it"))
def find_my_attempt(actor: Actor) -> records.Attempt | None:
    """The one that is not finished; None if there is none."""
    found = models.ProvingAttempt.unfinished(actor).first() if actor.person_id else None
    return found.record() if found else None


@query(permissions.PROVE_SELF, told=gettext_lazy("You saw how proving who you are had ended"))
def get_my_attempt(actor: Actor, attempt_id: UUID) -> records.Attempt:
    """Raises NoSuchAttempt."""
    found = models.ProvingAttempt.of_the_asker(actor).filter(id=attempt_id).first()
    if found is None or actor.person_id is None:
        raise NoSuchAttempt(_("There is nothing to see here any more."))
    return found.record()


@query(permissions.PROVE_SELF, told=gettext_lazy("You saw what you had proved"))
def list_my_proofs(actor: Actor) -> list[records.ProvenIdentity]:
    """The surest first. There are few: proving again takes the place of what lasts no longer."""
    if actor.person_id is None or actor.delegate_id is not None:
        return []
    mine = models.ProvenIdentity.current(actor).filter(person_id=actor.person_id)
    return [proof.record() for proof in mine]


@query(permissions.PROVE_SELF, told=gettext_lazy("You saw what you had proved"))
def get_my_proof(actor: Actor, proof_id: UUID) -> records.ProvenIdentity:
    """Raises NoSuchProof."""
    found = next((each for each in list_my_proofs(actor) if each.id == proof_id), None)
    if found is None:
        raise NoSuchProof(_("That is not there any more."))
    return found


@query(permissions.PROVE_SELF)
def what_is_offered(actor: Actor) -> records.Offered:
    return providers.offered()


@query(permissions.PROVE_SELF)
def list_sandbox_people(actor: Actor) -> list[records.SandboxPerson]:
    """Raises NotFound where the sandbox does not look into evidence."""
    if not providers.offered().is_sandbox:
        raise NotFound(_("Evidence is looked into by others here."))
    return list(sandbox_people.listed())


@query(permissions.PROVE_PEOPLE, told=gettext_lazy("Found you at the counter by your reference"))
def find_visitor(actor: Actor, reference: str) -> records.Visitor | None:
    """Whoever brings this reference, however it is written; None if nobody does."""
    plain = sandbox_people.plain(reference)
    written = f"{plain[:4]}-{plain[4:]}"
    waiting = models.ProvingAttempt.at_counter(actor).filter(reference=written).first()
    return waiting.visitor() if waiting else None


@query(permissions.PROVE_PEOPLE, told=gettext_lazy("Saw who you are at the counter"))
def get_visitor(actor: Actor, attempt_id: UUID) -> records.Visitor:
    """Raises NoSuchAttempt."""
    found = models.ProvingAttempt.at_counter(actor).filter(id=attempt_id).first()
    if found is None:
        raise NoSuchAttempt(_("Nobody is waiting at the counter under that reference."))
    return found.visitor()


@query(permissions.PROVE_PEOPLE, told=gettext_lazy("Saw a signal of fraud about you"))
def list_signals(actor: Actor, *, place: str | None = None) -> Page[records.Signal]:
    """What nobody has settled, the newest first."""
    return page_of(
        models.FraudSignal.unsettled(actor),
        lambda signal: signal.record(),
        order=("-raised_at", "-id"),
        place=place,
    )


@query(permissions.PROVE_PEOPLE, told=gettext_lazy("Saw a signal of fraud about you"))
def get_signal(actor: Actor, signal_id: UUID) -> records.Signal:
    """Raises NoSuchSignal."""
    found = models.FraudSignal.unsettled(actor).filter(id=signal_id).first()
    if found is None:
        raise NoSuchSignal(_("There is no such signal, or somebody has settled it already."))
    return found.record()
