"""Relying parties, and who agreed to share what with which."""

from __future__ import annotations

import hmac
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from townhall.capabilities.identity import records
from townhall.capabilities.identity.models.people import Person
from townhall.machinery.actors import Actor

LONGEST_URL = 2_000


def own_id(actor: Actor) -> UUID | None:
    """Who acts, if it is for themselves: nobody uses another's identity, whoever lets them act."""
    return actor.person_id if actor.delegate_id is None else None


def new_client_id() -> str:
    return token_urlsafe(20)


class RelyingParty(models.Model):
    """A program of others that people sign in to with who they are here."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    client_id = models.CharField(max_length=60, unique=True, default=new_client_id)
    name = models.CharField(max_length=100)
    logo_id = models.CharField(max_length=40, blank=True)  # of a stored file
    redirect_uris = ArrayField(models.CharField(max_length=LONGEST_URL))
    post_logout_uris = ArrayField(models.CharField(max_length=LONGEST_URL), default=list)
    back_channel_uri = models.CharField(max_length=LONGEST_URL, blank=True)
    sector = models.CharField(max_length=253)
    authentication = models.CharField(max_length=30)
    public_key = models.TextField(blank=True)
    jwks_url = models.CharField(max_length=LONGEST_URL, blank=True)
    keys = models.TextField(blank=True)  # as fetched, or what the public key is as a JWK
    keys_fetched_at = models.DateTimeField(null=True)
    secret_hash = models.CharField(max_length=64, blank=True)
    signing = models.CharField(max_length=10)
    levels = ArrayField(models.CharField(max_length=2), default=list)
    scopes = ArrayField(models.CharField(max_length=20), default=list)
    claims = ArrayField(models.CharField(max_length=80), default=list)
    is_open = models.BooleanField(default=True)
    registered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "name", "id"], name="relying_party_by_name"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[RelyingParty]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    def fill(self, told: records.Registration) -> None:
        self.name, self.sector = told.name, told.sector
        self.redirect_uris = list(told.redirect_uris)
        self.post_logout_uris = list(told.post_logout_uris)
        self.back_channel_uri = told.back_channel_uri
        self.authentication, self.signing = told.authentication, told.signing
        self.public_key, self.jwks_url = told.public_key, told.jwks_url
        self.levels = [str(each) for each in told.levels]
        self.scopes = [str(each) for each in told.scopes]
        self.claims = [str(each) for each in told.claims]

    def renew_secret(self) -> str:
        """Let it come in with a new secret, which is shown once, and with none before."""
        secret = token_urlsafe(32)
        self.secret_hash = sha256(secret.encode()).hexdigest()
        return secret

    def knows(self, secret: str) -> bool:
        given = sha256(secret.encode(errors="replace")).hexdigest()
        return bool(self.secret_hash) and hmac.compare_digest(given, self.secret_hash)

    def record(self) -> records.RelyingParty:
        return records.RelyingParty(
            id=self.id,
            client_id=self.client_id,
            registration=records.Registration(
                name=self.name,
                redirect_uris=tuple(self.redirect_uris),
                post_logout_uris=tuple(self.post_logout_uris),
                back_channel_uri=self.back_channel_uri,
                sector=self.sector,
                authentication=records.Authentication(self.authentication),
                public_key=self.public_key,
                jwks_url=self.jwks_url,
                signing=records.Signing(self.signing),
                levels=tuple(records.Level(each) for each in self.levels),
                scopes=tuple(records.Scope(each) for each in self.scopes),
                claims=tuple(records.IdentityClaim(each) for each in self.claims),
            ),
            keys=self.keys,
            keys_fetched_at=self.keys_fetched_at,
            has_secret=bool(self.secret_hash),
            logo_id=self.logo_id,
            is_open=self.is_open,
            registered_at=self.registered_at,
        )


class Sharing(models.Model):
    """That someone agreed to share something of theirs with a relying party."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    relying_party = models.ForeignKey(RelyingParty, on_delete=models.CASCADE)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    shares = ArrayField(models.CharField(max_length=80))
    agreed_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "relying_party"], name="shared_once_with_each"
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Sharing]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def of(cls, actor: Actor) -> QuerySet[Sharing]:
        """The acting person's own."""
        return cls.visible_to(actor).filter(person=own_id(actor))

    def record(self) -> records.Agreed:
        return records.Agreed(
            id=self.id,
            person_id=self.person_id,
            relying_party_id=self.relying_party_id,
            shares=frozenset() if self.withdrawn_at else frozenset(self.shares),
        )

    def used(self) -> records.Used:
        """Needs its relying party."""
        return records.Used(
            relying_party_id=self.relying_party_id,
            person_id=self.person_id,
            name=self.relying_party.name,
            logo_id=self.relying_party.logo_id,
            shares=tuple(sorted(self.shares)),
            agreed_at=self.agreed_at,
            withdrawn_at=self.withdrawn_at,
        )


class Subject(models.Model):
    """The name under which the relying parties of one sector, and no others, know someone.

    It is chance, and never changes: not with the address of the organisation, nor with its keys.
    """

    organisation_id = models.UUIDField()
    sector = models.CharField(max_length=253)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    name = models.CharField(max_length=100, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "sector", "person"], name="subject_once_a_sector"
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Subject]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def find_or_add(cls, actor: Actor, person_id: UUID, *, sector: str, host: str) -> str:
        mine = cls.visible_to(actor).filter(person_id=person_id, sector=sector)
        found = mine.values_list("name", flat=True)
        if name := found.first():
            return name
        made = Subject(
            organisation_id=actor.organisation_id,
            sector=sector,
            person_id=person_id,
            name=f"urn:fdc:{host[:40]}:{timezone.now().year}:{token_urlsafe(32)}",
        )
        Subject.objects.bulk_create([made], ignore_conflicts=True)
        return found.get()
