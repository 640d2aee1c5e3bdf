"""The list of addresses that each organisation has loaded itself: no supplier is needed."""

from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet

from townhall.capabilities.places import records
from townhall.machinery.organisations import every_organisation


class OwnList:
    def find(self, organisation_id: UUID, postcode: str) -> list[records.Address]:
        return [each.record() for each in _list_of(organisation_id).filter(postcode=postcode)]

    def get(self, organisation_id: UUID, uprn: str) -> records.Address | None:
        for each in _list_of(organisation_id).filter(uprn=uprn):
            found: records.Address = each.record()
            return found
        return None

    def check(self) -> str:
        return " ".join(
            f"No addresses are loaded for {organisation.slug}: nobody there finds theirs. Run "
            f"`manage.py import_addresses FILE.csv --organisation {organisation.slug}`."
            for organisation in every_organisation()
            if not _list_of(organisation.id).exists()
        )


def _list_of(organisation_id: UUID) -> QuerySet[Any]:  # Any: models.Address
    """Our own table, asked for by name: providers and models do not import each other."""
    found: QuerySet[Any] = apps.get_model("places", "Address").of_organisation(organisation_id)
    return found
