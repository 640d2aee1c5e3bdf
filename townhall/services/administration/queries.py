"""Where staff may go."""

from townhall.machinery.actors import Actor
from townhall.machinery.navigation import Link, staff_pages
from townhall.machinery.operations import query
from townhall.services.administration.service import INDEX


@query(INDEX, narrowed=True)
def list_pages(actor: Actor) -> list[Link]:
    """The staff pages that this actor may open, by title."""
    return staff_pages(actor)
