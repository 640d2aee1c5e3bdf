"""What an organisation may set about its messages."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from townhall.machinery.dials import dial

SHORTEST_KEPT, LONGEST_KEPT = 3, 365  # days


@dataclass(frozen=True, slots=True, kw_only=True)
class Dials:
    retention_days: int = dial(
        7,
        label=_("Days that messages are kept"),
        hint=_("Then their words, addresses and attachments are wiped. That they were sent stays."),
        lowest=SHORTEST_KEPT,
        highest=LONGEST_KEPT,
    )
    abroad: bool = dial(
        False,
        label=_("Programs may send texts and letters abroad"),
        hint=_("They cost several times as much as in the United Kingdom."),
    )
