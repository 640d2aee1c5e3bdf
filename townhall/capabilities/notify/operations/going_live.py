"""A sender from trial to live: somebody asks, somebody else decides; and what it may send."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import (
    DecidedAlready,
    LiveAlready,
    NoSuchRequest,
    NotReady,
    OwnRequest,
)
from townhall.capabilities.notify.records import FIRST_SENDER, Channel
from townhall.capabilities.notify.rendering.texts import clean_prefix
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation


@operation(permissions.OPEN_SENDERS)
def open_sender(actor: Actor, *, sender: str = FIRST_SENDER) -> records.SenderState:
    """Let a sender be live that nobody has to decide on: of the demo, of tests."""
    of = models.Sender.named(actor, sender)
    if of.went_live_at is None:
        of.went_live_at = timezone.now()
        of.save(update_fields=["went_live_at"])
    return of.state()


@operation(permissions.MANAGE_KEYS)
def ask_to_go_live(
    actor: Actor, sender_id: UUID, *, emails_a_year: int, texts_a_year: int, letters_a_year: int
) -> records.GoingLive:
    """Ask for a sender to go live, and say how much it will send.

    Asking again before it is decided only says other numbers. Raises LiveAlready or NotReady.
    """
    of = models.Sender.locked(actor, sender_id)
    if of.went_live_at is not None:
        raise LiveAlready(_("This sender is live already."))
    if not models.GoingLive.checklist_of(of).is_complete:
        raise NotReady(_("Something is missing. Do what is not done in the list first."))
    expected = {
        "emails_a_year": emails_a_year,
        "texts_a_year": texts_a_year,
        "letters_a_year": letters_a_year,
        "asked_by_id": actor.person_id,
    }
    asked, _is_new = models.GoingLive.objects.update_or_create(
        sender=of, decided_at=None, defaults=expected
    )
    return asked.record()


@operation(permissions.DECIDE_GOING_LIVE)
def approve_going_live(actor: Actor, request_id: UUID) -> records.GoingLive:
    """Let a sender go live. Raises NoSuchRequest, OwnRequest or DecidedAlready."""
    asked = _decide(actor, request_id, is_approved=True, reason="")
    trial = models.Sender.objects.filter(id=asked.sender_id, went_live_at=None)
    trial.update(went_live_at=asked.decided_at)
    return asked.record()


@operation(permissions.DECIDE_GOING_LIVE)
def refuse_going_live(actor: Actor, request_id: UUID, *, reason: str) -> records.GoingLive:
    """Leave a sender in trial and say why. Raises NoSuchRequest, OwnRequest or DecidedAlready."""
    return _decide(actor, request_id, is_approved=False, reason=reason).record()


def _decide(actor: Actor, request_id: UUID, *, is_approved: bool, reason: str) -> models.GoingLive:
    mine = models.GoingLive.visible_to(actor).filter(id=request_id)
    seen = mine.first()
    if seen is None:
        raise NoSuchRequest(_("Nobody asks for this any more."))
    models.Sender.locked(actor, seen.sender_id)
    asked = mine.get()
    if asked.asked_by_id == actor.person_id:  # nor if nobody knows who either of them is
        raise OwnRequest(_("You asked for this yourself. Somebody else has to decide it."))
    if asked.decided_at is None:
        asked.decided_at, asked.decided_by_id = timezone.now(), actor.person_id
        asked.is_approved, asked.reason = is_approved, reason
        asked.save()
    elif asked.is_approved != is_approved:
        raise DecidedAlready(_("Somebody else has decided otherwise meanwhile."))
    return asked


@operation(permissions.DECIDE_GOING_LIVE)
def agree_limits(
    actor: Actor, sender_id: UUID, *, most_a_day: Mapping[str, int]
) -> records.SenderState:
    """Set how many messages of each channel, and ABROAD, a sender may send once it is live."""
    of = models.Sender.locked(actor, sender_id)
    of.agree(most_a_day)
    return of.state()


@operation(permissions.MANAGE_KEYS)
def set_prefix(actor: Actor, sender_id: UUID, *, prefix: str) -> records.SenderState:
    """Say what a sender's texts begin with, before a colon; "" for nothing.

    Raises MessageTooLong.
    """
    of = models.Sender.locked(actor, sender_id)
    of.prefix = clean_prefix(prefix)
    of.save(update_fields=["prefix"])
    return of.state()


@operation(permissions.MANAGE_KEYS)
def choose_channels(
    actor: Actor, sender_id: UUID, *, channels: Collection[Channel]
) -> records.SenderState:
    """Say which kinds of messages a sender's programs may send."""
    of = models.Sender.locked(actor, sender_id)
    of.channels_off = [channel for channel in Channel if channel not in channels]
    of.save(update_fields=["channels_off"])
    return of.state()
