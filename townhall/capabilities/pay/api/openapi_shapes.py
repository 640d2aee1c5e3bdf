"""The shapes of what is asked and answered at /v1/, for the OpenAPI document."""

from typing import Any

from townhall.capabilities.pay.api.checks import MOST_MINOR
from townhall.capabilities.pay.api.requests import CARD_TYPES, KINDS, MODES, SOURCES
from townhall.capabilities.pay.api.searching import STATES
from townhall.capabilities.pay.records import AgreementState, DisputeState, Mode
from townhall.capabilities.pay.rules.answers import STATUSES

Json = dict[str, Any]  # Any: JSON


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def words(longest: int = 255, **more: Any) -> Json:  # Any: JSON
    return {"type": "string", "maxLength": longest, **more}


def said(longest: int = 255) -> Json:
    """What has to say something, in characters that GOV.UK Pay takes."""
    return words(longest, minLength=1, pattern=r"^[^<>|\x00]*[^<>|\x00\s][^<>|\x00]*$")


def one_of(*choices: str) -> Json:
    return {"type": "string", "enum": list(choices)}


def answer(required: Json, **optional: Any) -> Json:  # Any: JSON
    """An object of ours: with all that is required, and nothing that is not named here."""
    return {
        "type": "object",
        "properties": required | optional,
        "required": sorted(required),
        "additionalProperties": False,
    }


def asked(required: Json, **optional: Any) -> Json:  # Any: JSON
    """An object of a program's. What is not named is let pass, as GOV.UK Pay does."""
    return {
        "type": "object",
        "properties": required | optional,
        "required": sorted(required),
    }


FLAG: Json = {"type": "boolean"}
MINOR: Json = {"type": "integer", "minimum": 0}
AMOUNT: Json = {"type": "integer", "minimum": 1, "maximum": MOST_MINOR}
ID: Json = {"type": "string", "pattern": "^[0-9a-v]{26}$"}
MOMENT: Json = {"type": "string", "format": "date-time"}
DAY: Json = {"type": "string", "format": "date"}
CURRENCY: Json = {
    "type": "string",
    "pattern": "^[A-Z]{3}$",
    "description": "Beyond GOV.UK Pay, and only where it is not GBP.",
}
METADATA: Json = {
    "type": "object",
    "maxProperties": 15,
    "additionalProperties": {
        "anyOf": [words(100), {"type": "number"}, {"type": "boolean"}],
    },
}
ADDRESS: Json = {
    "line1": words(),
    "line2": words(),
    "postcode": words(25),
    "city": words(),
    "country": words(2, minLength=2),
}


def nullable(shape: Json) -> Json:
    return {**shape, "nullable": True}


def found(name: str) -> Json:
    return answer(
        {
            "total": {
                "type": "integer",
                "minimum": 0,
                "maximum": 10_000,
                "description": "Counted up to 10,000: of that many, there may be more.",
            },
            "count": {"type": "integer", "minimum": 0, "maximum": 500},
            "page": {"type": "integer", "minimum": 1},
            "results": {"type": "array", "items": ref(name), "maxItems": 500},
            "_links": answer(
                dict.fromkeys(("self", "first_page", "last_page"), ref("Link")),
                prev_page=ref("Link"),
                next_page=ref("Link"),
            ),
        }
    )


