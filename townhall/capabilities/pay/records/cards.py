"""Cards: what a payer types, which is never kept, and what PCI DSS 3.4 allows to keep of it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingAddress:
    line1: str = ""
    line2: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""  # ISO 3166-1, two letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """As it was typed. It goes to a processor that takes cards here, and nowhere else.

    Its number and code are kept out of every `repr`, and so out of errors and logs.
    """

    number: str = field(repr=False)  # digits only
    code: str = field(repr=False)
    expires: str  # MM/YY
    name: str
    address: BillingAddress = BillingAddress()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDetails:
    """What may be kept: the first six and last four digits."""

    brand: str = ""  # visa, master-card, american-express ... as GOV.UK Pay writes them
    kind: str = ""  # debit, credit; "" if not known
    first_digits: str = ""
    last_digits: str = ""
    expires: str = ""  # MM/YY
    name: str = ""
    address: BillingAddress | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefilled:
    """What a program knows of the payer already, to be shown on the card page."""

    name: str = ""
    address: BillingAddress | None = None
