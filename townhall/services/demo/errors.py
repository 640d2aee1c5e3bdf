"""What the demo refuses."""

from townhall.machinery.errors import Conflict, NotFound


class LinkUsed(Conflict):
    code = "demo.link_used"


class NoSuchPlayer(NotFound):
    code = "demo.no_such_player"
