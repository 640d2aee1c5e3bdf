"""What the acting person has asked of every service, and what is held of them."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity.permissions import SEE_REQUESTS
from townhall.capabilities.identity.queries import (
    find_erasure,
    find_my_recovery,
    is_staff_anywhere,
)
from townhall.capabilities.identity.records import Erasure, Recovery
from townhall.machinery.actors import Actor
from townhall.machinery.dial_values import dials_of
from townhall.machinery.errors import NotAllowed
from townhall.machinery.holdings import Held, all_held, delays_of, get_holding, holdings
from townhall.machinery.operations import query
from townhall.machinery.paging import Page
from townhall.machinery.service import Request, requests_of
from townhall.services.account import records
from townhall.services.account.service import ACCOUNT, SEE_OWN, Dials

_LOOKED = gettext_lazy("You looked at what is held about you")


@query(SEE_REQUESTS, told=gettext_lazy("Looked at your requests"))
def list_my_requests(actor: Actor) -> list[Request]:
    """The newest first; for a delegate, those of the services that they act in.

    Raises NotAllowed if nobody is signed in.
    """
    if actor.person_id is None:
        raise NotAllowed(_("Sign in to see your requests."))
    return requests_of(actor)


@query(SEE_OWN, told=_LOOKED)
def list_held(actor: Actor, slug: str, *, place: str | None = None) -> Page[Held]:
    """A page of what one part holds of the acting person. Raises NotFound, NotAllowed."""
    _require_someone(actor)
    return get_holding(slug).list_held(actor, place=place)


@query(SEE_OWN, told=gettext_lazy("You took a copy of what is held about you"))
def get_copy(actor: Actor) -> records.Copy:
    """All that is held of the acting person, by this organisation. Raises NotAllowed."""
    person_id = _require_someone(actor)
    return records.Copy(
        person_id=person_id,
        made_at=timezone.now(),
        parts=tuple((each, tuple(all_held(each, actor))) for each in holdings()),
    )


@query(SEE_OWN)
def list_delays(actor: Actor) -> list[str]:
    """What has to end before the acting person's account can be deleted."""
    _require_someone(actor)
    return delays_of(actor)


@query(SEE_OWN)
def may_delete(actor: Actor) -> bool:
    """Whoever works for an organisation may not; see `identity.operations.ask_erasure`."""
    _require_someone(actor)
    return not is_staff_anywhere(ACCOUNT.acting_for(actor))


@query(SEE_OWN, told=_LOOKED)
def find_deletion(actor: Actor) -> Erasure | None:
    """What the acting person has asked for, if they have."""
    _require_someone(actor)
    return find_erasure(ACCOUNT.acting_for(actor))


@query(SEE_OWN, told=gettext_lazy("Saw that somebody waits to sign in as you"))
def find_recovery(actor: Actor) -> Recovery | None:
    """That somebody asked to be let in without the second factor of the acting person."""
    _require_someone(actor)
    return find_my_recovery(ACCOUNT.acting_for(actor))


@query(SEE_OWN)
def get_dials(actor: Actor) -> Dials:
    return dials_of(actor.organisation_id, ACCOUNT.slug, Dials)


def _require_someone(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise NotAllowed(_("Sign in to see what is held about you."))
    return actor.person_id
