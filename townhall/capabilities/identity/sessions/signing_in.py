"""Signing someone in, and what this session of theirs has proved."""

import time
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import login
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.identity import models, operations, permissions, records
from townhall.capabilities.identity.errors import NoSuchPerson
from townhall.capabilities.identity.sessions.organisations import organisation_of
from townhall.capabilities.identity.sessions.store import DEVICE
from townhall.machinery.actors import Actor

BACKEND = "townhall.capabilities.identity.sessions.PersonBackend"
SECOND_FACTOR = "mfa"  # the name that allauth gives it in a session
THROUGH_STAFF_SIGN_IN = "staff_sign_in"  # not "mfa": that is a factor of one's own, good anywhere
RECENT_SECONDS = 15 * 60  # in which a proof is new enough for changing how one signs in
SEEN_SECONDS = 10 * 60  # between notes of when a session was seen last


def sign_in(request: HttpRequest, person_id: UUID, *, method: records.Method) -> None:
    """Sign someone in who has shown who they are. Raises NoSuchPerson."""
    person = models.Person.objects.filter(id=person_id, is_active=True).first()
    if person is None:
        raise NoSuchPerson(_("We know of nobody with that number."))
    if request.user.is_authenticated and request.user.pk != person_id:
        end_openid_session(request)  # or the session would end and nobody be told
    login(request, person, backend=BACKEND)
    _note_device(request)
    if not get_authentication_records(request, person):
        record_authentication(request, person, method.value.partition(" ")[0])
    operations.record_sign_in(recorder(request, person_id), person_id, method=method)
    if method is records.Method.LINK_AND_SECOND_FACTOR:
        pass_second_factor(request, person, kind=Authenticator.Type.TOTP)


def end_openid_session(request: HttpRequest) -> None:
    """Sign whoever is signed in out of the relying parties of this session too."""
    session = request.session.get(models.OPENID_SESSION)
    if session and isinstance(request.user, models.Person):
        person_id = request.user.pk
        operations.end_session(recorder(request, person_id), person_id, session=session)


def person_of(request: HttpRequest) -> models.Person:
    """Whoever is signed in, on a page that nobody else is shown."""
    return cast(models.Person, request.user)


def method_of(request: HttpRequest, person: models.Person) -> records.Method:
    """By what somebody has just shown who they are, besides any second factor."""
    passed = get_authentication_records(request, person)
    if any(each.get("passwordless") for each in passed):
        return records.Method.PASSKEY
    if any(each.get("method") == THROUGH_STAFF_SIGN_IN for each in passed):
        return records.Method.STAFF_SIGN_IN
    by_password = any(each.get("method") == "password" for each in passed)
    return records.Method.PASSWORD if by_password else records.Method.CODE


def pass_second_factor(request: HttpRequest, person: models.Person, *, kind: str) -> None:
    """Let this session act as staff; its key changes, so that one seen before is worth nothing."""
    record_authentication(request, person, SECOND_FACTOR, type=kind, reauthenticated=True)
    request.session.cycle_key()


def has_passed_second_factor(request: HttpRequest, *, passkey: bool = False) -> bool:
    """Whether this session has; with `passkey`, by nothing less than a passkey."""
    passed = get_authentication_records(request, request.user)
    factors = [each for each in passed if each.get("method") == SECOND_FACTOR]
    return any(not passkey or each.get("type") == Authenticator.Type.WEBAUTHN for each in factors)


def has_passed_staff_sign_in(request: HttpRequest, person: models.Person) -> bool:
    """Whether the own sign-in of this very organisation has asked them for two factors."""
    whose = str(organisation_of(request).id)
    passed = get_authentication_records(request, person)
    return any(each.get("two_factors_for") == whose for each in passed)


def second_factor_page(person: models.Person, *, passkey: bool = False) -> str:
    """The name of the page where someone passes a second factor now, or sets up their first.

    With `passkey`, their first passkey. Send them there with `?next=`. Needs a person of
    `Person.with_roles`, as `request.user` is.
    """
    has_one = person.has_passkey if passkey else person.has_second_factor
    return "mfa_reauthenticate" if has_one else "mfa_add_webauthn"


def page_to_prove_again(request: HttpRequest, person: models.Person) -> str:
    """The name of the page where someone proves who they are before they change how they sign in.

    "" if they have lately; what their organisation's own sign-in said is no proof of that: they
    may leave it. Needs a person of `Person.with_roles`.
    """
    since = time.time() - RECENT_SECONDS
    recent = [each for each in get_authentication_records(request, person) if each["at"] > since]
    if person.has_second_factor:
        passed = any(each.get("method") == SECOND_FACTOR for each in recent)
        return "" if passed else second_factor_page(person)
    own = [each for each in recent if each.get("method") != THROUGH_STAFF_SIGN_IN]
    return "" if own else "account_again"


def note_seen(request: HttpRequest) -> None:
    """Note, now and then, when and from where a session is used."""
    about = request.session.get(DEVICE)
    if about is None:
        return
    now = timezone.now()
    if now - datetime.fromisoformat(about["seen_at"]) > timedelta(seconds=SEEN_SECONDS):
        ip = get_adapter().get_client_ip(request)
        request.session[DEVICE] = {**about, "seen_at": now.isoformat(), "ip": ip}


def handle_of(request: HttpRequest) -> str:
    """What names this session in the list of somebody's sessions."""
    return models.Session(session_key=request.session.session_key or "").handle


def is_first_use(person_id: UUID, code: str) -> bool:
    """Whether a one-time code was not used before, in the time in which it may be valid."""
    digits = "".join(each for each in code if each.isdigit())
    return cache.add(f"identity.totp:{person_id}:{digits}", "used", timeout=120)


def recorder(request: HttpRequest, person_id: UUID | None) -> Actor:
    """The one who notes who signs in and out: the person, as far as they have shown it."""
    may = frozenset({permissions.SIGN_IN})
    return Actor("resident", may, organisation_of(request).id, person_id)


def _note_device(request: HttpRequest) -> None:
    """What the list of one's sessions says of this one, which ends in half a day, used or not."""
    now = timezone.now()
    request.session.set_expiry(now + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    request.session[DEVICE] = {
        "organisation_id": str(organisation_of(request).id),
        "browser": request.headers.get("User-Agent", "")[:300],
        "ip": get_adapter().get_client_ip(request),
        "signed_in_at": now.isoformat(),
        "seen_at": now.isoformat(),
    }
