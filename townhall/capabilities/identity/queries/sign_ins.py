"""Reading where people are signed in, and who waits for their second factor to be taken away."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, records
from townhall.capabilities.identity.errors import NoSuchPerson, NoSuchRecovery
from townhall.machinery.actors import Actor
from townhall.machinery.operations import query

MOST = 100  # sessions that are shown; they end after half a day


@query(permissions.SIGN_IN, told=gettext_lazy("Saw where you are signed in"))
def list_signed_in(actor: Actor, person_id: UUID) -> list[records.SignedIn]:
    """Somebody's sessions on these pages, the one used last first."""
    theirs = models.Session.visible_to(actor).filter(person_id=person_id)
    current = theirs.filter(expire_date__gt=timezone.now())
    return [session.record() for session in current.order_by("-seen_at")[:MOST]]


@query(permissions.SIGN_IN, told=gettext_lazy("Saw how you sign in"))
def get_ways_in(actor: Actor, person_id: UUID) -> records.WaysIn:
    person = models.Person.visible_to(actor).filter(id=person_id).first()
    if person is None:
        raise NoSuchPerson(_("We know of nobody with that number."))
    factors = list(Authenticator.objects.filter(user_id=person_id).order_by("created_at"))
    codes = [each for each in factors if each.type == Authenticator.Type.RECOVERY_CODES]
    return records.WaysIn(
        person_id=person_id,
        passkeys=tuple(
            records.Passkey(
                id=each.pk,
                name=each.data["name"],
                added_at=each.created_at,
                used_at=each.last_used_at,
            )
            for each in factors
            if each.type == Authenticator.Type.WEBAUTHN
        ),
        has_password=person.has_usable_password(),
        has_app=any(each.type == Authenticator.Type.TOTP for each in factors),
        codes_left=sum(len(each.wrap().get_unused_codes()) for each in codes),
    )


@query(permissions.SIGN_IN, told=gettext_lazy("Saw that you wait to sign in"))
def find_recovery(actor: Actor, person_id: UUID) -> records.Recovery | None:
    return _recovery_of(person_id)


@query(permissions.CHANGE_SELF, told=gettext_lazy("Saw that somebody waits to sign in as you"))
def find_my_recovery(actor: Actor) -> records.Recovery | None:
    """One that waits for the acting person, for them to stop it if they did not ask."""
    return _recovery_of(actor.person_id) if actor.person_id else None


@query(permissions.SIGN_IN, told=gettext_lazy("Saw that you wait to sign in"))
def get_recovery(actor: Actor, recovery_id: UUID) -> records.Recovery:
    """For whoever has the link of the email. Raises NoSuchRecovery."""
    found = models.Recovery.objects.filter(id=recovery_id).first()
    if found is None:
        raise NoSuchRecovery(_("This was stopped already, or is done."))
    return found.record()


def _recovery_of(person_id: UUID) -> records.Recovery | None:
    since = timezone.now() - records.LAPSE
    found = models.Recovery.objects.filter(person_id=person_id, asked_at__gt=since).first()
    return found.record() if found else None


@query(permissions.SIGN_IN)
def is_staff(actor: Actor, person_id: UUID) -> bool:
    """Whether someone works for any organisation here."""
    return models.Membership.objects.filter(models.Membership.CURRENT, person_id=person_id).exists()
