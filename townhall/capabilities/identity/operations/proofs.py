"""Ending what was proved: by the person, by staff, and because its time is over."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, records
from townhall.capabilities.identity.errors import NoSuchProof, NoSuchSignal, NotYourself
from townhall.capabilities.identity.operations.proving import forget_what_was_given
from townhall.capabilities.identity.operations.telling_proofs import tell_that_proof_ended
from townhall.capabilities.identity.records import SignalKind
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation
from townhall.machinery.tasks import every, task

UNFINISHED_DAYS = 30  # that an attempt waits to be gone on with, or to be brought to the counter
ENDED_DAYS = 30  # that one which has ended can be read
TRIED_DAYS = 2


@operation(permissions.PROVE_SELF, told=gettext_lazy("You removed what you had proved"))
def remove_proof(actor: Actor, proof_id: UUID) -> records.ProvenIdentity:
    """Forget what the acting person has proved. Raises NoSuchProof.

    The digests of its documents and the date of birth stay until it would have expired.
    """
    held = models.ProvenIdentity.visible_to(actor).select_for_update()
    proof = held.filter(id=proof_id).first()
    if proof is None or not proof.is_of_the_asker(actor):
        raise NoSuchProof(_("That is not there any more."))
    removed = proof.record()
    proof.delete()
    return removed


@operation(permissions.PROVE_PEOPLE, told=gettext_lazy("Settled a signal of fraud about you"))
def settle_signal(actor: Actor, signal_id: UUID, *, note: str) -> records.Signal:
    """Staff have looked at it; everything stays as it is. Raises NoSuchSignal or NotYourself."""
    return _settle(actor, signal_id, note).record()


@operation(
    permissions.PROVE_PEOPLE, told=gettext_lazy("Ended the proof that a document was used for")
)
def end_disputed_proof(actor: Actor, signal_id: UUID, *, note: str) -> records.Signal:
    """The document is not theirs who proved with it: what they have proved counts no more.

    Its owner can prove with it from then on; the other gets an email. Raises NoSuchSignal or
    NotYourself.
    """
    signal = _settle(actor, signal_id, note)
    if signal.kind == SignalKind.USED_BY_ANOTHER:
        theirs = models.ProvenDocument.visible_to(actor).filter(person=signal.other)
        disputed = theirs.filter(document=signal.document)
        ended = [each for each in disputed.values_list("proof_id", flat=True) if each]
        theirs.filter(Q(document=signal.document) | Q(proof_id__in=ended)).delete()
        models.ProvenIdentity.visible_to(actor).filter(id__in=ended).delete()
        if ended:
            tell_that_proof_ended.later(signal_id=signal.id)
    return signal.record()


@every("20 3 * * *")
def forget_old_proofs() -> None:
    """Tries of documents, expired proofs, and attempts whose time is over with their pictures."""
    now = timezone.now()
    tried_before = now - timedelta(days=TRIED_DAYS)
    models.DocumentTry.objects.filter(tried_at__lt=tried_before).delete()
    models.ProvenDocument.objects.filter(expires_at__lt=now).delete()
    models.ProvenIdentity.objects.filter(expires_at__lt=now).delete()
    for attempt_id in _over(now).values_list("id", flat=True).iterator():
        forget_attempt.later(attempt_id=attempt_id)


@task
def forget_attempt(attempt_id: UUID) -> None:
    """Each on its own: one that fails keeps no other."""
    with transaction.atomic():
        attempt = _over(timezone.now()).select_for_update().filter(id=attempt_id).first()
        if attempt is not None:
            forget_what_was_given(attempt)
            attempt.delete()


def _over(now: datetime) -> QuerySet[models.ProvingAttempt]:
    ended = Q(ended_at__lt=now - timedelta(days=ENDED_DAYS))
    unfinished = Q(ended_at=None, begun_at__lt=now - timedelta(days=UNFINISHED_DAYS))
    return models.ProvingAttempt.objects.filter(ended | unfinished)


def _settle(actor: Actor, signal_id: UUID, note: str) -> models.FraudSignal:
    unsettled = models.FraudSignal.unsettled(actor).select_for_update(of=("self",))
    signal = unsettled.filter(id=signal_id).first()
    if signal is None:
        raise NoSuchSignal(_("There is no such signal, or somebody has settled it already."))
    if actor.person_id in signal.record().persons:
        raise NotYourself("Staff cannot settle a signal about themselves")
    signal.settled_at, signal.settled_by_id = timezone.now(), actor.person_id
    signal.note = note
    signal.save(update_fields=["settled_at", "settled_by_id", "note"])
    return signal
