"""Acting for someone else, in this session, until it is stopped or may no longer be."""

from uuid import UUID

from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse

from townhall.capabilities.identity import models, operations, permissions
from townhall.machinery.actors import Actor, Permission
from townhall.machinery.database.prepared import Prepared
from townhall.machinery.service import offered

ACTING_FOR = "acting_for"  # the id of a delegation, in the session

# Asked for with every page of someone who acts for another, so its SQL is worked out once.
_delegation = Prepared(
    lambda delegation_id, delegate_id: models.Delegation.objects.annotate(
        person_name=F("person__name")
    ).filter(
        models.Delegation.CURRENT,
        id=delegation_id,
        delegate_id=delegate_id,
        person__is_active=True,
    ),
    UUID(int=0),
    UUID(int=1),
)


def is_acting(request: HttpRequest) -> bool:
    return ACTING_FOR in request.session


def begin(request: HttpRequest, actor: Actor, delegation_id: UUID) -> None:
    """Let this session act for whoever lets the acting person. Raises NoSuchDelegation."""
    operations.begin_acting(actor, delegation_id)
    request.session[ACTING_FOR] = str(delegation_id)


def stop(request: HttpRequest) -> None:
    """Twice is harmless."""
    request.session.pop(ACTING_FOR, None)


def acting(request: HttpRequest, delegate: models.Person, organisation_id: UUID) -> Actor:
    """Who acts: the one who is acted for, by their delegate, in the services they have named.

    If the delegate may no longer, nobody who may do nothing: what they meant to do for another
    must not happen to themselves. They are led to a page that says so.
    """
    found = _find(UUID(request.session[ACTING_FOR]), delegate.id, organisation_id)
    if found is None:
        request.remedy_url = reverse("identity:acting_over")  # type: ignore[attr-defined]  # machinery.http.Request has it
        return Actor("resident", frozenset(), organisation_id, delegate.id)
    services = frozenset(found.services)
    name: str = getattr(found, "person_name")  # noqa: B009  # annotated
    request.acting_for = name  # type: ignore[attr-defined]  # as above
    return Actor(
        "resident",
        _residents_may(services) | {permissions.SEE_REQUESTS},
        organisation_id,
        found.person_id,
        delegate.id,
        within=services,
    )


def _find(
    delegation_id: UUID, delegate_id: UUID, organisation_id: UUID
) -> models.Delegation | None:
    found = next(iter(_delegation(delegation_id, delegate_id)), None)
    return found if found and found.organisation_id == organisation_id else None


def _residents_may(services: frozenset[str]) -> frozenset[Permission]:
    named = [each for each in offered() if each.for_others and each.slug in services]
    return frozenset[Permission]().union(*(service.residents_may for service in named))
