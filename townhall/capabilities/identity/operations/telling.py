"""Emails to people about how they sign in."""

from uuid import UUID

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import override

from townhall.capabilities.identity import models
from townhall.machinery.organisations import Organisation


def tell(person: models.Person, organisation_id: UUID, template: str, **context: object) -> None:
    """Send someone the email `template` in their language; nobody without an address is told.

    It is queued in the transaction, and names its organisation for whoever carries it.
    """
    if not person.email:
        return
    organisation = _organisation(organisation_id)
    facts = {"organisation": organisation, "person": person, **context}
    with override(person.language):
        subject = render_to_string(f"account/email/{template}_subject.txt", facts)
        body = render_to_string(f"account/email/{template}_message.txt", facts)
        EmailMessage(
            subject=" ".join(subject.split()),
            body=body.strip() + "\n",
            to=[person.email],
            headers={"X-Townhall-Organisation": str(organisation_id)},
        ).send()


def _organisation(organisation_id: UUID) -> Organisation:
    return models.Organisation.with_dials().get(id=organisation_id).record()
