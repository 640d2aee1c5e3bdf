"""Ending sessions, here and elsewhere."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, queries, records
from townhall.capabilities.identity.operations.signing_out import end_releases
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation
from townhall.machinery.tasks import every


@operation(permissions.SIGN_IN, told=gettext_lazy("You signed out another device"))
def sign_out_device(actor: Actor, person_id: UUID, *, handle: str) -> records.Proof:
    """End one of somebody's sessions; it is no fault if it has ended already."""
    theirs = models.Session.visible_to(actor).filter(person_id=person_id)
    meant = [session for session in theirs if session.handle == handle]
    elsewhere = [each.get_decoded().get(models.OPENID_SESSION) for each in meant]
    end_releases(models.Release.visible_to(actor).filter(session__in=filter(None, elsewhere)))
    theirs.filter(session_key__in=[each.session_key for each in meant]).delete()
    return records.Proof(person_id=person_id)


@operation(permissions.SIGN_IN, told=gettext_lazy("You signed out everywhere"))
def sign_out_everywhere(actor: Actor, person_id: UUID) -> records.Proof:
    """End all of somebody's sessions, with every organisation, and trust no device of theirs."""
    models.Session.objects.filter(person_id=person_id).delete()
    end_releases(models.Release.objects.filter(person_id=person_id))
    models.Person.visible_to(actor).filter(id=person_id).update(signed_out_at=timezone.now())
    return records.Proof(person_id=person_id)


def end_other_sessions(person_id: UUID, *, kept: str) -> None:
    """End all of somebody's sessions but the one of this handle, and trust no device of theirs."""
    theirs = models.Session.objects.filter(person_id=person_id)
    here = [each for each in theirs if each.handle == kept]
    elsewhere = [each.get_decoded().get(models.OPENID_SESSION) for each in here]
    releases = models.Release.objects.filter(person_id=person_id)
    end_releases(releases.exclude(session__in=filter(None, elsewhere)))
    theirs.exclude(session_key__in=[each.session_key for each in here]).delete()
    models.Person.objects.filter(id=person_id).update(signed_out_at=timezone.now())


@operation(permissions.MANAGE_PEOPLE, told=gettext_lazy("Signed you out"))
def sign_out_member(actor: Actor, person_id: UUID) -> records.Member:
    """End all sessions that someone who works here has on these pages. Raises NoSuchPerson."""
    member = queries.get_member(actor, person_id)
    models.Session.visible_to(actor).filter(person_id=person_id).delete()
    end_releases(models.Release.visible_to(actor).filter(person_id=person_id))
    return member


@every("7 2 * * *")
def forget_ended_sessions() -> None:
    models.Session.objects.filter(expire_date__lt=timezone.now()).delete()
