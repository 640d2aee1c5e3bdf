"""What notify holds of the acting person."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.notify import models
from townhall.machinery.actors import Actor
from townhall.machinery.holdings import SEE_HELD, Held, facts
from townhall.machinery.operations import query
from townhall.machinery.pages.writing import write_moment
from townhall.machinery.paging import Page, page_of


@query(SEE_HELD, told=gettext_lazy("You looked at what is held about you"))
def list_held(actor: Actor, *, place: str | None = None) -> Page[Held]:
    """The messages to the acting person that have not been wiped, the latest first."""
    known = models.Message.visible_to(actor).filter(person_id__isnull=False)
    mine = known.filter(person_id=actor.person_id)
    return page_of(mine, _held, order=("-created_at", "-id"), place=place)


def _held(message: models.Message) -> Held:
    assert message.person_id is not None
    return Held(
        person_id=message.person_id,
        title=message.subject or _("Message"),
        noted_at=message.created_at,
        facts=facts(
            (_("Sent to"), message.to),
            (_("Sent"), write_moment(message.sent_at) if message.sent_at else ""),
            (_("What it says"), message.body),
            (_("Attached"), ", ".join(each["filename"] for each in message.attachments)),
        ),
    )
