"""What can be done to a dial beside setting it, and what staff are asked to look at."""

from datetime import timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from townhall.capabilities.cases.operations import open_case
from townhall.capabilities.cases.records import Outcome
from townhall.machinery.actors import Actor
from townhall.machinery.dial_values import Dial, DialTurned, get_dial, set_dial
from townhall.machinery.dials import SET_DIALS, Picture
from townhall.machinery.errors import Invalid
from townhall.machinery.events import emit
from townhall.machinery.files import MEGABYTE, PICTURES, keep
from townhall.machinery.models import DialValue
from townhall.machinery.operations import operation
from townhall.machinery.wording import Wording
from townhall.services.administration.service import ADMINISTRATION, RUN

REVIEW = "access-review"
REVIEWED = Outcome(
    code="reviewed", label=Wording("Decided about each role", "Penderfynwyd am bob rôl")
)
REVIEW_WITHIN = timedelta(days=30)


@operation(SET_DIALS)
def reset_dial(actor: Actor, owner: str, name: str) -> Dial:
    """Put a dial back to its default, so that it follows later releases. Raises NotFound."""
    get_dial(actor, owner, name)
    was_set = DialValue.visible_to(actor).filter(owner=owner, name=name).delete()[0]
    if was_set:
        emit(DialTurned(organisation_id=actor.organisation_id, owner=owner, dial=name))
    return get_dial(actor, owner, name)


@operation(SET_DIALS)
def set_picture(actor: Actor, owner: str, name: str, *, filename: str, content: bytes) -> Dial:
    """Keep a picture (PNG, JPEG or WebP, up to 1 MB) and set the dial to it. Raises Invalid."""
    if get_dial(actor, owner, name).kind is not Picture:
        raise Invalid(_("This setting is not a picture."))
    file_id = keep(actor, content, name=filename, types=PICTURES, most_bytes=MEGABYTE)
    return set_dial(actor, owner, name, value=str(file_id))


@operation(RUN)
def ask_to_review(actor: Actor, review_id: UUID, *, listed: int) -> None:
    """Open a case about an access review; while one is open, that is it."""
    summary = ngettext(
        "Nobody has used %(count)d role. Decide whether it is still needed.",
        "Nobody has used %(count)d roles. Decide about each whether it is still needed.",
        listed,
    )
    open_case(
        actor,
        service=ADMINISTRATION.slug,
        kind=REVIEW,
        subject_id=review_id,
        person_id=None,
        title=_("Roles of staff that nobody has used"),
        summary=summary % {"count": listed},
        link=reverse("identity:review", args=[review_id]),
        outcomes=(REVIEWED,),
        due_at=timezone.now() + REVIEW_WITHIN,
    )
