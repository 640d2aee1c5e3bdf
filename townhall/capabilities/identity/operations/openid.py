"""Signing someone in to a relying party: the code, the tokens, and what it is told of them."""

from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

import phonenumbers
from allauth.account.models import EmailAddress
from authlib.oidc.core.util import create_half_hash
from django.utils import timezone
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, queries, records
from townhall.capabilities.identity.errors import NoSuchCode
from townhall.capabilities.identity.records import IdentityClaim, KeyUse, Level, Scope, Signing
from townhall.capabilities.identity.rules.claims import (
    NOT_PROVEN,
    claim_of,
    credential_of,
    did_of,
    host_of,
)
from townhall.capabilities.identity.rules.vectors import level_to_prove
from townhall.machinery.actors import Actor
from townhall.machinery.errors import NotAllowed
from townhall.machinery.operations import operation
from townhall.machinery.tasks import every

CODE_LIVES = timedelta(minutes=5)
ACCESS_TOKEN_SECONDS = 180
ID_TOKEN_SECONDS = 120
CORE_IDENTITY_SECONDS = 30 * 60
# Scopes whose claim has another name.
_SAID_BY = {str(Scope.OPENID): "sub", str(Scope.PHONE): "phone_number"}
RELEASES_KEPT = timedelta(days=2 * 365)  # for the person to see


@operation(permissions.SHARE_IDENTITY, told=gettext_lazy("You signed in to another service"))
def start_release(
    actor: Actor, relying_party_id: UUID, *, asked: records.Wanted, outcome: records.Outcome
) -> tuple[records.Release, str]:
    """Let a relying party have what the acting person agreed to share; it gets the code for it.

    Raises NotAllowed if they did not agree to all of it.
    """
    agreed = queries.find_agreed(actor, relying_party_id)
    person_id = models.own_id(actor)
    if person_id is None or agreed is None or not asked.shares <= agreed.shares:
        raise NotAllowed(f"{relying_party_id} may not have what it asks for")
    code, now = token_urlsafe(32), timezone.now()
    release = models.Release.objects.create(
        organisation_id=actor.organisation_id,
        relying_party_id=relying_party_id,
        person_id=person_id,
        made_at=now,
        session=outcome.session,
        redirect_uri=asked.redirect_uri,
        nonce=asked.nonce,
        code_challenge=asked.code_challenge,
        scopes=sorted(asked.scopes),
        claims=sorted(asked.claims),
        level_asked=level_to_prove(asked.vectors),
        level=outcome.level,
        credential=outcome.credential,
        authenticated_at=outcome.authenticated_at,
        code_hash=models.digest(code),
        code_expires_at=now + CODE_LIVES,
    )
    return release.record(), code


@operation(permissions.RELEASE)
def note_assertion(
    actor: Actor, relying_party_id: UUID, *, jti: str, expires_at: datetime
) -> records.RelyingParty:
    """Let what a relying party has signed be good this once. Raises NoSuchCode the second time."""
    party = queries.get_relying_party_of_program(actor, relying_party_id)
    if not models.UsedAssertion.claim(party.id, jti, expires_at=expires_at):
        raise NoSuchCode("invalid_client", "The jti was used before")
    return party


@operation(permissions.RELEASE, told=gettext_lazy("Learned that you signed in to it"))
def redeem_code(actor: Actor, release_id: UUID, *, issuer: str) -> records.Tokens:
    """Exchange a code for tokens, once. Raises NoSuchCode or KeysUnreadable."""
    token, now = token_urlsafe(32), timezone.now()
    unused = models.Release.visible_to(actor).filter(
        id=release_id, code_used_at=None, revoked_at=None, code_expires_at__gt=now
    )
    is_first = unused.update(
        code_used_at=now,
        issuer=issuer,
        token_hash=models.digest(token),
        token_expires_at=now + timedelta(seconds=ACCESS_TOKEN_SECONDS),
    )
    if not is_first:
        raise NoSuchCode("invalid_grant", "The code was used before, or too late")
    release = models.Release.visible_to(actor).select_related("relying_party").get(id=release_id)
    return records.Tokens(
        id=release.id,
        person_id=release.person_id,
        access_token=token,
        id_token=_id_token(actor, release, token, now),
        expires_in_seconds=ACCESS_TOKEN_SECONDS,
    )


@operation(permissions.RELEASE, told=gettext_lazy("Ended what a service knew of your sign-in"))
def revoke_release(actor: Actor, release_id: UUID) -> records.Release:
    """Let its token be worth nothing: somebody has come with its code a second time."""
    release = models.Release.visible_to(actor).select_for_update().get(id=release_id)
    release.revoked_at = release.revoked_at or timezone.now()
    release.save(update_fields=["revoked_at"])
    return release.record()


