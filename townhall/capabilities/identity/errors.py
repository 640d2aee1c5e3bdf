"""The ways identity may refuse."""

from townhall.machinery.errors import Conflict, Invalid, NotFound


class NoSuchOrganisation(NotFound):
    """No organisation has its pages at this address."""

    code = "identity.no_such_organisation"


class NoSuchPerson(NotFound):
    code = "identity.no_such_person"


class NoSuchRole(NotFound):
    code = "identity.no_such_role"


class NoSuchTeam(NotFound):
    code = "identity.no_such_team"


class BadAnswer(Invalid):
    """Something given about a person, role, team or organisation cannot be used."""

    code = "identity.bad_answer"


class NameTaken(Conflict):
    """Another role, team or organisation has that name or address already."""

    code = "identity.name_taken"


class StillStaff(Conflict):
    """Whoever works for an organisation cannot have their account deleted."""

    code = "identity.still_staff"


class WrongCode(Invalid):
    """The code is not the one that was sent, or is good no more."""

    code = "identity.wrong_code"


class TooManyCodes(Conflict):
    """So many codes were sent that somebody may be trying them."""

    code = "identity.too_many_codes"


class LastAdministrator(Conflict):
    """Nobody would be left who may manage people."""

    code = "identity.last_administrator"


class StaffElsewhere(Conflict):
    """The person works for another organisation too, which relies on their second factor."""

    code = "identity.staff_elsewhere"
