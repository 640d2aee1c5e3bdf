"""What the acting person has asked of every service."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed
from townhall.machinery.operations import query
from townhall.machinery.service import Request, requests_of
from townhall.services.account.service import SEE_OWN


@query(SEE_OWN, told=gettext_lazy("Looked at your requests"))
def list_my_requests(actor: Actor) -> list[Request]:
    """The newest first. Raises NotAllowed if nobody is signed in."""
    if actor.person_id is None:
        raise NotAllowed(_("Sign in to see your requests."))
    return requests_of(actor)
