"""Senders as they stand, whom they may be tried on, and which of them ask to go live."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import NoSuchRequest, NoSuchSender
from townhall.machinery.actors import Actor
from townhall.machinery.operations import query
from townhall.machinery.paging import Page, page_of

HISTORY = 10


@query(permissions.MANAGE_KEYS)
def list_sender_states(actor: Actor) -> list[records.SenderState]:
    """Every sender that has a template, a key or anything else, by name."""
    return [sender.state() for sender in models.Sender.visible_to(actor).order_by("name")]


@query(permissions.MANAGE_KEYS)
def get_sender_state(actor: Actor, sender_id: UUID) -> records.SenderState:
    """Raises NoSuchSender."""
    return _sender(actor, sender_id).state()


@query(permissions.DECIDE_GOING_LIVE)
def get_sender_limits(actor: Actor, sender_id: UUID) -> dict[str, int]:
    """What `agree_limits` has set, also of a sender in trial. Raises NoSuchSender."""
    return _sender(actor, sender_id).agreed()


@query(permissions.MANAGE_KEYS)
def get_checklist(actor: Actor, sender_id: UUID) -> records.Checklist:
    """What a sender has of what it must have before it goes live. Raises NoSuchSender."""
    return models.GoingLive.checklist_of(_sender(actor, sender_id))


@query(permissions.MANAGE_KEYS)
def list_going_live(actor: Actor, sender_id: UUID) -> list[records.GoingLive]:
    """The last times that a sender was asked to go live, newest first."""
    theirs = models.GoingLive.visible_to(actor).filter(sender_id=sender_id)
    return [each.record() for each in theirs.order_by("-asked_at")[:HISTORY]]


@query(permissions.DECIDE_GOING_LIVE)
def list_waiting_to_go_live(actor: Actor, *, place: str | None = None) -> Page[records.GoingLive]:
    """What nobody has decided yet, the longest waiting first."""
    return page_of(
        models.GoingLive.visible_to(actor).filter(decided_at=None),
        models.GoingLive.record,
        order=("asked_at", "id"),
        place=place,
    )


@query(permissions.DECIDE_GOING_LIVE)
def get_going_live(actor: Actor, request_id: UUID) -> records.GoingLive:
    """Raises NoSuchRequest."""
    found = models.GoingLive.visible_to(actor).filter(id=request_id).first()
    if found is None:
        raise NoSuchRequest(_("Nobody asks for this any more."))
    return found.record()


@query(permissions.MANAGE_KEYS, told=gettext_lazy("Saw you on the list to try messages on"))
def list_guests(actor: Actor, sender_id: UUID) -> list[records.Guest]:
    """A sender's team, then its guests. Raises NoSuchSender."""
    theirs = _sender(actor, sender_id).guests.order_by("-is_team", "name", "email", "phone")
    return [guest.record() for guest in theirs]


def _sender(actor: Actor, sender_id: UUID) -> models.Sender:
    of = models.Sender.visible_to(actor).filter(id=sender_id).first()
    if of is None:
        raise NoSuchSender(_("There is no such sender."))
    return of
