"""From a request to who asks, and of whom, before any door is reached."""

from townhall.capabilities.identity.sessions import (
    delegations,
)
from townhall.capabilities.identity.sessions.actors import (
    PersonBackend,
    residents_may,
    who_asks,
)
from townhall.capabilities.identity.sessions.codes import (
    OF_CODE,
    SignInCode,
)
from townhall.capabilities.identity.sessions.levels import (
    require_second_factor,
)
from townhall.capabilities.identity.sessions.limits import (
    count_copy,
    count_second_factor,
    forget_second_factors,
    know_device,
)
from townhall.capabilities.identity.sessions.openid import (
    Visit,
    acting_as_party,
    find_visit,
    is_openid_session,
    openid_session,
    page_for_second_factor,
    sign_in_again,
    sign_out,
    sign_out_and_come_back,
    standing_of,
)
from townhall.capabilities.identity.sessions.organisations import (
    every_organisation,
    organisation_for,
)
from townhall.capabilities.identity.sessions.passwords import (
    enter_with_password,
)
from townhall.capabilities.identity.sessions.programs import (
    program_asks,
)
from townhall.capabilities.identity.sessions.signing_in import (
    end_openid_session,
    handle_of,
    has_passed_second_factor,
    is_first_use,
    method_of,
    page_to_prove_again,
    pass_second_factor,
    person_of,
    recorder,
    second_factor_page,
    sign_in,
)
from townhall.capabilities.identity.sessions.staff_sign_in import (
    sign_in_through_staff,
)
from townhall.capabilities.identity.sessions.stages import (
    OF_SECOND_FACTOR,
)

__all__ = [
    "OF_CODE",
    "OF_SECOND_FACTOR",
    "PersonBackend",
    "SignInCode",
    "Visit",
    "acting_as_party",
    "count_copy",
    "count_second_factor",
    "delegations",
    "end_openid_session",
    "enter_with_password",
    "every_organisation",
    "find_visit",
    "forget_second_factors",
    "handle_of",
    "has_passed_second_factor",
    "is_first_use",
    "is_openid_session",
    "know_device",
    "method_of",
    "openid_session",
    "organisation_for",
    "page_for_second_factor",
    "page_to_prove_again",
    "pass_second_factor",
    "person_of",
    "program_asks",
    "recorder",
    "require_second_factor",
    "residents_may",
    "second_factor_page",
    "sign_in",
    "sign_in_again",
    "sign_in_through_staff",
    "sign_out",
    "sign_out_and_come_back",
    "standing_of",
    "who_asks",
]
