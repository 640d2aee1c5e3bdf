"""Whose messages they are, and what they say they are from."""

from uuid import UUID

from django.utils.translation import gettext as _

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import NoSuchOrigin
from townhall.capabilities.notify.records import FIRST_SENDER, Channel
from townhall.machinery.actors import Actor
from townhall.machinery.operations import query


@query(permissions.EDIT_TEMPLATES)
def list_senders(actor: Actor) -> list[str]:
    """The names of the organisation's senders; FIRST_SENDER, made or not, is the first."""
    return _names(actor)


@query(permissions.MANAGE_KEYS)
def list_senders_for_keys(actor: Actor) -> list[str]:
    """The same, for those who may make keys."""
    return _names(actor)


@query(permissions.EDIT_TEMPLATES)
def list_origins(actor: Actor) -> list[records.Sender]:
    """What the messages of each sender may be from."""
    found = models.Origin.visible_to(actor).order_by("-is_default", "words")
    by_sender: dict[str, list[records.Origin]] = {}
    for origin in found.select_related("sender"):
        by_sender.setdefault(origin.sender.name, []).append(origin.record())
    contacts = dict(models.Sender.visible_to(actor).values_list("name", "contact"))
    return [
        _sender(name, contacts.get(name, ""), by_sender.get(name, [])) for name in _names(actor)
    ]


@query(permissions.EDIT_TEMPLATES)
def get_origin(actor: Actor, origin_id: UUID) -> records.Origin:
    """One of them. Raises NoSuchOrigin."""
    origin = models.Origin.visible_to(actor).filter(id=origin_id).first()
    if origin is None:
        raise NoSuchOrigin(_("This is not there any more."))
    return origin.record()


@query(permissions.EDIT_TEMPLATES)
def get_usual_origin(actor: Actor, *, sender: str, channel: Channel) -> str:
    """What a sender's messages usually say they are from, or where to answer; "" for nothing."""
    of = models.Sender.visible_to(actor).filter(name=sender).first()
    return of.usual_origin(channel) if of else ""


@query(permissions.EDIT_TEMPLATES)
def get_contact(actor: Actor, *, sender: str) -> str:
    """How people who were sent a file reach its sender; "" if that is not set."""
    of = models.Sender.visible_to(actor).filter(name=sender).first()
    return of.contact if of else ""


@query(permissions.EDIT_TEMPLATES)
def get_prefix(actor: Actor, *, sender: str) -> str:
    """What a sender's texts begin with, before a colon; "" for nothing."""
    of = models.Sender.visible_to(actor).filter(name=sender).first()
    return of.prefix if of else ""


def _names(actor: Actor) -> list[str]:
    names = models.Sender.visible_to(actor).order_by("name").values_list("name", flat=True)
    return [FIRST_SENDER, *(name for name in names if name != FIRST_SENDER)]


def _sender(name: str, contact: str, origins: list[records.Origin]) -> records.Sender:
    def of(channel: Channel) -> tuple[records.Origin, ...]:
        return tuple(origin for origin in origins if origin.channel == channel)

    return records.Sender(
        name=name,
        contact=contact,
        emails=of(Channel.EMAIL),
        texts=of(Channel.SMS),
        letters=of(Channel.LETTER),
    )
