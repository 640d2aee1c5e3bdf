"""Looking up addresses."""

from django.utils.translation import gettext as _

from townhall.capabilities.places import permissions, records, rules
from townhall.capabilities.places.providers import address_book
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid, NotFound
from townhall.machinery.inspection import Finding, inspects
from townhall.machinery.operations import query


@query(permissions.FIND_ADDRESSES)
def list_addresses(actor: Actor, *, postcode: str) -> list[records.Address]:
    """The addresses of a postcode, typed in any way, in walking order. Raises Invalid."""
    found = address_book().find(actor.organisation_id, rules.normalised_postcode(postcode))
    return rules.in_walking_order(found)


@query(permissions.FIND_ADDRESSES)
def get_address(actor: Actor, uprn: str) -> records.Address:
    try:
        found = address_book().get(actor.organisation_id, rules.normalised_uprn(uprn))
    except Invalid:
        found = None
    if found is None:
        raise NotFound(_("We do not know that address. Look it up by its postcode."))
    return found


@inspects
def _inspect_addresses() -> list[Finding]:
    return [Finding(subject="addresses", advice=address_book().check())]
