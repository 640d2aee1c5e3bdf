"""People, the organisations that know them, and who works for which."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject, Lower, Now
from django.utils import timezone

from townhall.capabilities.identity import permissions, records
from townhall.machinery.actors import Actor, Permission
from townhall.machinery.database.prepared import from_json
from townhall.machinery.wording import LANGUAGES

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str | None = None, **given: str) -> Person:
        return self.create(email=email.strip().lower() if email else None, **given)


class Person(AbstractBaseUser):
    """Someone, the same for every organisation. What they may do is in their memberships.

    Few have a password: an email address is proved by a code sent to it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    password = models.CharField(max_length=128, default="!", db_default="!")  # "!": nobody has it
    email = models.EmailField(null=True, blank=True, unique=True)  # in lower case
    name = models.CharField(max_length=200)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=2, default="en", choices=[(e, e) for e in LANGUAGES])
    is_active = models.BooleanField(default=True)
    added_at = models.DateTimeField(default=timezone.now)
    signed_out_at = models.DateTimeField(
        null=True, blank=True
    )  # everywhere; no device is trusted from before

    objects = PersonManager()

    USERNAME_FIELD = "email"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(email=None) | Q(email=Lower("email")), name="person_email_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or ""

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Person]:
        """The people whom the actor's organisation has to do with."""
        return cls.objects.filter(acquaintance__organisation_id=actor.organisation_id)

    @classmethod
    def members_visible_to(cls, actor: Actor) -> QuerySet[Person]:
        """The people who work for the actor's organisation; see `member`."""
        mine = Membership.visible_to(actor).filter(Membership.CURRENT, person=OuterRef("pk"))
        return cls.with_roles().filter(Exists(mine))

    @classmethod
    def with_roles(cls) -> QuerySet[Person]:
        """Anyone, with every current membership and their kinds of second factor, in one
        statement."""
        current = Membership.objects.filter(Membership.CURRENT, person=OuterRef("pk"))
        memberships = current.order_by("role__title")
        held = memberships.values(
            json=JSONObject(
                organisation_id="organisation_id",
                role=JSONObject(
                    id="role__id",
                    slug="role__slug",
                    title="role__title",
                    permissions="role__permissions",
                ),
                team_id="team__id",
                team="team__name",
                called="called",
                within_team="within_team__services",
                within_service="within_service",
            )
        )
        factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
        return cls.objects.annotate(
            held=ArraySubquery(held), factors=ArraySubquery(factors.values("type"))
        )

    def held_in(self, organisation_id: UUID) -> list[dict[str, Any]]:
        """This person's memberships of one organisation. Needs `with_roles`."""
        held = from_json(getattr(self, "held"))  # noqa: B009  # annotated
        return [each for each in held if each["organisation_id"] == str(organisation_id)]

    @property
    def has_second_factor(self) -> bool:
        """A passkey or an app; recovery codes only stand in for one. Needs `with_roles`."""
        return bool(self._factors())

    @property
    def has_passkey(self) -> bool:
        """Needs `with_roles`."""
        return Authenticator.Type.WEBAUTHN in self._factors()

    def _factors(self) -> list[str]:
        return list(getattr(self, "factors"))  # noqa: B009  # annotated

    def record(self) -> records.Person:
        return records.Person(
            id=self.id,
            email=self.email,
            name=self.name,
            phone=self.phone,
            language=self.language,
        )

    def member(self, organisation_id: UUID) -> records.Member:
        """Needs `with_roles`."""
        held = self.held_in(organisation_id)
        teams = [
            records.Team(id=UUID(each["team_id"]), name=each["team"])
            for each in held
            if each["team_id"]
        ]
        return records.Member(
            id=self.id,
            email=self.email,
            name=next((each["called"] for each in held if each["called"]), self.name),
            roles=tuple(_role(**each["role"]) for each in held if _services(each) is None),
            narrow_roles=tuple(
                records.NarrowRole(role=_role(**each["role"]), services=services)
                for each in held
                if (services := _services(each)) is not None
            ),
            team=teams[0] if teams else None,
            has_second_factor=self.has_second_factor,
            has_passkey=self.has_passkey,
        )


