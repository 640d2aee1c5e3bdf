"""Erasing people who asked for it: identity's own rows, and word of it to every other part."""

import logging
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, records
from townhall.capabilities.identity.operations.proving import forget_attempts_of
from townhall.capabilities.identity.operations.signing_out import end_releases
from townhall.machinery.actors import Actor
from townhall.machinery.events import PersonErased, emit_all
from townhall.machinery.holdings import ERASE, SEE_HELD, delays_of
from townhall.machinery.operations import operation
from townhall.machinery.tasks import every, task

logger = logging.getLogger("townhall.identity")


@every("23 * * * *")
def erase_whom_it_is_time_for() -> None:
    due = models.Erasure.objects.filter(due_at__lte=timezone.now())
    for person_id in due.values_list("person_id", flat=True).iterator():
        erase.later(person_id=person_id)


@task
def erase(person_id: UUID) -> None:
    """Erase someone whose time has come and of whom nothing is open; else try in an hour again."""
    organisations = _organisations_of(person_id)
    if organisations and _may_go(person_id, organisations):
        actor = Actor("capability:identity", frozenset({ERASE}), organisations[0])
        erase_person(actor, person_id)


@operation(ERASE, told=gettext_lazy("Deleted your account"))
def erase_person(actor: Actor, person_id: UUID) -> records.Proof:
    """Delete what identity holds of someone, and have every part hear of it. Twice is as once."""
    person = models.Person.objects.select_for_update().filter(id=person_id).first()
    if person is not None:
        reached_at = models.proved_addresses(person.id)
        emit_all(
            [
                PersonErased(
                    organisation_id=organisation_id, person_id=person_id, reached_at=reached_at
                )
                for organisation_id in _organisations_of(person_id)
            ]
        )
        models.Delegation.objects.filter(email__in=reached_at, delegate=None).delete()
        forget_attempts_of(person_id)
        models.ProvenDocument.let_go(person_id)
        end_releases(models.Release.objects.filter(person_id=person_id))
        person.delete()  # and with it all rows that point at it, sessions and libraries' too
        logger.info("erased", extra={"person": str(person_id)})
    return records.Proof(person_id=person_id)


def _may_go(person_id: UUID, organisations: list[UUID]) -> bool:
    if not models.Erasure.objects.filter(person_id=person_id, due_at__lte=timezone.now()).exists():
        return False
    if models.Membership.objects.filter(models.Membership.CURRENT, person_id=person_id).exists():
        return False
    may = frozenset({SEE_HELD})
    as_them = [Actor("capability:identity", may, each, person_id) for each in organisations]
    return not any(delays_of(each) for each in as_them)


def _organisations_of(person_id: UUID) -> list[UUID]:
    known = models.Acquaintance.objects.filter(person_id=person_id)
    return list(known.order_by("organisation_id").values_list("organisation_id", flat=True))
