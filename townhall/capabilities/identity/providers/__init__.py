"""Outside suppliers of identity."""

from typing import cast

from townhall.capabilities.identity.providers.staff_sign_in import StaffSignIn
from townhall.machinery.providers import chosen

__all__ = ["StaffSignIn", "staff_sign_ins"]


def staff_sign_ins() -> tuple[StaffSignIn, ...]:
    """The organisations' own sign-ins that this installation trusts."""
    return cast(tuple[StaffSignIn, ...], chosen("identity.staff"))
