"""The ways identity may refuse."""

from townhall.machinery.errors import Conflict, Invalid, NotFound, TooMany


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


class LastAdministrator(Conflict):
    """Nobody would be left who may manage people."""

    code = "identity.last_administrator"


class StaffElsewhere(Conflict):
    """The person works for another organisation too, which relies on their second factor."""

    code = "identity.staff_elsewhere"


class NotRecoverable(Conflict):
    """Someone's second factor cannot be taken away in this way, or not yet."""

    code = "identity.not_recoverable"


class NoSuchRecovery(NotFound):
    code = "identity.no_such_recovery"


class TooManyTries(TooMany):
    """Somebody has tried to sign in, or asked for codes, too often."""

    code = "identity.too_many_tries"