CARD_DETAILS = {
    "cardholder_name": nullable(words()),
    "card_brand": nullable(words()),
    "card_type": nullable(one_of("debit", "credit")),
    "first_digits_card_number": nullable({"type": "string", "pattern": "^[0-9]{6}$"}),
    "last_digits_card_number": nullable({"type": "string", "pattern": "^[0-9]{4}$"}),
    "expiry_date": nullable({"type": "string", "pattern": "^[0-9]{2}/[0-9]{2}$"}),
    "billing_address": {"allOf": [ref("Address")], "nullable": True},
}
OUTCOME = asked(
    {"status": one_of("success", "failed")},
    code=one_of("P0010", "P0050"),
    supplemental=asked({}, error_code=words(), error_message=words()),
)
PAYMENT = answer(
    {
        "payment_id": ID,
        "amount": AMOUNT,
        "description": words(),
        "reference": words(),
        "language": one_of("en", "cy"),
        "state": ref("State"),
        "payment_provider": words(20),
        "created_date": MOMENT,
        "refund_summary": ref("RefundSummary"),
        "settlement_summary": ref("SettlementSummary"),
        "delayed_capture": FLAG,
        "moto": FLAG,
        "authorisation_mode": one_of(*(each.value for each in Mode)),
        "_links": ref("PaymentLinks"),
    },
    metadata=METADATA,
    email=words(254),
    card_details=answer({}, **CARD_DETAILS),
    card_brand=words(),
    return_url=words(2000),
    provider_id=words(),
    authorisation_summary=answer({"three_d_secure": answer({"required": FLAG})}),
    agreement_id=ID,
    agreement_payment_type=one_of(*KINDS),
    fee=MINOR,
    net_amount={"type": "integer"},
    currency=CURRENCY,
    processor_id=words(),
    payment_outcome=OUTCOME,
    auth_code=words(),
    authorised_date=MOMENT,
    telephone_number=words(),
)
LINK = answer({"href": {"type": "string", "format": "uri"}, "method": one_of("GET", "POST")})
POST_LINK = answer(
    {
        "href": {"type": "string", "format": "uri"},
        "method": one_of("POST"),
        "type": words(),
        "params": {"type": "object", "additionalProperties": {"type": "string"}},
    }
)
NEW_PAYMENT = asked(
    {"amount": AMOUNT, "reference": said(), "description": said()},
    return_url=words(2000, format="uri", description="Required for the mode web, and only there."),
    currency={"type": "string", "pattern": "^[A-Z]{3}$", "default": "GBP"},
    language=one_of("en", "cy"),
    delayed_capture=FLAG,
    moto=FLAG,
    email=words(254),
    metadata=METADATA,
    prefilled_cardholder_details=asked(
        {}, cardholder_name=words(), billing_address=asked({}, **ADDRESS)
    ),
    authorisation_mode=one_of(*MODES),
    set_up_agreement=ID,
    agreement_id=ID,
    agreement_payment_type=one_of(*KINDS),
    internal=asked({}, source=one_of(*SOURCES)),
)
DISPUTE = answer(
    {
        "dispute_id": ID,
        "payment_id": ID,
        "created_date": MOMENT,
        "amount": AMOUNT,
        "status": ref("DisputeStatus"),
        "reason": words(40),
        "_links": answer({"payment": ref("Link")}),
    },
    fee=MINOR,
    net_amount={"type": "integer", "maximum": 0},
    evidence_due_date=MOMENT,
    settlement_summary=answer({"settled_date": DAY}),
)
REFUND = answer(
    {
        "refund_id": ID,
        "payment_id": ID,
        "created_date": MOMENT,
        "amount": AMOUNT,
        "status": one_of("submitted", "success", "error"),
        "settlement_summary": answer({}, settled_date=DAY),
        "_links": ref("RefundLinks"),
    }
)
AGREEMENT = answer(
    {
        "agreement_id": ID,
        "reference": words(),
        "description": words(),
        "status": ref("AgreementStatus"),
        "created_date": MOMENT,
    },
    user_identifier=words(),
    cancelled_date=MOMENT,
    payment_instrument=answer(
        {"type": one_of("CARD"), "created_date": MOMENT, "card_details": answer({}, **CARD_DETAILS)}
    ),
)
TELEPHONE = asked(
    {
        "amount": AMOUNT,
        "reference": said(),
        "description": said(),
        "processor_id": said(),
        "provider_id": said(),
        "payment_outcome": OUTCOME,
        "card_type": one_of(*CARD_TYPES),
        "last_four_digits": {"type": "string", "pattern": "^[0-9]{4}$"},
        "first_six_digits": {"type": "string", "pattern": "^[0-9]{6}$"},
    },
    currency={"type": "string", "pattern": "^[A-Z]{3}$", "default": "GBP"},
    auth_code=words(),
    name_on_card=words(),
    email_address=words(254),
    card_expiry={"type": "string", "pattern": "^(0[1-9]|1[0-2])/[0-9]{2}$"},
    telephone_number=words(),
    created_date=MOMENT,
    authorised_date=MOMENT,
)
CARD = asked(
    {
        "one_time_token": words(255, minLength=1),
        "card_number": {"type": "string", "pattern": "^[0-9]{12,19}$"},
        "cvc": {"type": "string", "pattern": "^[0-9]{3,4}$"},
        "expiry_date": {"type": "string", "pattern": "^(0[1-9]|1[0-2])/[0-9]{2}$"},
        "cardholder_name": words(255, minLength=1),
    }
)
STATE = answer(
    {"status": one_of(*sorted(set(STATUSES.values()))), "finished": FLAG},
    code=one_of("P0010", "P0020", "P0030", "P0040", "P0050"),
    message=words(),
    can_retry=FLAG,
)
SHAPES: Json = {
    "Address": answer({}, **{name: nullable(shape) for name, shape in ADDRESS.items()}),
    "Agreement": AGREEMENT,
    "AgreementStatus": one_of(*(each.value for each in AgreementState)),
    "Card": CARD,
    "Dispute": DISPUTE,
    "DisputeStatus": one_of(*(each.value for each in DisputeState)),
    "Events": answer(
        {
            "payment_id": ID,
            "events": {
                "type": "array",
                "items": answer(
                    {
                        "payment_id": ID,
                        "state": ref("State"),
                        "updated": MOMENT,
                        "_links": answer({"payment_url": ref("Link")}),
                    }
                ),
            },
            "_links": answer({"self": ref("Link")}),
        }
    ),
    "Fault": answer({"code": {"type": "integer"}, "message": {"type": "string"}}),
    "FoundAgreements": found("Agreement"),
    "FoundDisputes": found("Dispute"),
    "FoundPayments": found("Payment"),
    "FoundRefunds": found("Refund"),
    "Link": LINK,
    "NewAgreement": asked({"reference": said(), "description": said()}, user_identifier=said()),
    "NewPayment": NEW_PAYMENT,
    "NewRefund": asked({"amount": AMOUNT}, refund_amount_available=MINOR),
    "Payment": PAYMENT,
    "PaymentLinks": answer(
        dict.fromkeys(("self", "events", "refunds"), ref("Link")),
        cancel=ref("Link"),
        capture=ref("Link"),
        next_url=ref("Link"),
        next_url_post=ref("PostLink"),
        auth_url_post=ref("PostLink"),
    ),
    "PostLink": POST_LINK,
    "Refund": REFUND,
    "RefundLinks": answer(dict.fromkeys(("self", "payment"), ref("Link"))),
    "RefundSummary": answer(
        {
            "status": one_of("available", "unavailable", "pending", "full"),
            "amount_available": MINOR,
            "amount_submitted": MINOR,
        }
    ),
    "Refunds": answer(
        {
            "payment_id": ID,
            "_embedded": answer({"refunds": {"type": "array", "items": ref("Refund")}}),
            "_links": ref("RefundLinks"),
        }
    ),
    "RequestError": answer(
        {"code": {"type": "string", "pattern": "^P[0-9]{4}$"}, "description": {"type": "string"}},
        field={"type": "string"},
        header={"type": "string"},
    ),
    "SearchedState": one_of(*STATES),
    "SettlementSummary": answer(
        {}, capture_submit_time=MOMENT, captured_date=DAY, settled_date=DAY
    ),
    "State": STATE,
    "TelephonePayment": TELEPHONE,
}
