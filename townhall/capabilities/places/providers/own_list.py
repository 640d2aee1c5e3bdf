"""The list of addresses that each organisation has loaded itself: no supplier is needed."""

from uuid import UUID

from townhall.capabilities.places import models, records
from townhall.machinery.organisations import every_organisation


class OwnList:
    def find(self, organisation_id: UUID, postcode: str) -> list[records.Address]:
        found = models.Address.of_organisation(organisation_id).filter(postcode=postcode)
        return [address.record() for address in found]

    def get(self, organisation_id: UUID, uprn: str) -> records.Address | None:
        found = models.Address.of_organisation(organisation_id).filter(uprn=uprn).first()
        return found.record() if found else None

    def check(self) -> str:
        without = [
            organisation.slug
            for organisation in every_organisation()
            if not models.Address.of_organisation(organisation.id).exists()
        ]
        return " ".join(
            f"No addresses are loaded for {slug}: nobody there finds theirs. Run "
            f"`manage.py import_addresses FILE.csv --organisation {slug}`."
            for slug in without
        )
