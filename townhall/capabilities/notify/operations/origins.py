"""What a sender's messages are from, of which one is usual, and how its sender is reached."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import NoSuchOrigin, NotAnOrigin, NumberTaken, StillUsual
from townhall.capabilities.notify.operations.numbers import has_number
from townhall.capabilities.notify.records import FIRST_SENDER, Channel
from townhall.capabilities.notify.rules.contacts import clean_contact
from townhall.capabilities.notify.rules.origins import clean_origin, is_number
from townhall.machinery.actors import Actor
from townhall.machinery.operations import operation


@operation(permissions.EDIT_TEMPLATES)
def add_origin(
    actor: Actor,
    *,
    channel: Channel,
    words: str,
    sender: str = FIRST_SENDER,
    takes_texts: bool = False,
) -> records.Origin:
    """Let messages be from this; the first of its channel is the usual one.

    Adding it again changes nothing, except that a number may take texts from then on. Raises
    NotAnOrigin, NotAnAddress or NumberTaken.
    """
    words = clean_origin(channel, words)
    if takes_texts and not (channel == Channel.SMS and is_number(words)):
        raise NotAnOrigin(_("Only a telephone number can take texts"))
    if takes_texts and not has_number(actor.organisation_id, words):
        raise NotAnOrigin(
            _(
                "Ask whoever runs this installation to give your organisation this number in "
                "TOWNHALL_TEXT_NUMBERS. Then add it again"
            )
        )
    of = models.Sender.named(actor, sender)
    _lock(of.id)
    is_first = not of.origins.filter(channel=channel).exists()
    origin, _is_new = of.origins.get_or_create(
        channel=channel, words=words, defaults={"is_default": is_first}
    )
    if takes_texts and not origin.takes_texts:
        _take_texts(origin)
    return origin.record()


def _take_texts(origin: models.Origin) -> None:
    origin.takes_texts = True
    try:
        with transaction.atomic():
            origin.save(update_fields=["takes_texts"])
    except IntegrityError:
        raise NumberTaken(_("Texts to this number go to another sender already")) from None


@operation(permissions.EDIT_TEMPLATES)
def make_usual(actor: Actor, origin_id: UUID) -> records.Origin:
    """Let messages be from this unless they are told otherwise."""
    origin = _hold(actor, origin_id)
    others = origin.sender.origins.filter(channel=origin.channel).exclude(id=origin_id)
    others.update(is_default=False)
    origin.is_default = True
    origin.save(update_fields=["is_default"])
    return origin.record()


@operation(permissions.EDIT_TEMPLATES)
def remove_origin(actor: Actor, origin_id: UUID) -> records.Origin:
    """Take it out of use; what was sent keeps its words. Raises NoSuchOrigin or StillUsual."""
    origin = _hold(actor, origin_id)
    others = origin.sender.origins.filter(channel=origin.channel).exclude(id=origin_id)
    if origin.is_default and others.exists():
        raise StillUsual(_("This is the usual one. Make another one the usual one first."))
    removed = origin.record()
    origin.delete()
    return removed


@operation(permissions.EDIT_TEMPLATES)
def set_contact(actor: Actor, *, contact: str, sender: str = FIRST_SENDER) -> None:
    """Say how people who were sent a file reach its sender. Raises NotAContact."""
    of = models.Sender.named(actor, sender)
    of.contact = clean_contact(contact)
    of.save(update_fields=["contact"])


def _hold(actor: Actor, origin_id: UUID) -> models.Origin:
    """As it stands once nobody else can change it."""
    _lock(_find(actor, origin_id).sender_id)
    return _find(actor, origin_id)


def _lock(sender_id: UUID) -> None:
    """One at a time changes what a sender's messages are from."""
    models.Sender.objects.select_for_update().get(id=sender_id)


def _find(actor: Actor, origin_id: UUID) -> models.Origin:
    mine = models.Origin.visible_to(actor).select_related("sender")
    origin = mine.filter(id=origin_id).first()
    if origin is None:
        raise NoSuchOrigin(_("This is not there any more."))
    return origin
