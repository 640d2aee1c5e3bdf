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
        tell_signed_out.later(release_id=each.id, organisation_id=each.organisation_id)


@task
def tell_signed_out(release_id: UUID, organisation_id: UUID) -> None:
    """Tell one relying party. May run twice: to it, signing out again is nothing new."""
    may = frozenset({permissions.RELEASE})
    post_logout_token(Actor("capability:identity", may, organisation_id), release_id)


@errand(permissions.RELEASE)
def post_logout_token(actor: Actor, release_id: UUID) -> None:
    """Raises Unreached, so that the task is tried again, or UnfitAddress."""
    found = models.Release.visible_to(actor).select_related("relying_party")
    release = found.filter(id=release_id).first()
    if release is None or not release.relying_party.back_channel_uri:
        return
    status = outside.post(
        release.relying_party.back_channel_uri,
        content=urlencode({"logout_token": _logout_token(actor, release)}).encode(),
        headers=FORM,
        timeout=TIMEOUT_SECONDS,
    )
    if status >= HTTPStatus.MULTIPLE_CHOICES:
        raise outside.Unreached(str(status))


def _logout_token(actor: Actor, release: models.Release) -> str:
    """https://openid.net/specs/openid-connect-backchannel-1_0.html#LogoutToken"""
    party, now = release.relying_party, int(timezone.now().timestamp())
    use = KeyUse.TOKENS_RSA if party.signing == Signing.RS256 else KeyUse.TOKENS
    subject = models.Subject.find_or_add(
        actor, release.person_id, sector=party.sector, host=host_of(release.issuer)
    )
    return models.SigningKey.current(actor, use).sign(
        {
            "iss": release.issuer,
            "sub": subject,
            "aud": party.client_id,
            "iat": now,
            "exp": now + int(TOKEN_LIVES.total_seconds()),
            "jti": str(uuid4()),
            "sid": release.session,
            "events": {EVENT: {}},
        },
        typ="logout+jwt",
    )
