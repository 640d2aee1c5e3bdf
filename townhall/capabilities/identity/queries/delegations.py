"""Who may act for the acting person, and for whom they may act."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, records
from townhall.capabilities.identity.errors import NoSuchDelegation
from townhall.capabilities.identity.rules.names import as_signed
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed
from townhall.machinery.operations import query

SHOWN = 50


@query(permissions.DELEGATE, told=gettext_lazy("Saw that you act for each other"))
def list_delegations(actor: Actor) -> records.Delegations:
    """Those that go on, by when they end. Raises NotAllowed if nobody is signed in."""
    if actor.person_id is None:
        raise NotAllowed(_("Sign in to see who may act for you."))
    current = models.Delegation.visible_to(actor).filter(models.Delegation.CURRENT)
    found = current.select_related("person", "delegate").order_by("ends_at", "id")[:SHOWN]
    offers = models.Delegation.offered_to(actor).select_related("person", "delegate")
    mine = [each.record() for each in found]
    return records.Delegations(
        person_id=actor.person_id,
        made=tuple(each for each in mine if each.person_id == actor.person_id),
        held=tuple(each for each in mine if each.delegate_id == actor.person_id),
        offered=tuple(each.record() for each in offers.order_by("ends_at", "id")[:SHOWN]),
    )


@query(permissions.INVITE, told=gettext_lazy("Told someone that you ask them to act for you"))
def get_invitation(actor: Actor, delegation_id: UUID) -> records.Invitation:
    """What the email says. Raises NoSuchDelegation when it has been ended or answered."""
    ours = models.Delegation.objects.filter(
        models.Delegation.CURRENT, organisation_id=actor.organisation_id, delegate=None
    )
    found = ours.select_related("person").filter(id=delegation_id).first()
    if found is None:
        raise NoSuchDelegation(_("There is no such invitation any more."))
    return records.Invitation(
        id=found.id,
        person_id=found.person_id,
        person=as_signed(found.person.name) or _("Someone"),
        email=found.email,
        services=tuple(found.services),
        ends_at=found.ends_at,
        language=found.person.language,
    )
