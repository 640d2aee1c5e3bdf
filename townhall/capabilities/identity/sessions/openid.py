"""How far somebody whom a relying party has sent here has come, as their session remembers it."""

import time
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, cast
from uuid import UUID, uuid4

from allauth.account.authentication import get_authentication_records
from django.contrib.auth import logout
from django.http import HttpRequest

from townhall.capabilities.identity import models, operations, permissions, queries, records
from townhall.capabilities.identity.rules.steps import Standing
from townhall.capabilities.identity.sessions.organisations import organisation_of
from townhall.capabilities.identity.sessions.signing_in import (
    end_openid_session,
    has_passed_second_factor,
    recorder,
    second_factor_page,
)
from townhall.machinery.actors import Actor

VISITS = "identity.visits"  # by relying parties' requests, the latest last
SEEN_AT = "identity.seen_at"
MOST_VISITS = 5

Json = dict[str, Any]  # Any: as sessions are kept


class Visit:
    """One request of a relying party, for as long as the browser comes back to it."""

    def __init__(self, request: HttpRequest, address: str) -> None:
        """`address` is the request's own, on this site; it is where the browser goes back to."""
        self.request = request
        self.id = sha256(address.encode()).hexdigest()[:32]
        self.address = address

    def _all(self) -> dict[str, Json]:
        found = self.request.session.get(VISITS)
        return found if isinstance(found, dict) else {}

    @property
    def noted(self) -> Json:
        return self._all().get(self.id) or {"address": self.address}

    def note(self, **facts: object) -> None:
        noted = self.noted | facts
        others = {name: facts for name, facts in self._all().items() if name != self.id}
        latest = dict(list(others.items())[-MOST_VISITS + 1 :])
        self.request.session[VISITS] = latest | {self.id: noted}

    def forget(self) -> None:
        self.request.session[VISITS] = {
            name: facts for name, facts in self._all().items() if name != self.id
        }


def find_visit(request: HttpRequest, visit_id: str) -> Visit | None:
    """A visit that this session has begun."""
    noted = request.session.get(VISITS)
    facts = noted.get(visit_id) if isinstance(noted, dict) else None
    return Visit(request, facts["address"]) if facts else None


def standing_of(request: HttpRequest, visit: Visit, agreed: records.Agreed | None) -> Standing:
    """How far whoever is at the browser has come with a request that wants no identity yet."""
    if not request.user.is_authenticated:
        return Standing(is_signed_in=False)
    sent_at = visit.noted.get("sent_to_sign_in_at")
    return Standing(
        is_signed_in=True,
        authenticated_at=authenticated_at(request),
        has_second_factor=has_passed_second_factor(request),
        proven=_proven(request),
        sent_to_sign_in_at=datetime.fromtimestamp(sent_at, UTC) if sent_at else None,
        was_sent_to_prove=bool(visit.noted.get("was_sent_to_prove")),
        shares=agreed.shares if agreed else frozenset(),
        agreed_now=bool(visit.noted.get("agreed")),
        refused=bool(visit.noted.get("refused")),
    )


def authenticated_at(request: HttpRequest) -> datetime:
    """When they last showed who they are; for a session that cannot say, when it was first seen."""
    passed = get_authentication_records(request, request.user)
    moments = [each["at"] for each in passed if isinstance(each.get("at"), int | float)]
    moment = max(moments, default=None) or request.session.setdefault(SEEN_AT, time.time())
    return datetime.fromtimestamp(moment, UTC)


def openid_session(request: HttpRequest) -> str:
    """What relying parties know this session as."""
    found: str = request.session.setdefault(models.OPENID_SESSION, uuid4().hex)
    return found


def sign_in_again(request: HttpRequest, visit: Visit) -> None:
    """Sign them out, so that they sign in anew for a request that wants that."""
    sign_out_and_come_back(request)
    visit.note(sent_to_sign_in_at=time.time())


def sign_out_and_come_back(request: HttpRequest) -> None:
    """Sign out who is about to sign in again, or somebody else is: only the ways back are kept."""
    noted: dict[str, Json] = request.session.get(VISITS, {})
    kept = ("address", "sent_to_sign_in_at")
    visits = {
        visit_id: {name: facts[name] for name in kept if name in facts}
        for visit_id, facts in noted.items()
    }
    sign_out(request)
    request.session[VISITS] = visits


def _proven(request: HttpRequest) -> records.Level:
    may = frozenset({permissions.KNOW_PEOPLE})
    person_id = cast(UUID, request.user.pk)
    me = Actor("resident", may, organisation_of(request).id, person_id)
    proven = queries.find_proven_identity(me, person_id)
    return proven.level if proven else records.Level.P0


def is_openid_session(request: HttpRequest, session: str) -> bool:
    """Whether relying parties know this session by that name, and somebody is signed in."""
    return request.user.is_authenticated and request.session.get(models.OPENID_SESSION) == session


def sign_out(request: HttpRequest) -> None:
    """Of this session, and of the relying parties that it signed in to."""
    end_openid_session(request)
    person_id = cast(UUID, request.user.pk)
    operations.record_sign_out(recorder(request, person_id), person_id)
    logout(request)


def acting_as_party(request: HttpRequest, name: str) -> Actor:
    """A relying party's program, once its name is known."""
    may = frozenset({permissions.RELEASE, permissions.KNOW_PEOPLE})
    return Actor(f"program:{name}"[:80], may, organisation_of(request).id)


def page_for_second_factor(request: HttpRequest) -> str:
    """The name of the page where whoever is signed in passes a second factor."""
    person = request.user
    return second_factor_page(person) if isinstance(person, models.Person) else "account_login"
