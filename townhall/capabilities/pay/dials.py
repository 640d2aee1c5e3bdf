"""What an organisation may set about its payments."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from townhall.machinery.dials import dial
from townhall.machinery.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Dials:
    refund_alone_up_to: Money = dial(
        Money(10_000),
        label=_("Refunds that one person may give alone"),
        hint=_("Above this sum a second person has to approve a refund."),
        lowest=Money(0),
        highest=Money(100_000_00),
    )
    currencies: tuple[str, ...] = dial(
        ("GBP",),
        label=_("Currencies that are taken"),
        hint=_("Three letters each, like GBP or EUR. Programs that name no currency mean GBP."),
        lowest=1,
        highest=50,
    )
