"""The organisation that a request is made of."""

from django.db.models import Q
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.translation import gettext as _

from townhall.capabilities.identity import models
from townhall.capabilities.identity.errors import NoSuchOrganisation
from townhall.machinery.database.prepared import Prepared
from townhall.machinery.organisations import Organisation

# Asked for with every page, so its SQL is worked out once.
_first_two = Prepared(
    lambda host: (
        models.Organisation.with_dials()
        .annotate(answers=Q(hosts__contains=[host]))
        .order_by("-answers", "opened_at")[:2]
    ),
    "host.example",
)


def every_organisation() -> list[Organisation]:
    return [each.record() for each in models.Organisation.with_dials().order_by("opened_at")]


def organisation_for(request: HttpRequest) -> Organisation:
    """The organisation with its pages at this host name, or the only one there is."""
    host = split_domain_port(request.get_host())[0]
    found = _first_two(host)
    if found and (host in found[0].hosts or len(found) == 1):
        return found[0].record()
    raise NoSuchOrganisation(_("No organisation has its pages at this address."))


def organisation_of(request: HttpRequest) -> Organisation:
    """The same, asked for once: ActorMiddleware may know it already."""
    known: Organisation | None = getattr(request, "organisation", None)
    return known or organisation_for(request)
