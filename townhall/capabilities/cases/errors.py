from townhall.machinery.errors import Conflict, Invalid


class NotOpen(Conflict):
    code = "cases.not_open"


class AlreadyClaimed(Conflict):
    code = "cases.already_claimed"


class UnknownOutcome(Invalid):
    code = "cases.unknown_outcome"


class UnfitCase(Invalid):
    """A service asked for a case that staff could not close or follow."""

    code = "cases.unfit_case"
