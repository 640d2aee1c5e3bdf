"""Reading the keys of programs, and what programs read of staff."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, records
from townhall.capabilities.identity.errors import NoSuchKey
from townhall.machinery.actors import Actor
from townhall.machinery.operations import query
from townhall.machinery.paging import Page, page_of

SHOWN = 200


@query(permissions.MANAGE_PEOPLE)
def list_program_keys(actor: Actor) -> list[records.ProgramKey]:
    """Those in use first."""
    return [key.record() for key in models.ProgramKey.in_use_first(actor)[:SHOWN]]


@query(permissions.MANAGE_PEOPLE)
def get_program_key(actor: Actor, key_id: UUID) -> records.ProgramKey:
    found = models.ProgramKey.visible_to(actor).filter(id=key_id).first()
    if found is None:
        raise NoSuchKey(_("There is no such key."))
    return found.record()


@query(permissions.READ_MEMBERS, told=gettext_lazy("Read that you work here"))
def read_members(actor: Actor, *, place: str | None = None, size: int) -> Page[records.Member]:
    """Who works for the organisation, in the order in which they were first known."""
    return page_of(
        models.Person.members_visible_to(actor),
        lambda person: person.member(actor.organisation_id),
        order=("added_at", "id"),
        place=place,
        size=size,
    )
