"""Who signed in, by what and when; and whom an organisation has met."""

from uuid import UUID

from allauth.account.models import EmailAddress
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, records
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation


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
    return records.Proof(person_id=person_id)


@operation(permissions.SIGN_IN, told=gettext_lazy("You signed out"))
def record_sign_out(actor: Actor, person_id: UUID) -> records.Proof:
    return records.Proof(person_id=person_id)


@operation(permissions.SIGN_IN, told=gettext_lazy("Someone entered a wrong sign-in code for you"))
def record_failed_code(actor: Actor, person_id: UUID | None) -> records.Proof:
    return records.Proof(person_id=person_id)


@operation(permissions.SIGN_IN, told=gettext_lazy("You proved it was you with a second factor"))
def record_second_factor(actor: Actor, person_id: UUID) -> records.Proof:
    return records.Proof(person_id=person_id)


@operation(permissions.SIGN_IN, told=gettext_lazy("You set up a second factor"))
def record_new_second_factor(actor: Actor, person_id: UUID) -> records.Proof:
    return records.Proof(person_id=person_id)


@operation(permissions.SIGN_IN, told=gettext_lazy("You took away your second factor"))
def record_removed_second_factor(actor: Actor, person_id: UUID) -> records.Proof:
    return records.Proof(person_id=person_id)


@operation(permissions.SIGN_IN, told=gettext_lazy("You made new recovery codes"))
def record_new_recovery_codes(actor: Actor, person_id: UUID) -> records.Proof:
    return records.Proof(person_id=person_id)
