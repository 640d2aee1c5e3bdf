"""Organisations, the people whom they know, and who works for them in which roles."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Model
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from townhall.capabilities.identity import dials, models, permissions, queries, records
from townhall.capabilities.identity.errors import (
    BadAnswer,
    NameTaken,
    NoSuchRole,
    NoSuchTeam,
)
from townhall.capabilities.identity.operations.granting import (
    EVERYWHERE,
    grant,
    join_team,
    keeping_an_administrator,
    require_may_touch,
)
from townhall.capabilities.identity.rules.defaults import defaults
from townhall.machinery.actors import Actor, Permission, permission_labels
from townhall.machinery.dial_values import set_dial
from townhall.machinery.dials import SET_DIALS
from townhall.machinery.operations import operation
from townhall.machinery.organisations import Organisation, prepares
from townhall.machinery.wording import Wording

# What the roles that every organisation begins with are called.
_TITLES = {
    "administrator": gettext_lazy("Administrator"),
    "caseworker": gettext_lazy("Caseworker"),
    "crew": gettext_lazy("Crew"),
    "operator": gettext_lazy("Installation operator"),
}


@operation(permissions.KNOW_PEOPLE, told=gettext_lazy("Noted who you are"))
def add_person(
    actor: Actor, *, email: str | None, name: str, phone: str = "", language: str = "en"
) -> records.Person:
    """Find the person with this email address, or add one; without an address, always add.

    What is known of someone who is found does not change, and is not for the eyes of whoever gave
    the address: they have not proved that it is theirs. Raises BadAnswer.
    """
    person = find_or_add(email=email, name=name, phone=phone, language=language)
    models.Acquaintance.make(actor, person.id)
    return person.record()


@operation(permissions.MANAGE_PEOPLE, told=gettext_lazy("Made you one of the staff"))
def add_member(
    actor: Actor,
    *,
    email: str,
    name: str,
    roles: Collection[str],
    team_id: UUID | None = None,
    where: records.Where = EVERYWHERE,
    last_day: date | None = None,
    reason: str = "",
) -> records.Member:
    """Have someone work for the organisation in these roles (slugs), besides any they have.

    Until they come themselves they are called `name` here, whatever other organisations know.
    `where` and `last_day` are for roles that reach less far, or end by themselves.
    Raises BadAnswer, NoSuchRole or NoSuchTeam, and NotAllowed for a role that runs the
    installation unless the actor may do that too.
    """
    if not email.strip():
        raise BadAnswer(_("Enter an email address."), fields={"email": _("Enter an email address")})
    person = find_or_add(email=email, name=name, phone="", language="en")
    is_new_here = not models.Acquaintance.visible_to(actor).filter(person=person).exists()
    models.Acquaintance.make(actor, person.id)
    called = name.strip() if is_new_here else ""
    grant(actor, person.id, roles, where=where, last_day=last_day, reason=reason, called=called)
    join_team(actor, person.id, team_id)
    return queries.get_member(actor, person.id)


@operation(permissions.MANAGE_PEOPLE, told=gettext_lazy("Changed your roles"))
def change_member(
    actor: Actor, person_id: UUID, *, roles: Collection[str], team_id: UUID | None
) -> records.Member:
    """Let someone who works here have these roles (slugs) everywhere, and no others.

    What they have for some services stays, and so do those of these roles that they have: their
    last days, and that they came by a claim. Raises what `add_member` does, NoSuchPerson and
    LastAdministrator.
    """
    before = queries.get_member(actor, person_id)
    require_may_touch(actor, person_id)
    new = set(roles) - {role.slug for role in before.roles}
    with keeping_an_administrator(actor):
        if new or not (roles or before.narrow_roles):
            grant(actor, person_id, new)
        theirs = models.Membership.visible_to(actor).filter(person_id=person_id)
        everywhere = theirs.filter(models.Membership.EVERYWHERE)
        everywhere.exclude(role__slug__in=list(roles)).delete()
        join_team(actor, person_id, team_id)
    return queries.get_member(actor, person_id)


@operation(permissions.MANAGE_PEOPLE, told=gettext_lazy("Ended your work here"))
def remove_member(actor: Actor, person_id: UUID) -> records.Member:
    """Take all roles from someone, at once and wherever they are signed in.

    Raises NoSuchPerson or LastAdministrator.
    """
    with keeping_an_administrator(actor):
        member = queries.get_member(actor, person_id)
        require_may_touch(actor, person_id)
        models.Membership.visible_to(actor).filter(person_id=person_id).delete()
        models.StaffAccount.visible_to(actor).filter(person_id=person_id).delete()
    return member


@operation(permissions.MANAGE_PEOPLE)
def add_role(actor: Actor, *, title: str, permissions: Collection[Permission]) -> records.Role:
    """Raises BadAnswer or NameTaken."""
    role = models.Role(
        organisation_id=actor.organisation_id,
        slug=slugify(title)[:50],
        title=title.strip(),
        permissions=_grantable(actor, permissions, had=()),
    )
    _check(role)
    if models.Role.objects.bulk_create([role], ignore_conflicts=True) and _is_stored(role):
        return role.record()
    raise NameTaken(_("There is a role of that name already."))


@operation(permissions.MANAGE_PEOPLE)
def change_role(
    actor: Actor, role_id: UUID, *, title: str, permissions: Collection[Permission]
) -> records.Role:
    """Raises NoSuchRole, BadAnswer or LastAdministrator."""
    with keeping_an_administrator(actor):
        role = models.Role.visible_to(actor).filter(id=role_id).first()
        if role is None:
            raise NoSuchRole(_("There is no such role."))
        role.permissions = _grantable(actor, permissions, had=role.permissions)
        role.title = title.strip()
        _check(role)
        role.save()
    return role.record()


@operation(permissions.MANAGE_PEOPLE)
def add_team(actor: Actor, *, name: str) -> records.Team:
    """Raises BadAnswer or NameTaken."""
    team = models.Team(organisation_id=actor.organisation_id, name=name.strip())
    _check(team)
    if models.Team.objects.bulk_create([team], ignore_conflicts=True) and _is_stored(team):
        return team.record()
    raise NameTaken(_("There is a team of that name already."))


@operation(permissions.MANAGE_PEOPLE)
def rename_team(actor: Actor, team_id: UUID, *, name: str) -> records.Team:
    """Raises NoSuchTeam, BadAnswer or NameTaken."""
    team = models.Team.visible_to(actor).select_for_update().filter(id=team_id).first()
    if team is None:
        raise NoSuchTeam(_("There is no such team."))
    team.name = name.strip()
    _check(team)
    _lock(models.Team)
    if models.Team.visible_to(actor).filter(name=team.name).exclude(id=team_id).exists():
        raise NameTaken(_("There is a team of that name already."))
    team.save()
    return team.record()


@operation(permissions.MANAGE_PEOPLE)
def add_default_roles(actor: Actor) -> list[records.Role]:
    """Add the roles that services expect, and identity's own; those that are there stay as is."""
    wanted = defaults()
    with override("en"):
        models.Role.objects.bulk_create(
            [
                models.Role(
                    organisation_id=actor.organisation_id,
                    slug=slug,
                    title=str(_TITLES.get(slug) or slug.replace("-", " ").capitalize()),
                    permissions=sorted(may),
                )
                for slug, may in sorted(wanted.items())
            ],
            ignore_conflicts=True,
        )
    return queries.list_roles(actor)


