"""What people sign in with. They are told by email of each change, whoever makes it."""

from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, records
from townhall.capabilities.identity.errors import BadAnswer, NoSuchPerson
from townhall.capabilities.identity.operations.telling import tell
from townhall.capabilities.identity.providers.breaches import is_breached
from townhall.machinery.actors import Actor
from townhall.machinery.operations import errand, operation


@operation(permissions.SIGN_IN, told=gettext_lazy("You set up an app for one-time codes"))
def record_new_second_factor(actor: Actor, person_id: UUID) -> records.Proof:
    return _changed(actor, person_id, gettext_lazy("An app for one-time codes was set up."))


@operation(permissions.SIGN_IN, told=gettext_lazy("You took away the app for one-time codes"))
def record_removed_second_factor(actor: Actor, person_id: UUID) -> records.Proof:
    return _changed(actor, person_id, gettext_lazy("The app for one-time codes was taken away."))


@operation(permissions.SIGN_IN, told=gettext_lazy("You made new recovery codes"))
def record_new_recovery_codes(actor: Actor, person_id: UUID) -> records.Proof:
    return _changed(actor, person_id, gettext_lazy("New recovery codes were made."))


@operation(permissions.SIGN_IN, told=gettext_lazy("You added a passkey"))
def record_new_passkey(actor: Actor, person_id: UUID) -> records.Proof:
    return _changed(actor, person_id, gettext_lazy("A passkey was added."))


@operation(permissions.SIGN_IN, told=gettext_lazy("You removed a passkey"))
def record_removed_passkey(actor: Actor, person_id: UUID) -> records.Proof:
    return _changed(actor, person_id, gettext_lazy("A passkey was removed."))


@errand(permissions.SIGN_IN)
def choose_password(actor: Actor, person_id: UUID, *, password: str) -> records.Proof:
    """Give someone a password that is long and not known to be used by others. Raises BadAnswer."""
    person = _get(actor, person_id)
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise BadAnswer(error.messages[0], fields={"password": error.messages[0]}) from error
    if is_breached(password):
        says = _("This password is in lists that criminals use. Choose another")
        raise BadAnswer(says, fields={"password": says})
    return record_password(actor, person_id, hashed=make_password(password))


@operation(permissions.SIGN_IN, told=gettext_lazy("You set a password"))
def record_password(actor: Actor, person_id: UUID, *, hashed: str) -> records.Proof:
    models.Person.visible_to(actor).filter(id=person_id).update(password=hashed)
    return _changed(actor, person_id, gettext_lazy("A password was set."))


@operation(permissions.SIGN_IN, told=gettext_lazy("You removed your password"))
def remove_password(actor: Actor, person_id: UUID) -> records.Proof:
    models.Person.visible_to(actor).filter(id=person_id).update(password=make_password(None))
    return _changed(actor, person_id, gettext_lazy("The password was removed."))


def _changed(actor: Actor, person_id: UUID, what: Promise) -> records.Proof:
    tell(_get(actor, person_id), actor.organisation_id, "changed", what=what)
    return records.Proof(person_id=person_id)


def _get(actor: Actor, person_id: UUID) -> models.Person:
    found = models.Person.visible_to(actor).filter(id=person_id).first()
    if found is None:
        raise NoSuchPerson(_("We know of nobody with that number."))
    return found
