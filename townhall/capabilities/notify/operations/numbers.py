"""Whose numbers are: two organisations of one installation cannot both have what is sent there."""

from uuid import UUID

from django.conf import settings

from townhall.capabilities.notify.rules.origins import owner_of
from townhall.machinery.organisations import every_organisation


def has_number(organisation_id: UUID, number: str) -> bool:
    """Whether texts to the number may come to the organisation.

    Anybody can say that a number is theirs, so the operator does, unless all are of one.
    """
    slugs = {each.id: each.slug for each in every_organisation()}
    if len(slugs) == 1:
        return True
    return slugs.get(organisation_id) == owner_of(number, settings.TEXT_NUMBERS)
