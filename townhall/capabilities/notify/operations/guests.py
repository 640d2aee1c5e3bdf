"""Whom a sender may write to in trial and with team keys: its team, and a few guests."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import (
    GuestsFull,
    ListedAlready,
    NoSuchGuest,
    UnfitGuest,
)
from townhall.capabilities.notify.rules import limits
from townhall.capabilities.notify.rules.addresses import clean_address
from townhall.capabilities.notify.rules.phones import clean_phone
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation


@operation(permissions.MANAGE_KEYS, told=gettext_lazy("Put you on the list to try messages on"))
def add_guest(
    actor: Actor,
    sender_id: UUID,
    *,
    name: str = "",
    email: str = "",
    phone: str = "",
    is_team: bool,
) -> records.Guest:
    """Let a sender write to someone in trial and with team keys. Twice is as good as once.

    Raises UnfitGuest, NotAnAddress, NotAPhoneNumber, ListedAlready or GuestsFull.
    """
    if not email and not phone:
        raise UnfitGuest(_("Enter an email address or a phone number"))
    email = clean_address(email).lower() if email else ""
    number = clean_phone(phone, abroad=True).number if phone else ""
    of = models.Sender.locked(actor, sender_id)
    same = Q(email=email) & ~Q(email="") | Q(phone=number) & ~Q(phone="")
    for found in of.guests.filter(same):
        if (found.email, found.phone, found.is_team) != (email, number, is_team):
            raise ListedAlready(_("This address or number is on the list. Remove it there first"))
        return found.record()
    _refuse_too_many(of, is_team=is_team)
    made = of.guests.create(name=name.strip(), email=email, phone=number, is_team=is_team)
    return made.record()


def _refuse_too_many(of: models.Sender, *, is_team: bool) -> None:
    most = limits.MOST_TEAM if is_team else limits.MOST_GUESTS
    if of.guests.filter(is_team=is_team).count() < most:
        return
    if is_team:
        raise GuestsFull(
            _("The team has %(most)d people already. Remove one first") % {"most": most}
        )
    raise GuestsFull(_("There are %(most)d guests already. Remove one first") % {"most": most})


@operation(permissions.MANAGE_KEYS, told=gettext_lazy("Took you off the list to try messages on"))
def remove_guest(actor: Actor, guest_id: UUID) -> records.Guest:
    """Take someone off the list. Raises NoSuchGuest."""
    guest = models.Guest.visible_to(actor).filter(id=guest_id).first()
    if guest is None:
        raise NoSuchGuest(_("This person is not on the list any more."))
    removed = guest.record()
    guest.delete()
    return removed
