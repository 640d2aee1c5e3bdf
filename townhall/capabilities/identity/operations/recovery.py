"""The way back in for residents who have lost their second factor, slow enough to be stopped."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, records
from townhall.capabilities.identity.errors import NotRecoverable
from townhall.capabilities.identity.operations.signing_out import end_releases
from townhall.capabilities.identity.operations.telling import tell
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation
from townhall.machinery.pages.writing import write_moment


@operation(
    permissions.SIGN_IN, told=gettext_lazy("Asked to sign in as you without your second factor")
)
def ask_for_recovery(actor: Actor, person_id: UUID) -> records.Recovery:
    """Let a resident in without their second factor once they had time to say that it is not they.

    Staff have an administrator, who knows them. Raises NotRecoverable.
    """
    if models.Membership.objects.filter(models.Membership.CURRENT, person_id=person_id).exists():
        raise NotRecoverable(_("Ask an administrator of your organisation."))
    _forget_lapsed(person_id)
    asked, is_new = models.Recovery.objects.get_or_create(person_id=person_id)
    recovery = asked.record()
    if is_new:
        person = models.Person.objects.get(id=person_id)
        moment = write_moment(recovery.due_at)
        tell(person, actor.organisation_id, "recovery", recovery=recovery, moment=moment)
    return recovery


@operation(permissions.SIGN_IN, told=gettext_lazy("Stopped a sign-in without your second factor"))
def stop_recovery(actor: Actor, recovery: records.Recovery) -> records.Proof:
    """For whoever has the link of the email; again does no harm."""
    models.Recovery.objects.filter(id=recovery.id).delete()
    return records.Proof(person_id=recovery.person_id)


@operation(
    permissions.SIGN_IN, told=gettext_lazy("Took away your second factor, after the time to wait")
)
def finish_recovery(actor: Actor, person_id: UUID) -> records.Proof:
    """Take away every second factor of someone who has waited, and end their sessions.

    Raises NotRecoverable.
    """
    _forget_lapsed(person_id)
    asked = models.Recovery.objects.select_for_update().filter(person_id=person_id).first()
    if asked is None or not asked.record().is_due:
        raise NotRecoverable(_("The time to wait is not over."))
    if models.Membership.objects.filter(models.Membership.CURRENT, person_id=person_id).exists():
        raise NotRecoverable(_("Ask an administrator of your organisation."))
    Authenticator.objects.filter(user_id=person_id).delete()
    models.Session.objects.filter(person_id=person_id).delete()
    end_releases(models.Release.objects.filter(person_id=person_id))
    asked.delete()
    person = models.Person.objects.get(id=person_id)
    what = gettext_lazy("Your passkeys, app and recovery codes were taken away.")
    tell(person, actor.organisation_id, "changed", what=what)
    return records.Proof(person_id=person_id)


def _forget_lapsed(person_id: UUID) -> None:
    lapsed = timezone.now() - records.LAPSE
    models.Recovery.objects.filter(person_id=person_id, asked_at__lt=lapsed).delete()
