"""What a session has proved that came through the organisation's own sign-in."""

from uuid import UUID

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest

from townhall.capabilities.identity import records
from townhall.capabilities.identity.sessions.organisations import organisation_of
from townhall.capabilities.identity.sessions.signing_in import sign_in

WITH_TWO_FACTORS = "staff_sign_in"  # not "mfa": that is a second factor of one's own, good anywhere


def sign_in_through_staff(
    request: HttpRequest, person_id: UUID, *, has_second_factor: bool
) -> None:
    """Sign in someone whom their organisation's own sign-in let in. Raises NoSuchPerson.

    If it has asked for two factors, that counts for this organisation only.
    """
    sign_in(request, person_id, method=records.Method.STAFF_SIGN_IN)
    if has_second_factor:
        whose = str(organisation_of(request).id)
        record_authentication(request, request.user, WITH_TWO_FACTORS, organisation=whose)
        request.session.cycle_key()


def has_passed_staff_sign_in(request: HttpRequest) -> bool:
    """Whether the own sign-in of this very organisation has asked for two factors."""
    whose = str(organisation_of(request).id)
    passed = get_authentication_records(request, request.user)
    return any(
        each.get("method") == WITH_TWO_FACTORS and each.get("organisation") == whose
        for each in passed
    )
