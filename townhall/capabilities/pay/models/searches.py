"""The indexes of the table of payments that staff's searches need."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Collate, Lower

from townhall.capabilities.pay.rules.transitions import WAITING

NEWEST_FIRST = ("-started_at", "-id")


def for_staff() -> list[models.Index]:
    """One for each thing that staff narrow the list of payments by, and one for the takings.

    The conditional ones are of the few rows that anyone would look for by them.
    """
    mine = "organisation_id"
    return [
        models.Index(fields=[mine, "service", *NEWEST_FIRST], name="payment_of_service"),
        models.Index(fields=[mine, "amount_minor", *NEWEST_FIRST], name="payment_by_amount"),
        models.Index(fields=[mine, "state", *NEWEST_FIRST], name="payment_by_state"),
        models.Index(
            fields=[mine, "last_digits", *NEWEST_FIRST],
            name="payment_by_last_digits",
            condition=~Q(last_digits=""),
        ),
        models.Index(mine, Lower("email"), name="payment_by_email", condition=~Q(email="")),
        models.Index(
            fields=["person_id", *NEWEST_FIRST],
            name="payment_of_person",
            condition=Q(person_id__isnull=False),
        ),
        models.Index(
            mine,
            Collate(Lower("cardholder"), "C"),
            name="payment_by_cardholder",
            condition=~Q(cardholder=""),
        ),
        models.Index(
            fields=[mine, *NEWEST_FIRST],
            name="payment_in_progress",
            condition=Q(state__in=sorted(state.value for state in WAITING)),
        ),
        models.Index(
            fields=[mine, *NEWEST_FIRST],
            name="payment_refunded",
            condition=Q(refunded_minor__gt=0),
        ),
        models.Index(
            fields=[mine, *NEWEST_FIRST], name="payment_of_test", condition=Q(is_live=False)
        ),
        models.Index(
            fields=[mine, "settled_at"],
            name="payment_by_end",
            condition=Q(settled_at__isnull=False),
            include=["is_live", "currency", "service", "state", "amount_minor"],
        ),
    ]