@operation(permissions.RUN_INSTALLATION)
def add_organisation(
    actor: Actor, *, slug: str, name: Wording, hosts: Collection[str]
) -> Organisation:
    """Open an organisation at these host names; `organisations.prepare` it after that.

    Without a host it answers to every name, as long as it is the only one. Raises BadAnswer or
    NameTaken.
    """
    opened = models.Organisation(slug=slug, hosts=sorted({host.strip().lower() for host in hosts}))
    _check(opened)
    _lock(models.Organisation)
    if models.Organisation.objects.filter(slug=slug).exists():
        raise NameTaken(_("There is an organisation of that short name already."))
    if models.Organisation.objects.filter(hosts__overlap=opened.hosts).exists():
        raise NameTaken(_("Another organisation has its pages at one of those addresses."))
    opened.save()
    set_dial(_system(opened.id), dials.OWNER, "name", value=name)
    return models.Organisation.with_dials().get(id=opened.id).record()


@prepares
def _prepare_roles(organisation: Organisation) -> None:
    """Give an organisation the roles it begins with."""
    add_default_roles(_system(organisation.id))


def _system(organisation_id: UUID) -> Actor:
    may = frozenset({permissions.MANAGE_PEOPLE, SET_DIALS})
    return Actor("capability:identity", may, organisation_id)


def find_or_add(*, email: str | None, name: str, phone: str, language: str) -> models.Person:
    """Looks beyond what is visible: a person is the same one for every organisation."""
    address = email.strip().lower() if email else None
    found = models.Person.objects.filter(email=address).first() if address else None
    if found is not None:
        return found
    person = models.Person(email=address, name=name.strip(), phone=phone.strip(), language=language)
    _check(person)
    models.Person.objects.bulk_create([person], ignore_conflicts=True)
    if address and not _is_stored(person):  # someone was quicker
        return models.Person.objects.get(email=address)
    return person


def _check(row: Model) -> None:
    """Raise BadAnswer for values that the table could not hold."""
    try:
        row.clean_fields()
    except ValidationError as error:
        fields = {name: messages[0] for name, messages in error.message_dict.items()}
        raise BadAnswer(" ".join(fields.values()), fields=fields) from error


def _is_stored(row: Model) -> bool:
    """Whether an insert that ignores conflicts has put the row there."""
    return type(row)._default_manager.filter(pk=row.pk).exists()


def _grantable(actor: Actor, wanted: Collection[Permission], *, had: Collection[str]) -> list[str]:
    """What a role may have; what is not for people to hand out it keeps as it had it."""
    if not set(wanted) <= set(permission_labels()) | set(had):
        says = _("Choose from the permissions given")
        raise BadAnswer(says, fields={"permissions": says})
    if (permissions.RUN_INSTALLATION in wanted) != (permissions.RUN_INSTALLATION in had):
        actor.require(permissions.RUN_INSTALLATION)
    return sorted({*wanted, *(each for each in had if each not in permission_labels())})


def _lock(table: type[Model]) -> None:
    """Let nobody else write to a small table until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(f'LOCK TABLE "{table._meta.db_table}" IN SHARE ROW EXCLUSIVE MODE')
