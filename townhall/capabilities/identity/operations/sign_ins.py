"""Who signed in, by what and when; who made an account; and whom an organisation has met."""

from dataclasses import replace
from uuid import UUID

from allauth.account.models import EmailAddress
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, records
from townhall.capabilities.identity.operations.people import add_person
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation


@operation(permissions.SIGN_IN, told=gettext_lazy("You made an account"))
def open_account(actor: Actor, *, email: str, name: str, language: str) -> records.Person:
    """Let somebody in who has proved an address that nobody had. Raises BadAnswer."""
    may = frozenset({permissions.KNOW_PEOPLE})
    return add_person(replace(actor, may=may), email=email, name=name, language=language)


@operation(permissions.SIGN_IN, told=gettext_lazy("You signed in"))
def record_sign_in(actor: Actor, person_id: UUID, *, method: records.Method) -> records.Proof:
    """Note that someone signed in; a code sent to their email address proves that it is theirs.

    They have come themselves: from now on staff here see the name that they gave.
    """
    models.Acquaintance.make(actor, person_id)
    models.Membership.visible_to(actor).filter(person_id=person_id).exclude(called="").update(
        called=""
    )
    if method is records.Method.CODE:
        person = models.Person.visible_to(actor).get(id=person_id)
        EmailAddress.objects.update_or_create(
            user_id=person_id, email=person.email, defaults={"verified": True, "primary": True}
        )
    _forget_recovery(person_id)
    return records.Proof(person_id=person_id)


@operation(permissions.SIGN_IN, told=gettext_lazy("You signed out"))
def record_sign_out(actor: Actor, person_id: UUID) -> records.Proof:
    return records.Proof(person_id=person_id)


@operation(permissions.SIGN_IN, told=gettext_lazy("Someone could not sign in as you"))
def record_failed_code(actor: Actor, person_id: UUID | None) -> records.Proof:
    """Of a wrong code, password or passkey."""
    return records.Proof(person_id=person_id)


@operation(permissions.SIGN_IN, told=gettext_lazy("You proved it was you with a second factor"))
def record_second_factor(actor: Actor, person_id: UUID) -> records.Proof:
    _forget_recovery(person_id)
    return records.Proof(person_id=person_id)


def _forget_recovery(person_id: UUID) -> None:
    """They were let in, so they have their second factor, or a device that is trusted."""
    models.Recovery.objects.filter(person_id=person_id).delete()
