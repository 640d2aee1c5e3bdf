"""Letting someone act for one, and acting for someone."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import events, models, permissions, records
from townhall.capabilities.identity.errors import (
    BadAnswer,
    NoSuchDelegation,
    TooManyDelegations,
)
from townhall.capabilities.identity.rules.rights import end_of
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed
from townhall.machinery.events import emit
from townhall.machinery.operations import operation
from townhall.machinery.service import offered

MOST = 20  # who may act for one person, or are asked to
# Each offer is an email to an address of the asker's choice; ending an offer does not unsend it.
MOST_A_DAY = 10  # by one person
MOST_A_DAY_TO_ONE = 3  # to one address, whoever asks
LONGEST = timedelta(days=2 * 366)


@operation(permissions.DELEGATE, told=gettext_lazy("Let someone act for you"))
def offer_delegation(
    actor: Actor, *, email: str, services: Collection[str], last_day: date
) -> records.Delegation:
    """Ask whoever reads this address to act for the acting person in these services (slugs).

    An email tells them. Asking the same of the same one again changes nothing. Raises BadAnswer,
    TooManyDelegations, or NotAllowed if nobody is signed in.
    """
    me = _myself(actor)
    models.Person.objects.select_for_update().get(id=me.id)  # one offer at a time
    address = email.strip().lower()
    _check(me, address, services, last_day)
    ends_at = end_of(last_day, timezone.get_current_timezone())
    mine = models.Delegation.visible_to(actor).filter(models.Delegation.CURRENT, person=me)
    same = mine.filter(email=address, services=sorted(services), ends_at=ends_at).first()
    if same is not None:
        return same.record()
    if mine.count() >= MOST:
        raise TooManyDelegations(_("End one of those that you have made before you add another."))
    _count_today(me, address)
    made = models.Delegation.objects.create(
        organisation_id=actor.organisation_id,
        person=me,
        email=address,
        services=sorted(services),
        ends_at=ends_at,
    )
    emit(events.DelegationOffered(organisation_id=actor.organisation_id, delegation_id=made.id))
    return made.record()


@operation(permissions.DELEGATE, told=gettext_lazy("Said yes to acting for you"))
def accept_delegation(actor: Actor, delegation_id: UUID) -> records.Delegation:
    """Say yes, as whoever reads the address that was asked. Twice is harmless.

    Raises NoSuchDelegation, or NotAllowed if nobody is signed in.
    """
    me = _myself(actor)
    models.Delegation.offered_to(actor).filter(id=delegation_id).update(
        delegate=me, accepted_at=timezone.now()
    )
    return _found(actor, models.Delegation.CURRENT & Q(id=delegation_id, delegate=me)).record()


@operation(permissions.DELEGATE, told=gettext_lazy("Ended that someone acts for you"))
def end_delegation(actor: Actor, delegation_id: UUID) -> records.Delegation:
    """End it for good, as either of the two, or as the one who was asked. Twice is harmless."""
    _myself(actor)
    now = timezone.now()
    theirs = models.Delegation.visible_to(actor) | models.Delegation.offered_to(actor)
    found = theirs.select_related("person", "delegate").filter(id=delegation_id).first()
    if found is None:
        raise NoSuchDelegation(_("There is nothing of the kind to end."))
    models.Delegation.objects.filter(id=found.id, ended_at=None).update(ended_at=now)
    found.ended_at = found.ended_at or now
    return found.record()


@operation(permissions.DELEGATE, told=gettext_lazy("Began to act for you"))
def begin_acting(actor: Actor, delegation_id: UUID) -> records.Delegation:
    """Note that the acting person now acts for whoever lets them. Raises NoSuchDelegation."""
    me = _myself(actor)
    return _found(actor, models.Delegation.CURRENT & Q(id=delegation_id, delegate=me)).record()


def _found(actor: Actor, wanted: Q) -> models.Delegation:
    mine = models.Delegation.visible_to(actor).select_related("person", "delegate")
    found = mine.filter(wanted).first()
    if found is None:
        raise NoSuchDelegation(_("You may not act for them, or no longer."))
    return found


def _myself(actor: Actor) -> models.Person:
    if actor.person_id is None:
        raise NotAllowed(_("Sign in first."))
    return models.Person.objects.get(id=actor.person_id)


def _count_today(me: models.Person, address: str) -> None:
    made = models.Delegation.objects.filter(made_at__gt=timezone.now() - timedelta(days=1))
    by_me, to_them = made.filter(person=me), made.filter(email=address)
    if by_me.count() >= MOST_A_DAY or to_them.count() >= MOST_A_DAY_TO_ONE:
        raise TooManyDelegations(
            _("We have sent as many emails of this kind as we do in a day. Try again tomorrow.")
        )


def _check(me: models.Person, address: str, services: Collection[str], last_day: date) -> None:
    try:
        validate_email(address)
    except ValidationError as error:
        says = _("Enter an email address like name@example.com")
        raise BadAnswer(says, fields={"email": says}) from error
    if address == me.email:
        says = _("Enter the address of someone else, not your own")
        raise BadAnswer(says, fields={"email": says})
    if not services or not set(services) <= {each.slug for each in offered() if each.for_others}:
        says = _("Choose at least one service")
        raise BadAnswer(says, fields={"services": says})
    today = timezone.localdate()
    if not today <= last_day <= today + LONGEST:
        says = _("The last day must be between today and two years from now")
        raise BadAnswer(says, fields={"last_day": says})
