"""What messages cost, from which day on."""

from collections.abc import Mapping
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from townhall.capabilities.notify import models, records
from townhall.capabilities.notify.operations.counting import count_again
from townhall.machinery.actors import Actor
from townhall.machinery.dials import SET_DIALS
from townhall.machinery.errors import Invalid
from townhall.machinery.operations import operation


@operation(SET_DIALS)
def set_tariff(
    actor: Actor,
    *,
    begins_on: date,
    email: int,
    text: int,
    europe_times: int,
    world_times: int,
    sheet: int,
    letters: Mapping[str, int],
) -> records.Tariff:
    """Let messages cost this, in hundredths of a penny, from a day of this month or later.

    Earlier months keep what they cost. A second tariff from the same day takes the place of the
    first. Raises Invalid for an earlier day.
    """
    today = timezone.localdate()
    if begins_on < today.replace(day=1):
        raise Invalid(_("Choose a day of this month or later. What earlier months cost stays."))
    prices = {
        "email": email,
        "text": text,
        "europe_times": europe_times,
        "world_times": world_times,
        "sheet": sheet,
        **{postage.replace("-", "_"): letters[postage] for postage in models.POSTAGES},
    }
    tariff, _is_new = models.Tariff.objects.update_or_create(
        organisation_id=actor.organisation_id, begins_on=begins_on, defaults=prices
    )
    if begins_on < today:
        count_again.later(organisation_id=actor.organisation_id)
    return tariff.record()
