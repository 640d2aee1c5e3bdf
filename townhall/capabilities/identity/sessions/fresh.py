"""Whether someone has shown only now that it is them: for what a stolen session must not do."""

import time

from allauth.account.authentication import get_authentication_records
from django.contrib.auth import logout
from django.http import HttpRequest

from townhall.capabilities.identity import models, operations
from townhall.capabilities.identity.sessions.openid import end_openid_session
from townhall.capabilities.identity.sessions.signing_in import recorder

FRESH_SECONDS = 15 * 60


def is_fresh(request: HttpRequest) -> bool:
    """Whether a code, a link or a second factor was given in this session lately."""
    shown = [each.get("at", 0) for each in get_authentication_records(request, request.user)]
    return max(shown, default=0) > time.time() - FRESH_SECONDS


def sign_out(request: HttpRequest) -> None:
    """End this session, also at the relying parties; whoever is not signed in stays so."""
    end_openid_session(request)
    if isinstance(request.user, models.Person):
        person_id = request.user.id
        operations.record_sign_out(recorder(request, person_id), person_id)
    logout(request)
