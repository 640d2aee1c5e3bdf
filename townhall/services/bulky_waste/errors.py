"""What this service refuses."""

from townhall.machinery.errors import Conflict, NotFound


class NoSuchCollection(NotFound):
    code = "bulky_waste.no_such_collection"


class TooLateToChange(Conflict):
    """Less notice than the organisation asks for."""

    code = "bulky_waste.too_late_to_change"


class NotInThatState(Conflict):
    """Somebody was first, or this never could be done to such a collection."""

    code = "bulky_waste.not_in_that_state"
