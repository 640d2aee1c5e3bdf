"""The ways identity may refuse."""

from townhall.machinery.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany, Unavailable


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


class NoSuchStaffSignIn(NotFound):
    code = "identity.no_such_staff_sign_in"


class StaffSignInAway(Unavailable):
    """The organisation's own sign-in did not answer."""

    code = "identity.staff_sign_in_away"


class StaffSignInRefused(NotAllowed):
    """The organisation's own sign-in did not let someone in, or what it said is not believed."""

    code = "identity.staff_sign_in_refused"


class NoSuchAttempt(NotFound):
    """Nobody is proving who they are under this number or reference, or not any more."""

    code = "identity.no_such_attempt"


class NoSuchProof(NotFound):
    code = "identity.no_such_proof"


class NoSuchSignal(NotFound):
    code = "identity.no_such_signal"


class BadEvidence(Invalid):
    """Something that was given to prove who someone is cannot be used."""

    code = "identity.bad_evidence"


class WrongMoment(Conflict):
    """An attempt to prove who someone is has gone on, or has ended."""

    code = "identity.wrong_moment"


class TooManyAttempts(TooMany):
    """Someone has tried to prove who they are too often in one day."""

    code = "identity.too_many_attempts"


class NotYourself(NotAllowed):
    """Staff cannot prove at the counter who they are themselves."""

    code = "identity.not_yourself"
