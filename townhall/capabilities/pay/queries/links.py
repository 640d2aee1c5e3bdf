"""Payment links, for staff and for those who pay by them."""

from uuid import UUID

from django.utils.translation import gettext as _

from townhall.capabilities.pay import models, permissions, records
from townhall.capabilities.pay.errors import NoSuchLink
from townhall.machinery.actors import Actor
from townhall.machinery.operations import query
from townhall.machinery.paging import Page, page_of


@query(permissions.MANAGE)
def list_links(actor: Actor, *, place: str | None = None) -> Page[records.Link]:
    """Newest first."""
    links = models.Link.visible_to(actor).select_related("till")
    return page_of(links, models.Link.record, order=("-made_at", "-id"), place=place)


@query(permissions.MANAGE)
def get_link(actor: Actor, link_id: UUID) -> records.Link:
    link = models.Link.visible_to(actor).select_related("till").filter(id=link_id).first()
    if link is None:
        raise NoSuchLink(_("There is no such payment link."))
    return link.record()


@query(permissions.PAY)
def get_open_link(actor: Actor, slug: str) -> records.Link:
    """As it stands in its address. Raises NoSuchLink if nobody can pay there."""
    link = models.Link.open_at(actor, slug)
    if link is None:
        raise NoSuchLink(_("There is no such payment link, or it is closed."))
    return link.record()
