"""What notify holds of the acting person."""

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.notify import models
from townhall.machinery.actors import Actor
from townhall.machinery.holdings import SEE_HELD, Held, addresses_of, facts
from townhall.machinery.operations import query
from townhall.machinery.pages.writing import write_moment
from townhall.machinery.paging import Page, page_of

MOST = 100  # senders that may write to one person


@query(SEE_HELD, told=gettext_lazy("You looked at what is held about you"))
def list_held(actor: Actor, *, place: str | None = None) -> Page[Held]:
    """The messages to the acting person that have not been wiped, the latest first.

    What names nobody is theirs if it went to an address that they have proved, as in
    `forget_person`. Before the first are the senders that may write to them in trial.
    """
    person_id = actor.person_id
    if person_id is None:
        return Page(rows=[], next_place=None)
    reached = addresses_of(actor)
    theirs = models.Message.visible_to(actor).alias(in_lower_case=Lower("to"))
    mine = theirs.filter(Q(person_id=person_id) | Q(person_id=None, in_lower_case__in=reached))
    page = page_of(
        mine,
        lambda message: _held(message, person_id),
        order=("-created_at", "-id"),
        place=place,
    )
    if place is not None:
        return page
    return Page(rows=[*_guest(actor, person_id, reached), *page.rows], next_place=page.next_place)


def _guest(actor: Actor, person_id: UUID, reached: Collection[str]) -> Iterator[Held]:
    mine = models.Guest.visible_to(actor).filter(email__in=reached).select_related("sender")
    for guest in mine.order_by("id")[:MOST]:
        yield Held(
            person_id=person_id,
            title=_("A sender that may write to you in trial"),
            noted_at=None,
            facts=facts(
                (_("Sender"), guest.sender.name),
                (_("Name"), guest.name),
                (_("Email address"), guest.email),
                (_("Phone number"), guest.phone),
            ),
        )


def _held(message: models.Message, person_id: UUID) -> Held:
    return Held(
        person_id=person_id,
        title=message.subject or _("Message"),
        noted_at=message.created_at,
        facts=facts(
            (_("Sent to"), message.to),
            (_("Sent"), write_moment(message.sent_at) if message.sent_at else ""),
            (_("What it says"), message.body),
            (_("Attached"), ", ".join(each["filename"] for each in message.attachments)),
        ),
    )
