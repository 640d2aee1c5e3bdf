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
    AddPasskey,
    Authenticate,
    AuthenticateWithPasskey,
    ChoosePassword,
    ConfirmCode,
    EnterPassword,
    OpenAccount,
    Reauthenticate,
    ReauthenticateWithPasskey,
    RequestCode,
    SignInWithPasskey,
)

__all__ = [
    "NO_TEAM",
    "ActivateTotp",
    "AddMember",
    "AddPasskey",
    "Authenticate",
    "AuthenticateWithPasskey",
    "ChangeMember",
    "ChoosePassword",
    "ConfirmCode",
    "EditRole",
    "EditTeam",
    "EnterPassword",
    "GiveByClaim",
    "OpenAccount",
    "Reauthenticate",
    "ReauthenticateWithPasskey",
    "RequestCode",
    "SignInWithPasskey",
]
