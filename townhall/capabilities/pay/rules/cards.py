"""Card numbers: their brands, and what the sandbox does with each of its own.

The sandbox's are GOV.UK Pay's (pay-connector, SandboxCardNumbers.java) and, from its documentation,
those for 3-D Secure and disputes. https://docs.payments.service.gov.uk/testing_govuk_pay/
"""

import calendar
import re
from datetime import date

from townhall.capabilities.pay.records import CardResult

CARDS: dict[str, CardResult] = {
    **dict.fromkeys(
        (
            "4242424242424242",
            "4444333322221111",
            "4917610000000000003",
            "4000056655665556",
            "371449635398431",
            "3566002020360505",
            "6011000990139424",
            "36148900647913",
            "2221000000000000",
            "222100000000000",
            "4000000000000010",
            "4000160000000004",
            "4000020000000000",
            # of companies
            "4988080000000000",
            "4111111111111111",
            "4293189100000008",
            "5101180000000007",
            "4131840000000003",
            "4000180000000002",
            "5200828282828210",
        ),
        CardResult.PAYS,
    ),
    "5105105105105100": CardResult.PAYS_BUT_NOT_AGAIN,
    "4000002500003155": CardResult.CHALLENGED,
    "4000000000000259": CardResult.DISPUTED_AND_LOST,
    "4000000000002685": CardResult.DISPUTED_AND_WON,
    "4000000000005126": CardResult.PAYS_BUT_NOT_BACK,  # Stripe's
    "4000000000000002": CardResult.DECLINED,
    "4000000000000069": CardResult.CARD_EXPIRED,
    "4000000000000127": CardResult.BAD_CODE,
    "4000000000000119": CardResult.ERROR,
}
NOT_ACCEPTED = "6759649826438453"  # Maestro, which no till takes
_BRANDS = (  # by how a number begins, ISO/IEC 7812; the first that fits
    (r"6759|67677[04]|50|5[6-9]|639|67", "maestro"),
    (r"4", "visa"),
    (r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", "master-card"),
    (r"3[47]", "american-express"),
    (r"3(?:0[0-5]|6|8|9)", "diners-club"),
    (r"6011|64[4-9]|65", "discover"),
    (r"35(?:2[89]|[3-8])", "jcb"),
)
BRAND_NAMES = {  # as GOV.UK Pay's wire has them in `card_brand` of `card_details`
    "visa": "Visa",
    "master-card": "Mastercard",
    "american-express": "American Express",
    "diners-club": "Diners Club",
    "discover": "Discover",
    "jcb": "Jcb",
    "maestro": "Maestro",
}


def brand_of(number: str) -> str:
    """ "" if it begins like no brand that we know."""
    return next((brand for begins, brand in _BRANDS if re.match(begins, number)), "")


def code_length(number: str) -> int:
    return 4 if brand_of(number) == "american-express" else 3


def only_digits(typed: str) -> str:
    return re.sub(r"[\s-]", "", typed)


def is_card_number(number: str) -> bool:
    """Of 12 to 19 digits whose last one checks the rest: ISO/IEC 7812-1, annex B."""
    if not re.fullmatch(r"[0-9]{12,19}", number):
        return False
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (sum(int(digit) for digit in number[-1::-2]) + sum(doubled)) % 10 == 0


def is_accepted(number: str) -> bool:
    """Whether any till takes a card of its brand."""
    return brand_of(number) not in ("", "maestro") and number != NOT_ACCEPTED


def may_hold_card_number(words: str) -> bool:
    """Whether so many digits stand among these words that a card number may be in them."""
    return len(re.findall(r"[0-9]", words)) >= 12


def expiry_of(month: str, year: str) -> date | None:
    """The last day on which a card is good; None if these are no month and year.

    A year may have two digits or four.
    """
    if not re.fullmatch(r"0?[1-9]|1[0-2]", month) or not re.fullmatch(r"(20)?[0-9]{2}", year):
        return None
    of, in_ = 2000 + int(year) % 100, int(month)
    return date(of, in_, calendar.monthrange(of, in_)[1])
