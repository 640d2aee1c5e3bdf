"""Telling people by email how proving who they are has ended, and that a proof was."""

from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override

from townhall.capabilities.identity import models
from townhall.machinery.tasks import task

ORGANISATION = "X-Townhall-Organisation"  # the header by which a mail says whose it is


@task
def tell_outcome(attempt_id: UUID) -> None:
    """Once: the mail is queued in the transaction that notes that it was."""
    with transaction.atomic():
        untold = models.ProvingAttempt.objects.filter(id=attempt_id, told_at=None)
        if untold.exclude(ended_at=None).update(told_at=timezone.now()):
            attempt = models.ProvingAttempt.objects.select_related("person").get(id=attempt_id)
            _send(
                attempt.person,
                attempt.organisation_id,
                subject=gettext_lazy("Proving who you are: how it ended"),
                template="identity/proving/ended.txt",
                page=reverse("identity:proving_result", args=[attempt.id]),
                attempt=attempt.record(),
            )


@task
def tell_that_proof_ended(signal_id: UUID) -> None:
    """To whoever had proved with a document that is not theirs. Once, as above."""
    with transaction.atomic():
        untold = models.FraudSignal.objects.filter(id=signal_id, told_at=None)
        if untold.exclude(settled_at=None).update(told_at=timezone.now()):
            signal = models.FraudSignal.objects.select_related("other").get(id=signal_id)
            if signal.other is not None:
                _send(
                    signal.other,
                    signal.organisation_id,
                    subject=gettext_lazy("What you had proved of who you are was ended"),
                    template="identity/proving/proof_ended.txt",
                    page=reverse("identity:proofs"),
                )


def _send(
    person: models.Person,
    organisation_id: UUID,
    *,
    subject: Promise,
    template: str,
    page: str,
    **more: object,
) -> None:
    if not person.email:
        return
    organisation = models.Organisation.with_dials().get(id=organisation_id).record()
    told = {"name": person.name, "url": f"{organisation.address}{page}", **more}
    with override(person.language):
        EmailMessage(
            subject=str(subject),
            body=render_to_string(template, {**told, "organisation": organisation}),
            to=[person.email],
            headers={ORGANISATION: str(organisation_id)},
        ).send()
