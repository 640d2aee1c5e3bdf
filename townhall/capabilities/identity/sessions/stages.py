"""What allauth asks between the first proof of who someone is and letting them in."""

import time

from allauth.mfa.internal.flows.trust import create_config_fingerprint, decode_trust_cookie
from allauth.mfa.stages import AuthenticateStage, TrustStage
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.internal.flows import did_use_passwordless_login
from django.http import HttpRequest, HttpResponse

from townhall.capabilities.identity import models, queries
from townhall.capabilities.identity.sessions.organisations import organisation_of
from townhall.capabilities.identity.sessions.signing_in import (
    has_passed_staff_sign_in,
    recorder,
)

DAY_SECONDS = 24 * 60 * 60
OF_SECOND_FACTOR: str = AuthenticateStage.key


class SecondFactor(AuthenticateStage):  # type: ignore[misc]  # allauth has no types
    """Whoever has a second factor is asked for it, except in a device that they trust."""

    def _should_handle(self, request: HttpRequest) -> bool:
        person = self.login.user
        if person is None or not is_mfa_enabled(person, models.SECOND_FACTORS):
            return False
        return not (
            did_use_passwordless_login(request, person)
            or has_passed_staff_sign_in(request, person)
            or _is_trusted(request, person)
        )


class Trust(TrustStage):  # type: ignore[misc]  # allauth has no types
    """Residents who were asked for it may have this device trusted."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        person = self.login.user
        has_factor = is_mfa_enabled(person, models.SECOND_FACTORS)
        if not (has_factor and _may_trust(self.request, person)):
            return None, True
        answer: tuple[HttpResponse | None, bool] = super().handle()
        return answer


def _is_trusted(request: HttpRequest, person: models.Person) -> bool:
    """Whether it was lately, and since they signed out everywhere or changed their ways in."""
    since = time.time() - organisation_of(request).trusted_days * DAY_SECONDS
    if person.signed_out_at is not None:
        since = max(since, person.signed_out_at.timestamp())
    recent = [each for each in decode_trust_cookie(request) if each.at > since]
    if not recent or not _may_trust(request, person):
        return False
    return create_config_fingerprint(person) in {each.fingerprint for each in recent}


def _may_trust(request: HttpRequest, person: models.Person) -> bool:
    has_days = organisation_of(request).trusted_days > 0
    return has_days and not queries.is_staff(recorder(request, person.id), person.id)
