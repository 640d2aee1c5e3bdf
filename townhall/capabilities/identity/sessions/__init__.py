"""From a request to who asks, and of whom, before any door is reached."""

from townhall.capabilities.identity.sessions.actors import (
    PersonBackend,
    residents_may,
    who_asks,
)
from townhall.capabilities.identity.sessions.openid import (
    Visit,
    end_openid_session,
    find_visit,
    is_openid_session,
    openid_session,
    page_for_second_factor,
    sign_in_again,
    sign_out,
    standing_of,
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
    "Visit",
    "end_openid_session",
    "every_organisation",
    "find_visit",
    "has_passed_second_factor",
    "has_passed_staff_sign_in",
    "has_passed_with_passkey",
    "is_first_use",
    "is_openid_session",
    "openid_session",
    "organisation_for",
    "page_for_second_factor",
    "pass_second_factor",
    "recorder",
    "residents_may",
    "second_factor_page",
    "sign_in",
    "sign_in_again",
    "sign_in_through_staff",
    "sign_out",
    "standing_of",
    "who_asks",
]
