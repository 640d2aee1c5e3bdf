"""Telling relying parties that somebody has signed out, by OpenID Connect's back channel."""

from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, records
from townhall.capabilities.identity.records import KeyUse, Signing
from townhall.capabilities.identity.rules.claims import host_of
from townhall.machinery import outside
from townhall.machinery.actors import Actor
from townhall.machinery.operations import errand, operation
from townhall.machinery.tasks import task

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TOKEN_LIVES = timedelta(seconds=120)
TIMEOUT_SECONDS = 5
FORM = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "Townhall"}


@operation(permissions.SIGN_IN, told=gettext_lazy("Signed you out of other services"))
def end_session(actor: Actor, person_id: UUID, *, session: str) -> records.Proof:
    """Sign someone out of each relying party of one session here; a second time does nothing."""
    theirs = models.Release.visible_to(actor).filter(person_id=person_id)
    end_releases(theirs.filter(session=session))
    return records.Proof(person_id=person_id)


def end_releases(releases: QuerySet[models.Release]) -> None:
    """End these and say so, once for each session at each relying party that wants to know."""
    now = timezone.now()
    open_ones = list(
        releases.filter(ended_at=None)
        .select_related("relying_party")
        .select_for_update(of=("self",))
    )
    releases.filter(id__in=[each.id for each in open_ones]).update(ended_at=now, revoked_at=now)
    told = {
        (each.relying_party_id, each.session): each
        for each in open_ones
        if each.relying_party.back_channel_uri and each.issuer
    }
    for each in told.values():
        tell_signed_out.later(
            organisation_id=each.organisation_id,
            relying_party_id=each.relying_party_id,
            issuer=each.issuer,
            subject=_subject(each),
            session=each.session,
        )


@task
def tell_signed_out(
    organisation_id: UUID, relying_party_id: UUID, issuer: str, subject: str, session: str
) -> None:
    """Tell one relying party. May run twice: to it, signing out again is nothing new.

    It needs no row of the person's, who may have been erased.
    """
    actor = _system(organisation_id)
    post_logout_token(actor, relying_party_id, issuer=issuer, subject=subject, session=session)


@errand(permissions.RELEASE)
def post_logout_token(
    actor: Actor, relying_party_id: UUID, *, issuer: str, subject: str, session: str
) -> None:
    """Raises Unreached, so that the task is tried again, or UnfitAddress."""
    party = models.RelyingParty.visible_to(actor).filter(id=relying_party_id).first()
    if party is None or not party.back_channel_uri:
        return
    about = {"iss": issuer, "sub": subject, "aud": party.client_id, "sid": session}
    status = outside.post(
        party.back_channel_uri,
        content=urlencode({"logout_token": _logout_token(actor, party, about)}).encode(),
        headers=FORM,
        timeout=TIMEOUT_SECONDS,
    )
    if status >= HTTPStatus.MULTIPLE_CHOICES:
        raise outside.Unreached(str(status))


def _logout_token(actor: Actor, party: models.RelyingParty, about: dict[str, str]) -> str:
    """https://openid.net/specs/openid-connect-backchannel-1_0.html#LogoutToken"""
    now = int(timezone.now().timestamp())
    use = KeyUse.TOKENS_RSA if party.signing == Signing.RS256 else KeyUse.TOKENS
    return models.SigningKey.current(actor, use).sign(
        {
            **about,
            "iat": now,
            "exp": now + int(TOKEN_LIVES.total_seconds()),
            "jti": str(uuid4()),
            "events": {EVENT: {}},
        },
        typ="logout+jwt",
    )


def _subject(release: models.Release) -> str:
    return models.Subject.find_or_add(
        _system(release.organisation_id),
        release.person_id,
        sector=release.relying_party.sector,
        host=host_of(release.issuer),
    )


def _system(organisation_id: UUID) -> Actor:
    return Actor("capability:identity", frozenset({permissions.RELEASE}), organisation_id)