@operation(permissions.RELEASE, told=gettext_lazy("Was told who you are, as you had agreed"))
def release_userinfo(actor: Actor, *, token: str) -> records.UserInfo:
    """What was agreed to, for whoever holds the access token. Raises NoSuchCode."""
    now = timezone.now()
    release = (
        models.Release.visible_to(actor)
        .select_related("relying_party", "person")
        .filter(token_hash=models.digest(token), token_expires_at__gt=now, revoked_at=None)
        .filter(relying_party__is_open=True, person__is_active=True)
        .first()
    )
    if release is None:
        raise NoSuchCode("invalid_token", "The access token is not valid any more")
    subject = _subject(actor, release)
    claims = {"sub": subject, **_contact(release), **_identity(actor, release, subject, now)}
    if release.released_at is None:
        release.released_at = now
        asked = (*release.scopes, *release.claims)
        release.released = [each for each in asked if _SAID_BY.get(each, each) in claims]
        release.save(update_fields=["released_at", "released"])
    return records.UserInfo(id=release.id, person_id=release.person_id, claims=claims)


@every("27 4 * * *")
def forget_releases() -> None:
    """Of assertions that are no good any more, and of sign-ins longer ago than anyone asks."""
    now = timezone.now()
    models.UsedAssertion.objects.filter(expires_at__lt=now).delete()
    models.Release.objects.filter(made_at__lt=now - RELEASES_KEPT).delete()


def _id_token(actor: Actor, release: models.Release, access_token: str, now: datetime) -> str:
    party = release.relying_party
    use = KeyUse.TOKENS_RSA if party.signing == Signing.RS256 else KeyUse.TOKENS
    key = models.SigningKey.current(actor, use)
    at_hash = create_half_hash(access_token, key.public["alg"])
    issued = int(now.timestamp())
    return key.sign(
        {
            "iss": release.issuer,
            "sub": _subject(actor, release),
            "aud": party.client_id,
            "iat": issued,
            "exp": issued + ID_TOKEN_SECONDS,
            "auth_time": int(release.authenticated_at.timestamp()),
            "at_hash": at_hash.decode() if at_hash else "",
            "nonce": release.nonce,
            "sid": release.session,
            "vot": release.credential,
            "vtm": f"{release.issuer}trustmark",
        }
    )


def _subject(actor: Actor, release: models.Release) -> str:
    return models.Subject.find_or_add(
        actor,
        release.person_id,
        sector=release.relying_party.sector,
        host=host_of(release.issuer),
    )


def _contact(release: models.Release) -> dict[str, Any]:  # Any: JSON
    person, told = release.person, dict[str, Any]()
    if Scope.EMAIL in release.scopes and person.email:
        mine = EmailAddress.objects.filter(user=person, email=person.email, verified=True)
        told |= {"email": person.email, "email_verified": mine.exists()}
    if Scope.PHONE in release.scopes and person.phone:
        told |= {"phone_number": _as_e164(person.phone), "phone_number_verified": False}
    return told


def _as_e164(phone: str) -> str:
    try:
        number = phonenumbers.parse(phone, "GB")
    except phonenumbers.NumberParseException:
        return phone
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _identity(
    actor: Actor, release: models.Release, subject: str, now: datetime
) -> dict[str, Any]:  # Any: JSON
    """The claims of identity, if it was asked for; a return code if it was not proven."""
    asked = [IdentityClaim(each) for each in release.claims]
    if release.level == Level.P0:
        told = IdentityClaim.RETURN_CODE in asked and release.level_asked != Level.P0
        return {IdentityClaim.RETURN_CODE: [{"code": NOT_PROVEN}]} if told else {}
    proven = queries.find_proven_identity(actor, release.person_id)
    if proven is None or proven.level < Level(release.level):
        return {}
    told_of: dict[IdentityClaim, object] = {claim: claim_of(claim, proven) for claim in asked}
    if IdentityClaim.CORE_IDENTITY in asked:
        told_of[IdentityClaim.CORE_IDENTITY] = _core_identity(actor, release, proven, subject, now)
    return {str(claim): said for claim, said in told_of.items() if said}


def _core_identity(
    actor: Actor,
    release: models.Release,
    proven: records.ProvenIdentity,
    subject: str,
    now: datetime,
) -> str:
    key, issued = models.SigningKey.current(actor, KeyUse.IDENTITY), int(now.timestamp())
    return key.sign(
        {
            "iss": release.issuer,
            "sub": subject,
            "aud": release.relying_party.client_id,
            "iat": issued,
            "nbf": issued,
            "exp": issued + CORE_IDENTITY_SECONDS,
            "vot": release.level,
            "vtm": f"{release.issuer}trustmark",
            "vc": credential_of(proven),
        },
        kid=f"{did_of(release.issuer)}#{key.id}",
    )
