"""What programs ask for, from their JSON; the first fault is told, in GOV.UK Pay's order."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from townhall.capabilities.pay import records
from townhall.capabilities.pay.api.checks import (
    LONGEST_EMAIL,
    Body,
    read_amount,
    read_choice,
    read_flag,
    read_metadata,
    read_money,
    read_optional,
    read_return_url,
    read_words,
)
from townhall.capabilities.pay.api.wire import Unfit, invalid, missing, unexpected
from townhall.capabilities.pay.records import Mode, Source, State
from townhall.capabilities.pay.rules.answers import write_moment
from townhall.capabilities.pay.rules.cards import (
    CARDS,
    NOT_ACCEPTED,
    is_card_number,
    may_hold_card_number,
)
from townhall.capabilities.pay.rules.identifiers import read_id
from townhall.machinery.money import Money

MODES = (Mode.WEB.value, Mode.MOTO_API.value, Mode.AGREEMENT.value)
KINDS = ("instalment", "recurring", "unscheduled")
SOURCES = (Source.LINK.value, Source.AGENT.value)
# What a mode cannot be asked with.
UNEXPECTED = {
    Mode.WEB: (),
    Mode.MOTO_API: ("return_url", "prefilled_cardholder_details", "set_up_agreement"),
    Mode.AGREEMENT: ("return_url", "email", "prefilled_cardholder_details", "set_up_agreement"),
}
ADDRESS = {"line1": 255, "line2": 255, "city": 255, "postcode": 25, "country": 2}
CARD_TYPES = ("master-card", "visa", "maestro", "diners-club", "american-express", "jcb")
OUTCOMES: dict[Any, State] = {  # Any: status and code, whatever JSON holds there
    ("success", None): State.CAPTURED,
    ("failed", "P0010"): State.DECLINED,
    ("failed", "P0050"): State.ERRORED,
}
_MONTH = re.compile(r"(0[1-9]|1[0-2])/[0-9]{2}")


def read_payment(body: Body, *, is_live: bool) -> records.NewPayment:
    """Raises Unfit."""
    amount = read_money(body)
    reference, description = read_words(body, "reference"), read_words(body, "description")
    return_url = read_return_url(body, is_live=is_live)
    moto = read_flag(body, "moto")
    mode = Mode(
        read_choice(body, "authorisation_mode", MODES, f"Must be one of {', '.join(MODES)}")
        or Mode.WEB
    )
    for field in UNEXPECTED[mode]:
        if body.get(field) is not None:
            raise unexpected(field)
    agreement_id, sets_up = _read_agreement(body, mode)
    asked = records.NewPayment(
        amount=amount,
        reference=reference,
        description=description,
        mode=mode,
        return_url=return_url,
        moto=moto,
        agreement_id=agreement_id,
        sets_up_agreement=sets_up,
        agreement_kind=_read_kind(body, mode),
        language=read_choice(body, "language", ("en", "cy"), 'Must be "en" or "cy"') or "en",
        delayed_capture=read_flag(body, "delayed_capture"),
        email=read_optional(body, "email", longest=LONGEST_EMAIL),
        prefilled=_read_prefilled(body.get("prefilled_cardholder_details")),
        metadata=read_metadata(body),
        source=_read_source(body),
    )
    if mode == Mode.WEB and not return_url:
        raise missing("return_url")
    return asked


def read_refund(body: Body) -> tuple[int, int | None]:
    """How much, and how much is thought to be left. Raises Unfit."""
    amount = read_amount(body, code="P0602", absent="P0601")
    available = body.get("refund_amount_available")
    if available is not None and (not isinstance(available, int) or isinstance(available, bool)):
        says = "Must be a valid numeric format"
        raise invalid("refund_amount_available", says, "P0602", status=400)
    return amount, available


def read_agreement(body: Body) -> records.NewAgreement:
    """Raises Unfit."""
    reference, description = (
        read_words(body, field, code="P2102", absent="P2101")
        for field in ("reference", "description")
    )
    given = body.get("user_identifier") is not None
    return records.NewAgreement(
        reference=reference,
        description=description,
        user_identifier=read_words(body, "user_identifier", code="P2102", absent="P2101")
        if given
        else "",
    )


def read_card(body: Body) -> tuple[str, records.Card]:
    """A one-time token, and the card that is sent with it. Raises Unfit."""
    token, number, code, expires, name = (
        _read_card_words(body, field, shortest, longest)
        for field, shortest, longest in (
            ("one_time_token", 1, 255),
            ("card_number", 12, 19),
            ("cvc", 3, 4),
            ("expiry_date", 5, 5),
            ("cardholder_name", 1, 255),
        )
    )
    if may_hold_card_number(name):
        raise invalid("cardholder_name", "Must not contain a card number")
    if not re.fullmatch("[0-9]+", number):
        raise invalid("card_number", "Must be a valid card number")
    if not re.fullmatch("[0-9]+", code):
        raise invalid("cvc", "Must contain numbers only")
    if not _MONTH.fullmatch(expires):
        raise invalid("expiry_date", "Must be a valid date with the format MM/YY")
    is_known = number in CARDS or is_card_number(number)
    if not is_known or number == NOT_ACCEPTED:
        raise Unfit(402, "P0010", "The card_number is not a valid card number")
    return token, records.Card(number=number, code=code, expires=expires, name=name)


def read_telephone(body: Body) -> records.TelephonePayment:
    """Raises Unfit."""
    outcome = body.get("payment_outcome")
    if outcome is None:
        raise missing("payment_outcome")
    became = _outcome(outcome)
    card_type = read_words(body, "card_type")
    if card_type not in CARD_TYPES:
        raise invalid("card_type", f"Must be either {', '.join(CARD_TYPES)}")
    amount: Money = read_money(body)
    telephone_only = {
        "processor_id": read_words(body, "processor_id"),
        "provider_id": read_words(body, "provider_id"),
        "payment_outcome": outcome,
        "auth_code": read_optional(body, "auth_code") or None,
        "telephone_number": read_optional(body, "telephone_number") or None,
        "created_date": _read_moment(body, "created_date"),
        "authorised_date": _read_moment(body, "authorised_date"),
    }
    return records.TelephonePayment(
        amount=amount,
        reference=read_words(body, "reference"),
        description=read_words(body, "description"),
        provider_id=telephone_only["provider_id"],
        became=became,
        email=read_optional(body, "email_address", longest=LONGEST_EMAIL),
        card=records.CardDetails(
            brand=card_type,
            first_digits=_read_digits(body, "first_six_digits", 6),
            last_digits=_read_digits(body, "last_four_digits", 4),
            expires=_read_month(body),
            name=_read_name_on_card(body),
        ),
        told={name: value for name, value in telephone_only.items() if value is not None},
    )


def _read_name_on_card(body: Body) -> str:
    name = read_optional(body, "name_on_card")
    if may_hold_card_number(name):
        raise invalid("name_on_card", "Must not contain a card number")
    return name


def _read_agreement(body: Body, mode: Mode) -> tuple[UUID | None, bool]:
    """The agreement to take from or to set up, and whether it is to be set up."""
    if mode == Mode.AGREEMENT:
        written = _read_agreement_id(body, "agreement_id")
        agreement_id = read_id(written)
        if agreement_id is None:
            raise invalid("agreement_id", "Agreement does not exist", status=400)
        return agreement_id, False
    if "agreement_id" in body:
        raise unexpected("agreement_id")
    if body.get("set_up_agreement") is None:
        return None, False
    agreement_id = read_id(_read_agreement_id(body, "set_up_agreement"))
    if agreement_id is None:
        raise no_such_agreement()
    return agreement_id, True


def no_such_agreement() -> Unfit:
    says = "Invalid attribute value: set_up_agreement. Agreement ID does not exist"
    return Unfit(400, "P0103", says, field="set_up_agreement")


def _read_agreement_id(body: Body, field: str) -> str:
    written = read_words(body, field)
    if len(written) != 26:
        raise invalid(field, "Field [" + field + "] length must be 26")
    return written


def _read_kind(body: Body, mode: Mode) -> str:
    kind = read_choice(body, "agreement_payment_type", KINDS, f"Must be one of {', '.join(KINDS)}")
    if kind and mode != Mode.AGREEMENT and body.get("set_up_agreement") is None:
        raise unexpected("agreement_payment_type")
    return kind


def _read_source(body: Body) -> Source:
    inside = body.get("internal")
    if not isinstance(inside, dict) or inside.get("source") is None:
        return Source.API
    says = f"Accepted values are only {', '.join(SOURCES)}"
    return Source(read_choice(inside, "source", SOURCES, says))


def _read_prefilled(given: Any) -> records.Prefilled | None:  # Any: JSON
    if not isinstance(given, dict):
        return None
    name = read_optional(given, "cardholder_name")
    at = given.get("billing_address")
    if not isinstance(at, dict):
        return records.Prefilled(name=name) if name else None
    address = {field: read_optional(at, field, longest=most) for field, most in ADDRESS.items()}
    if address["country"] and len(address["country"]) != 2:
        raise invalid("country", "Must be exactly 2 characters length")
    return records.Prefilled(name=name, address=records.BillingAddress(**address))


def _read_card_words(body: Body, field: str, shortest: int, longest: int) -> str:
    value = body.get(field)
    if value is None or value == "":
        raise Unfit(422, "P0101", f"Missing mandatory attribute: {field}")
    if not isinstance(value, str) or not shortest <= len(value) <= longest:
        says = f"Must be between {shortest} and {longest} characters long"
        if shortest == longest:
            says = f"Must be exactly {longest} characters long"
        raise Unfit(422, "P0102", f"Invalid attribute value: {field}. {says}")
    return value


def _outcome(given: Any) -> State:  # Any: JSON
    is_object = isinstance(given, dict)
    said = (given.get("status"), given.get("code")) if is_object else (None, None)
    became = OUTCOMES.get(said) if all(isinstance(each, str | None) for each in said) else None
    if became is None or not _is_supplement(given.get("supplemental")):
        raise invalid("payment_outcome", "Must include a valid status and error code")
    return became


def _is_supplement(given: Any) -> bool:  # Any: JSON
    if given is None:
        return True
    texts = given.values() if isinstance(given, dict) else [None]
    return all(isinstance(each, str) and len(each) <= 255 for each in texts)


def _read_moment(body: Body, field: str) -> str | None:
    if body.get(field) is None:
        return None
    moment = parse_moment(body[field])
    if moment is None:
        raise invalid(field, "Must be a valid ISO-8601 time and date format")
    return write_moment(moment)


def parse_moment(text: Any) -> datetime | None:  # Any: JSON
    """A moment with its zone, between the years 1900 and 2999."""
    if not isinstance(text, str) or "T" not in text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None or not 1900 <= moment.year < 3000:
        return None
    return moment.astimezone(UTC)


def _read_digits(body: Body, field: str, length: int) -> str:
    digits = read_words(body, field)
    if not re.fullmatch(f"[0-9]{{{length}}}", digits):
        raise invalid(field, f"Must be exactly {length} digits")
    return digits


def _read_month(body: Body) -> str:
    month = read_optional(body, "card_expiry")
    if month and not _MONTH.fullmatch(month):
        raise invalid("card_expiry", "Must have valid MM/YY")
    return month
