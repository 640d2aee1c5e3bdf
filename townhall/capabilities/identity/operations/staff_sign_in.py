"""Staff who come in through their organisation's own sign-in, and the roles they get for it."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, providers, queries, records
from townhall.capabilities.identity.errors import (
    BadAnswer,
    NoSuchRole,
    NoSuchStaffSignIn,
    StaffSignInRefused,
)
from townhall.capabilities.identity.operations.granting import is_for_operators
from townhall.capabilities.identity.operations.people import find_or_add
from townhall.machinery.actors import Actor
from townhall.machinery.operations import errand, operation


@errand(permissions.SIGN_IN)
def find_staff_sign_in(actor: Actor, name: str, *, journey: records.StaffJourney, back: str) -> str:
    """The address where someone signs in who wants to come through it.

    Raises NoSuchStaffSignIn or StaffSignInAway.
    """
    return _chosen(actor, name).address(journey, back=back)


@errand(permissions.SIGN_IN)
def fetch_staff_claims(
    actor: Actor, name: str, *, code: str, journey: records.StaffJourney, back: str
) -> records.StaffClaims:
    """Ask who came back with this code.

    Raises NoSuchStaffSignIn, StaffSignInAway or StaffSignInRefused.
    """
    return _chosen(actor, name).claims(code, journey, back=back)


@operation(permissions.SIGN_IN, told=gettext_lazy("You came in through your organisation"))
def admit_staff(actor: Actor, claims: records.StaffClaims) -> records.Proof:
    """Find or add whom the claims are about, with the roles that come with what is said of them.

    Roles that came the same way before and no longer do are taken away, those that administrators
    gave are not. Raises StaffSignInRefused for someone with no work here.
    """
    account = _account(actor, claims)
    roles = _roles(actor, claims)
    person_id = account.person_id if account else _known_by_email(actor, claims, is_new=bool(roles))
    if person_id is None:
        raise _no_work()
    if account is None:
        models.StaffAccount.objects.bulk_create(
            [
                models.StaffAccount(
                    organisation_id=actor.organisation_id,
                    issuer=claims.issuer,
                    subject=claims.subject,
                    person_id=person_id,
                )
            ],
            ignore_conflicts=True,
        )
    models.Acquaintance.make(actor, person_id)
    _give(actor, person_id, roles)
    _by_claim(actor, person_id).exclude(role__in=roles).delete()
    if not _of(actor, person_id).filter(models.Membership.CURRENT).exists():
        raise _no_work()
    return records.Proof(person_id=person_id)


@operation(permissions.MANAGE_PEOPLE)
def give_by_claim(actor: Actor, *, value: str, role: str) -> records.ClaimRole:
    """Give a role (its slug) to everyone of whom the sign-in says `value`, when they next come.

    Twice is once. Raises BadAnswer, NoSuchRole, or NotAllowed for a role that runs the
    installation.
    """
    found = models.Role.visible_to(actor).filter(slug=role).first()
    if found is None:
        raise NoSuchRole(_("There is no such role."))
    if is_for_operators(found):
        actor.require(permissions.RUN_INSTALLATION)
    value = value.strip()
    if not 0 < len(value) <= 200 or "\0" in value:
        says = _("Enter what your sign-in says, like the name or the number of a group")
        raise BadAnswer(says, fields={"value": says})
    row, _is_new = models.ClaimRole.objects.get_or_create(
        organisation_id=actor.organisation_id, value=value, role=found
    )
    return row.record()


@operation(permissions.MANAGE_PEOPLE)
def stop_giving_by_claim(actor: Actor, claim_role_id: UUID) -> None:
    """Who has the role by it loses it when they next come in. Raises NoSuchRole."""
    deleted, _kinds = models.ClaimRole.visible_to(actor).filter(id=claim_role_id).delete()
    if not deleted:
        raise NoSuchRole(_("That role does not come with anything any more."))


def _chosen(actor: Actor, name: str) -> providers.StaffSignIn:
    """Raises NoSuchStaffSignIn."""
    issuers = {each.issuer for each in queries.list_staff_sign_ins(actor) if each.name == name}
    every = providers.staff_sign_ins()
    found = next((each for each in every if each.issuer in issuers and each.name == name), None)
    if found is None:
        raise NoSuchStaffSignIn(_("There is no such way for staff to sign in."))
    return found


def _account(actor: Actor, claims: records.StaffClaims) -> models.StaffAccount | None:
    mine = models.StaffAccount.visible_to(actor).select_related("person")
    found = mine.filter(issuer=claims.issuer, subject=claims.subject).first()
    if found is not None and not found.person.is_active:
        raise StaffSignInRefused(_("Your account is closed."))
    return found


def _known_by_email(actor: Actor, claims: records.StaffClaims, *, is_new: bool) -> UUID | None:
    """Who has this address; someone new only if a role waits for them. None for nobody."""
    if not claims.email:
        raise StaffSignInRefused(
            _("Your organisation's sign-in did not say a work email address that we accept.")
        )
    if is_new:
        name = claims.name or claims.email.partition("@")[0]
        person = find_or_add(email=claims.email, name=name, phone="", language="en")
    else:
        mine = models.Person.visible_to(actor).filter(email=claims.email)
        works_here = models.Membership.visible_to(actor).filter(models.Membership.CURRENT)
        found = mine.filter(id__in=works_here.values("person_id")).first()
        if found is None:
            return None
        person = found
    if not person.is_active:
        raise StaffSignInRefused(_("Your account is closed."))
    return person.id


def _roles(actor: Actor, claims: records.StaffClaims) -> list[models.Role]:
    by_claim = models.ClaimRole.visible_to(actor).filter(value__in=claims.values)
    return list(models.Role.visible_to(actor).filter(id__in=by_claim.values("role_id")))


def _give(actor: Actor, person_id: UUID, roles: list[models.Role]) -> None:
    """For as long as a session lasts: the sign-in has to say it again after that."""
    until = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    _by_claim(actor, person_id).filter(role__in=roles).update(ends_at=until)
    _of(actor, person_id).exclude(models.Membership.CURRENT).delete()  # or they stand in the way
    models.Membership.objects.bulk_create(
        [
            models.Membership(
                organisation_id=actor.organisation_id,
                person_id=person_id,
                role=role,
                ends_at=until,
                by_claim=True,
            )
            for role in roles
        ],
        ignore_conflicts=True,
    )


def _of(actor: Actor, person_id: UUID) -> QuerySet[models.Membership]:
    return models.Membership.visible_to(actor).filter(person_id=person_id)


def _by_claim(actor: Actor, person_id: UUID) -> QuerySet[models.Membership]:
    return _of(actor, person_id).filter(by_claim=True)


def _no_work() -> StaffSignInRefused:
    return StaffSignInRefused(
        _("You have no work here yet. Ask an administrator to give you a role.")
    )
