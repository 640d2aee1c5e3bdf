"""What administrators do about the second factors of those who work for them."""

import binascii
from base64 import b32decode
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.db.models import Min, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, records
from townhall.capabilities.identity.errors import (
    BadAnswer,
    NoSuchPerson,
    NotRecoverable,
    StaffElsewhere,
)
from townhall.capabilities.identity.operations.granting import require_may_touch
from townhall.capabilities.identity.operations.signing_out import end_releases
from townhall.capabilities.identity.operations.telling import tell
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation

_ALL = gettext_lazy("An administrator took away your passkeys, app and recovery codes.")
_SOME = gettext_lazy(
    "An administrator took away the passkeys, app or recovery codes that you set up since you "
    "began to work for them. The ones from before are still good."
)


@operation(permissions.MANAGE_PEOPLE, told=gettext_lazy("Set up your second factor for you"))
def enrol_totp(actor: Actor, person_id: UUID, *, secret: str) -> records.Proof:
    """Give someone this secret (base32) for one-time codes, in place of any they have.

    Raises NoSuchPerson, StaffElsewhere, BadAnswer, or NotRecoverable for someone who has a second
    factor from before they worked here: another that somebody else knows would weaken it.
    """
    try:
        b32decode(secret, casefold=True)
    except binascii.Error as error:
        raise BadAnswer(_("The secret must be in base32.")) from error
    ours = _ours(actor, person_id)
    if _of(person_id).exclude(pk__in=ours).exists():
        raise _not_ours()
    Authenticator.objects.update_or_create(
        user_id=person_id,
        type=Authenticator.Type.TOTP,
        defaults={"data": {"secret": encrypt(secret)}},
    )
    return records.Proof(person_id=person_id)


@operation(permissions.MANAGE_PEOPLE, told=gettext_lazy("Took away your second factor"))
def remove_second_factor(actor: Actor, person_id: UUID) -> records.Proof:
    """Let someone who lost theirs set up another, and end their sessions: a phone may be stolen.

    What they had set up before they worked here is theirs as a resident, and stays. Raises
    NoSuchPerson, StaffElsewhere, or NotRecoverable if nothing else is there.
    """
    ours = _ours(actor, person_id)
    had_any = _of(person_id).exists()
    taken, _kinds = ours.delete()
    if had_any and not taken:
        raise _not_ours()
    models.Session.objects.filter(person_id=person_id).delete()
    end_releases(models.Release.objects.filter(person_id=person_id))
    person = models.Person.visible_to(actor).get(id=person_id)
    what = _SOME if _of(person_id).exists() else _ALL
    tell(person, actor.organisation_id, "changed", what=what)
    return records.Proof(person_id=person_id)


def _ours(actor: Actor, person_id: UUID) -> QuerySet[Authenticator]:
    """Those of someone's factors that the actor may take away: nobody becomes staff by their own
    doing, so what they had before is not for whoever made them staff."""
    require_may_touch(actor, person_id)
    if permissions.RUN_INSTALLATION in actor.may:
        if not models.Person.visible_to(actor).filter(id=person_id).exists():
            raise NoSuchPerson(_("We know of nobody with that number."))
        return _of(person_id)
    current = models.Membership.objects.filter(models.Membership.CURRENT, person_id=person_id)
    here = current.filter(organisation_id=actor.organisation_id)
    began_at = here.aggregate(Min("since"))["since__min"]
    if began_at is None:
        raise NoSuchPerson(_("Nobody with that number works here."))
    if current.exclude(organisation_id=actor.organisation_id).exists():
        raise StaffElsewhere(
            _("They work for another organisation too. Ask whoever runs this installation.")
        )
    since: QuerySet[Authenticator] = _of(person_id).filter(created_at__gte=began_at)
    return since


def _of(person_id: UUID) -> QuerySet[Authenticator]:
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=person_id)
    return found


def _not_ours() -> NotRecoverable:
    return NotRecoverable(
        _(
            "They set up their second factor before they worked here, so it is not for you to "
            "change. Ask whoever runs this installation."
        )
    )
