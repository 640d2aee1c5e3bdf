"""The ways identity may refuse."""

from townhall.machinery.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    Refused,
    TooMany,
    Unavailable,
)


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


class ForOperators(NotAllowed):
    """What concerns someone who runs the installation is for others who run it."""

    code = "identity.for_operators"


class LastAdministrator(Conflict):
    """Nobody would be left who may manage people."""

    code = "identity.last_administrator"


class StaffElsewhere(Conflict):
    """The person works for another organisation too, which relies on their second factor."""

    code = "identity.staff_elsewhere"


class NoSuchRelyingParty(NotFound):
    code = "identity.no_such_relying_party"


class BadOpenIdRequest(Invalid):
    """A relying party asked for what it may not have, or not as OpenID Connect has it."""

    code = "identity.bad_openid_request"
    status = 400

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error  # the standard's word


class NoSuchCode(BadOpenIdRequest):
    """The code or token is not there any more, was used, or is somebody else's."""

    code = "identity.no_such_code"


class KeysUnreadable(Unavailable):
    """Our signing keys were made under another SECRET_KEY."""

    code = "identity.keys_unreadable"


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
    """Staff cannot prove at the counter who they are, or review their own roles."""

    code = "identity.not_yourself"


class NoSuchGrant(NotFound):
    """The role was ended meanwhile, or never granted."""

    code = "identity.no_such_grant"


class NoSuchReview(NotFound):
    code = "identity.no_such_review"


class AlreadyDecided(Conflict):
    """Someone has decided otherwise about that already."""

    code = "identity.already_decided"


class NoSuchDelegation(NotFound):
    """Nobody lets the person act for them in that way, or no longer."""

    code = "identity.no_such_delegation"


class TooManyDelegations(Conflict):
    """More people may act for someone, or are asked to, than anybody needs."""

    code = "identity.too_many_delegations"


class NoSuchKey(NotFound):
    code = "identity.no_such_key"


class RenewedAlready(Conflict):
    """The key of a program has a newer one beside it already."""

    code = "identity.renewed_already"


class WrongKey(Refused):
    """A program came without a key that is in use."""

    code = "identity.wrong_key"
    status = 401


class NotRecoverable(Conflict):
    """Someone's second factor cannot be taken away in this way, or not yet."""

    code = "identity.not_recoverable"


class NoSuchRecovery(NotFound):
    code = "identity.no_such_recovery"


class TooManyTries(TooMany):
    """Somebody has tried to sign in, or asked for codes, too often."""

    code = "identity.too_many_tries"
