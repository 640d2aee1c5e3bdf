"""Sign-ins to relying parties, and the keys that what they are given is signed with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from joserfc import jwt
from joserfc.jwk import ECKey, KeyParameters, RSAKey

from townhall.capabilities.identity import records
from townhall.capabilities.identity.errors import KeysUnreadable
from townhall.capabilities.identity.models.people import Person
from townhall.capabilities.identity.models.relying_parties import RelyingParty, own_id
from townhall.capabilities.identity.records import KeyState, KeyUse
from townhall.machinery.actors import Actor
from townhall.machinery.secrets import hide, reveal

PURPOSE = "identity.signing_keys"  # what they are hidden for; another word, and none is read again
RSA_BITS = 2048
OPENID_SESSION = "identity.openid"  # where a session keeps what relying parties know it as


def digest(secret: str) -> str:
    """What is kept of a code, a token or the name of an assertion."""
    return sha256(secret.encode(errors="replace")).hexdigest()


class SigningKey(models.Model):
    """A key pair of an organisation. Its id is the `kid` in what it signs."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    use = models.CharField(max_length=20)
    state = models.CharField(max_length=10)
    private = models.BinaryField()
    public = models.JSONField()  # a JSON Web Key
    made_at = models.DateTimeField(default=timezone.now)
    current_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "use", "state"],
                condition=~Q(state="retired"),
                name="signing_key_one_current_one_next",
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[SigningKey]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def generated(cls, actor: Actor, use: KeyUse, state: KeyState) -> SigningKey:
        rsa = use is KeyUse.TOKENS_RSA
        made = cls(organisation_id=actor.organisation_id, use=use, state=state)
        about: KeyParameters = {
            "kid": str(made.id),
            "use": "sig",
            "alg": "RS256" if rsa else "ES256",
        }
        pair: ECKey | RSAKey
        if rsa:
            pair = RSAKey.generate_key(RSA_BITS, parameters=about)
        else:
            pair = ECKey.generate_key("P-256", parameters=about)
        made.public = pair.as_dict(private=False)
        made.private = hide(pair.as_pem(private=True).decode(), purpose=PURPOSE)
        made.current_at = timezone.now() if state is KeyState.CURRENT else None
        return made

    @classmethod
    def make_missing(cls, actor: Actor, uses: Iterable[KeyUse]) -> None:
        """Have a current and a next key for each of these uses."""
        there = set(cls.visible_to(actor).values_list("use", "state"))
        made = [
            cls.generated(actor, use, state)
            for use in uses
            for state in (KeyState.CURRENT, KeyState.NEXT)
            if (use, state) not in there
        ]
        SigningKey.objects.bulk_create(made, ignore_conflicts=True)

    @classmethod
    def current(cls, actor: Actor, use: KeyUse) -> SigningKey:
        """Raises KeysUnreadable if there is none."""
        mine = cls.visible_to(actor).filter(use=use, state=KeyState.CURRENT)
        found = mine.first()
        if found is None:
            raise KeysUnreadable(_("There are no signing keys. Run `townhall migrate`."))
        return found

    def sign(self, claims: dict[str, Any], *, typ: str = "JWT", kid: str = "") -> str:
        """A JSON Web Token. Raises KeysUnreadable."""
        algorithm = str(self.public["alg"])
        header = {"alg": algorithm, "typ": typ, "kid": kid or str(self.id)}
        return jwt.encode(header, claims, _pair(bytes(self.private), algorithm), [algorithm])

    @property
    def is_readable(self) -> bool:
        return bool(reveal(self.private, purpose=PURPOSE))

    def record(self) -> records.SigningKey:
        return records.SigningKey(
            id=self.id,
            use=KeyUse(self.use),
            state=KeyState(self.state),
            public=self.public,
            made_at=self.made_at,
            current_at=self.current_at,
        )


@lru_cache(64)
def _pair(hidden: bytes, algorithm: str) -> ECKey | RSAKey:
    """Reading one takes longer than signing with it."""
    pem = reveal(hidden, purpose=PURPOSE)
    if not pem:
        raise KeysUnreadable(_("Our signing keys cannot be read. Try again later."))
    return RSAKey.import_key(pem) if algorithm == "RS256" else ECKey.import_key(pem)


class Release(models.Model):
    """One sign-in of a person to a relying party: its code, its token, and what was told."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    relying_party = models.ForeignKey(RelyingParty, on_delete=models.CASCADE)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    made_at = models.DateTimeField(default=timezone.now)
    session = models.CharField(max_length=40)  # `sid` in id tokens
    redirect_uri = models.CharField(max_length=2_000)
    nonce = models.CharField(max_length=4_000)
    code_challenge = models.CharField(max_length=128, blank=True)
    scopes = ArrayField(models.CharField(max_length=20))
    claims = ArrayField(models.CharField(max_length=80))
    level_asked = models.CharField(max_length=2)  # the least that would have done
    level = models.CharField(max_length=2)  # reached
    credential = models.CharField(max_length=10)
    authenticated_at = models.DateTimeField()
    issuer = models.CharField(max_length=300, blank=True)  # under which name we signed
    code_hash = models.CharField(max_length=64, unique=True)
    code_expires_at = models.DateTimeField()
    code_used_at = models.DateTimeField(null=True)
    token_hash = models.CharField(max_length=64, blank=True)
    token_expires_at = models.DateTimeField(null=True)
    released = ArrayField(models.CharField(max_length=80), default=list)
    released_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # the session, as far as the relying party knows

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["token_hash"], condition=~Q(token_hash=""), name="release_by_token"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation_id", "person", "-made_at", "-id"], name="release_of_person"
            ),
            models.Index(
                fields=["organisation_id", "session"],
                name="release_of_session",
                condition=Q(ended_at=None),
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Release]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def of(cls, actor: Actor) -> QuerySet[Release]:
        """The acting person's own."""
        return cls.visible_to(actor).filter(person=own_id(actor))

    def record(self) -> records.Release:
        return records.Release(
            id=self.id,
            person_id=self.person_id,
            relying_party_id=self.relying_party_id,
            redirect_uri=self.redirect_uri,
            code_challenge=self.code_challenge,
            made_at=self.made_at,
            released=tuple(self.released),
            released_at=self.released_at,
            revoked_at=self.revoked_at,
        )


class UsedAssertion(models.Model):
    """The name (`jti`) of something that a relying party has signed, which is good only once."""

    relying_party = models.ForeignKey(RelyingParty, on_delete=models.CASCADE)
    jti_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["relying_party", "jti_hash"], name="assertion_once"),
        ]

    @classmethod
    def claim(cls, relying_party_id: UUID, jti: str, *, expires_at: datetime) -> bool:
        """Whether it was not used before; from now on it was."""
        made = cls(relying_party_id=relying_party_id, jti_hash=digest(jti), expires_at=expires_at)
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError:
            return False
        return True
