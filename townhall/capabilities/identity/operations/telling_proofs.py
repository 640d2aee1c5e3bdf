"""Telling people by email how proving who they are has ended."""

from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

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
            if attempt.person.email:
                _tell(attempt, attempt.person.email)


def _tell(attempt: models.ProvingAttempt, email: str) -> None:
    organisations = models.Organisation.with_dials()
    organisation = organisations.get(id=attempt.organisation_id).record()
    page = reverse("identity:proving_result", args=[attempt.id])
    with override(attempt.person.language):
        told = {
            "attempt": attempt.record(),
            "name": attempt.person.name,
            "url": f"{organisation.address}{page}",
            "organisation": organisation,
        }
        EmailMessage(
            subject=_("Proving who you are: how it ended"),
            body=render_to_string("identity/proving/ended.txt", told),
            to=[email],
            headers={ORGANISATION: str(attempt.organisation_id)},
        ).send()
