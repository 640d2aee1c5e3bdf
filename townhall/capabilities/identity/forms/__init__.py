"""What people type to sign in, and what administrators type of staff, roles and teams."""

from townhall.capabilities.identity.forms.people import (
    NO_TEAM,
    AddMember,
    ChangeMember,
    EditRole,
    EditTeam,
    GiveByClaim,
)
from townhall.capabilities.identity.forms.signing_in import (
    ActivateTotp,
    Authenticate,
    ConfirmCode,
    Reauthenticate,
    RequestCode,
)

__all__ = [
    "NO_TEAM",
    "ActivateTotp",
    "AddMember",
    "Authenticate",
    "ChangeMember",
    "ConfirmCode",
    "EditRole",
    "EditTeam",
    "GiveByClaim",
    "Reauthenticate",
    "RequestCode",
]
