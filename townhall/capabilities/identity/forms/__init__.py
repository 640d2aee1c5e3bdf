"""What people type to sign in, and what administrators type of staff, roles and teams."""

from townhall.capabilities.identity.forms.counter import (
    END,
    CounterVisit,
    FindVisitor,
    SeenDocuments,
    SettleSignal,
)
from townhall.capabilities.identity.forms.people import (
    NO_TEAM,
    AddMember,
    ChangeMember,
    EditRole,
    EditTeam,
    GiveByClaim,
)
from townhall.capabilities.identity.forms.proving import (
    KINDS,
    Address,
    AnswerQuestion,
    ChooseEvidence,
    DocumentDetails,
    Name,
    Photo,
    words_of,
)
from townhall.capabilities.identity.forms.signing_in import (
    ActivateTotp,
    Authenticate,
    ConfirmCode,
    Reauthenticate,
    RequestCode,
)

__all__ = [
    "END",
    "KINDS",
    "NO_TEAM",
    "ActivateTotp",
    "AddMember",
    "Address",
    "AnswerQuestion",
    "Authenticate",
    "ChangeMember",
    "ChooseEvidence",
    "ConfirmCode",
    "CounterVisit",
    "DocumentDetails",
    "EditRole",
    "EditTeam",
    "FindVisitor",
    "GiveByClaim",
    "Name",
    "Photo",
    "Reauthenticate",
    "RequestCode",
    "SeenDocuments",
    "SettleSignal",
    "words_of",
]
