"""How many letters staff print at once."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from townhall.machinery.errors import Invalid

BATCH = 50  # on one page of the list, and in one PDF


def check_chosen(message_ids: Sequence[UUID]) -> None:
    """Raises Invalid unless some letters were chosen, and no more than the page lists."""
    if not 0 < len(message_ids) <= BATCH:
        raise Invalid(_("Choose the letters on the page of letters to print."))
