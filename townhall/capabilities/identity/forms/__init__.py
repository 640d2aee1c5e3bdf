"""What people type to sign in, and what administrators type of staff, roles and teams."""

from townhall.capabilities.identity.forms.people import (
    NO_TEAM,
    AddMember,
    ChangeMember,
    EditRole,
    EditTeam,
)
from townhall.capabilities.identity.forms.rights import (
    END,
    AskToAct,
    ChoosePermission,
    Decide,
    GrantRole,
    MakeKey,
    RenewKey,
    offer,
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
    "NO_TEAM",
    "ActivateTotp",
    "AddMember",
    "AskToAct",
    "Authenticate",
    "ChangeMember",
    "ChoosePermission",
    "ConfirmCode",
    "Decide",
    "EditRole",
    "EditTeam",
    "GrantRole",
    "MakeKey",
    "Reauthenticate",
    "RenewKey",
    "RequestCode",
    "offer",
]
