"""Reading people, roles and teams."""

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.identity import models, permissions, records
from townhall.capabilities.identity.errors import NoSuchPerson, NoSuchRole, NoSuchTeam
from townhall.machinery.actors import Actor
from townhall.machinery.inspection import Finding, inspects
from townhall.machinery.operations import query
from townhall.machinery.paging import Page, page_of


@query(permissions.KNOW_PEOPLE, told=gettext_lazy("Saw your name and how to reach you"))
def get_person(actor: Actor, person_id: UUID) -> records.Person:
    """Someone the actor's organisation has to do with. Raises NoSuchPerson."""
    found = models.Person.visible_to(actor).filter(id=person_id).first()
    if found is None:
        raise NoSuchPerson(_("We know of nobody with that number."))
    return found.record()


@query(permissions.KNOW_PEOPLE, told=gettext_lazy("Saw your name"))
def names_of(actor: Actor, ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of those of these people whom the actor's organisation has to do with."""
    if not ids:
        return {}
    found = models.Person.visible_to(actor).filter(id__in=set(ids))
    return records.Names(found.values_list("id", "name"))


@query(permissions.MANAGE_PEOPLE, told=gettext_lazy("Saw you in the list of staff"))
def list_members(actor: Actor, *, place: str | None = None) -> Page[records.Member]:
    """Who works for the organisation, by name."""
    return page_of(
        models.Person.members_visible_to(actor),
        lambda person: person.member(actor.organisation_id),
        order=("name", "id"),
        place=place,
    )


@query(permissions.MANAGE_PEOPLE, told=gettext_lazy("Saw your roles"))
def get_member(actor: Actor, person_id: UUID) -> records.Member:
    found = models.Person.members_visible_to(actor).filter(id=person_id).first()
    if found is None:
        raise NoSuchPerson(_("Nobody with that number works here."))
    return found.member(actor.organisation_id)


@query(permissions.MANAGE_PEOPLE)
def list_roles(actor: Actor) -> list[records.Role]:
    return [role.record() for role in models.Role.visible_to(actor).order_by("title")]


@query(permissions.MANAGE_PEOPLE)
def get_role(actor: Actor, role_id: UUID) -> records.Role:
    found = models.Role.visible_to(actor).filter(id=role_id).first()
    if found is None:
        raise NoSuchRole(_("There is no such role."))
    return found.record()


@query(permissions.MANAGE_PEOPLE)
def list_teams(actor: Actor) -> list[records.Team]:
    return [team.record() for team in models.Team.visible_to(actor).order_by("name")]


@query(permissions.MANAGE_PEOPLE)
def get_team(actor: Actor, team_id: UUID) -> records.Team:
    found = models.Team.visible_to(actor).filter(id=team_id).first()
    if found is None:
        raise NoSuchTeam(_("There is no such team."))
    return found.record()


@inspects
def _inspect_people() -> Iterator[Finding]:
    administrators = models.Membership.of_administrators()
    has_one = Exists(administrators.filter(organisation_id=OuterRef("id")))
    all_of_them = list(models.Organisation.with_dials().annotate(has_one=has_one).order_by("slug"))
    if not all_of_them:
        advice = "There is no organisation, so no page works. Add one with `add_organisation`."
        yield Finding(subject="organisations", advice=advice, is_fault=True)
    for each in all_of_them:
        if not getattr(each, "has_one"):  # noqa: B009  # annotated
            advice = (
                f"Nobody can manage the people of {each.slug}. Make someone its administrator: "
                f"`give_role {each.slug} EMAIL administrator`."
            )
            yield Finding(subject="administrators", advice=advice, is_fault=True)
        yield from _inspect_passkey_roles(each)
    yield _inspect_second_factors()


def _inspect_passkey_roles(organisation: models.Organisation) -> Iterator[Finding]:
    """A role that is not there under this name would quietly need no passkey."""
    titles = models.Role.objects.filter(organisation_id=organisation.id).values_list("title")
    known = {title.casefold() for (title,) in titles}
    for named in organisation.record().passkey_roles:
        if named.strip().casefold() not in known:
            advice = (
                f"No role of {organisation.slug} is called {named}: nobody needs a passkey for it."
            )
            yield Finding(subject="roles that need a passkey", advice=advice)


def _inspect_second_factors() -> Finding:
    without = models.Membership.without_second_factor().values("person").distinct().count()
    advice = (
        f"{without} of the staff have not set up a second factor yet. They are asked to when "
        "they sign in, and can do nothing as staff until then."
    )
    return Finding(subject="second factors", advice=advice if without else "")
