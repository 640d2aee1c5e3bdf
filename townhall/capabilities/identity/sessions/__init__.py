"""From a request to who asks, and of whom, before any door is reached."""

from townhall.capabilities.identity.sessions.actors import (
    PersonBackend,
    residents_may,
    who_asks,
)
from townhall.capabilities.identity.sessions.levels import (
    require_second_factor,
)
from townhall.capabilities.identity.sessions.organisations import (
    every_organisation,
    organisation_for,
)
from townhall.capabilities.identity.sessions.signing_in import (
    has_passed_second_factor,
    has_passed_staff_sign_in,
    has_passed_with_passkey,
    is_first_use,
    pass_second_factor,
    recorder,
    second_factor_page,
    sign_in,
    sign_in_through_staff,
)

__all__ = [
    "PersonBackend",
    "every_organisation",
    "has_passed_second_factor",
    "has_passed_staff_sign_in",
    "has_passed_with_passkey",
    "is_first_use",
    "organisation_for",
    "pass_second_factor",
    "recorder",
    "require_second_factor",
    "residents_may",
    "second_factor_page",
    "sign_in",
    "sign_in_through_staff",
    "who_asks",
]
