"""Making the demo town, and its doors."""

from townhall.services.demo.operations.doors import find_player, make_links, use_link
from townhall.services.demo.operations.post import send_much
from townhall.services.demo.operations.town import begin_town, fill_town, open_till

__all__ = [
    "begin_town",
    "fill_town",
    "find_player",
    "make_links",
    "open_till",
    "send_much",
    "use_link",
]