def _services(held: dict[str, Any]) -> frozenset[str] | None:  # Any: as `with_roles` has it
    """The services in which a role is held; None for everywhere."""
    if held["within_service"]:
        return frozenset({held["within_service"]})
    return None if held["within_team"] is None else frozenset(held["within_team"])


def _role(*, id: str, slug: str, title: str, permissions: Iterable[str]) -> records.Role:  # noqa: A002
    allowed = frozenset(Permission(code) for code in permissions)
    return records.Role(id=UUID(id), slug=slug, title=title, permissions=allowed)


def proved_addresses(person_id: UUID) -> tuple[str, ...]:
    """What somebody has shown to be theirs, or they could see and erase what is another's."""
    proved = EmailAddress.objects.filter(user_id=person_id, verified=True)
    return tuple(sorted({each.lower() for each in proved.values_list("email", flat=True)}))


class Acquaintance(models.Model):
    """That an organisation has to do with a person; only then may it see who they are."""

    organisation_id = models.UUIDField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "person"], name="acquainted_once"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Acquaintance]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def make(cls, actor: Actor, person_id: UUID) -> None:
        """Let the actor's organisation see who someone is, in one statement."""
        made = Acquaintance(organisation_id=actor.organisation_id, person_id=person_id)
        Acquaintance.objects.bulk_create([made], ignore_conflicts=True)


class Team(models.Model):
    """People of one organisation who share work, and answer for some services."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    name = models.CharField(max_length=100)
    services = ArrayField(models.SlugField(), default=list, blank=True, db_default=[])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "name"], name="team_name_unique"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Team]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    def record(self) -> records.Team:
        return records.Team(id=self.id, name=self.name, services=frozenset(self.services))


class Role(models.Model):
    """What somebody does for an organisation, and the permissions that go with it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    slug = models.SlugField()  # never changes: it stands in the audit trail
    title = models.CharField(max_length=100)
    permissions = ArrayField(models.CharField(max_length=80), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "slug"], name="role_slug_unique"),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Role]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    def record(self) -> records.Role:
        return _role(
            id=str(self.id), slug=self.slug, title=self.title, permissions=self.permissions
        )


class Membership(models.Model):
    """That a person has a role: in the whole organisation, for a team's services, or for one."""

    CURRENT = Q(ends_at=None) | Q(ends_at__gt=Now())
    EVERYWHERE = Q(within_team=None, within_service="")

    organisation_id = models.UUIDField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    role = models.ForeignKey(Role, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True)
    called = models.CharField(max_length=200, blank=True)  # here, until they come themselves
    since = models.DateTimeField(default=timezone.now)
    within_team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, related_name="grants_within"
    )
    within_service = models.SlugField(blank=True, db_default="")
    ends_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True, db_default="")
    granted_by = models.UUIDField(null=True)
    by_claim = models.BooleanField(default=False)  # of the sign-in that they last came through

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "person", "role", "within_team", "within_service"],
                name="membership_once_a_reach",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(within_team=None) | Q(within_service=""),
                name="membership_reaches_one_way",
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Membership]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def without_second_factor(cls) -> QuerySet[Membership]:
        """Memberships of people who cannot act as staff yet."""
        factors = Authenticator.objects.filter(type__in=SECOND_FACTORS)
        return cls.objects.filter(cls.CURRENT).exclude(person_id__in=factors.values("user_id"))

    @classmethod
    def of_administrators(cls) -> QuerySet[Membership]:
        """Memberships of people who can sign in and manage people, and go on being so."""
        return cls.objects.filter(
            cls.EVERYWHERE,
            ends_at=None,
            role__permissions__contains=[permissions.MANAGE_PEOPLE],
            person__is_active=True,
            person__email__isnull=False,
        )

    def record(self) -> records.Grant:
        """Needs its person, role and team to be selected."""
        return records.Grant(
            id=self.pk,
            person_id=self.person_id,
            person=self.called or self.person.name,
            role=self.role.record(),
            team=self.within_team.record() if self.within_team else None,
            service=self.within_service,
            since=self.since,
            ends_at=self.ends_at,
            reason=self.reason,
            granted_by=self.granted_by,
        )
