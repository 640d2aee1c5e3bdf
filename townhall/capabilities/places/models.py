"""The list of addresses that an organisation has loaded."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from townhall.capabilities.places import records, rules
from townhall.machinery.actors import Actor

MOST_CHARACTERS = {"house": 60, "street": 100, "locality": 60, "town": 60}


class Address(models.Model):
    """One property of an organisation's area, as its own list has it."""

    organisation_id = models.UUIDField()
    uprn = models.CharField(max_length=12)
    house = models.CharField(max_length=MOST_CHARACTERS["house"], blank=True)
    street = models.CharField(max_length=MOST_CHARACTERS["street"], blank=True)
    locality = models.CharField(max_length=MOST_CHARACTERS["locality"], blank=True)
    town = models.CharField(max_length=MOST_CHARACTERS["town"])
    postcode = models.CharField(max_length=8)  # as rules.normalised_postcode writes it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "uprn"], name="address_listed_once"),
        ]
        indexes = [
            models.Index(fields=["organisation_id", "postcode"], name="address_by_postcode"),
        ]

    @classmethod
    def of_organisation(cls, organisation_id: UUID) -> QuerySet[Address]:
        return cls.objects.filter(organisation_id=organisation_id)

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Address]:
        return cls.of_organisation(actor.organisation_id)

    def record(self) -> records.Address:
        return records.Address(
            uprn=self.uprn,
            line_1=rules.first_line(self.house, self.street),
            line_2=self.locality,
            street=self.street,
            house=rules.walking_place(self.house),
            town=self.town,
            postcode=self.postcode,
        )
