"""Where payments, refunds, agreements and disputes stand, and why there is no money."""

from enum import StrEnum


class State(StrEnum):
    """Of a payment. Which follows which: `rules/transitions`."""

    CREATED = "created"  # nobody has come to pay yet
    STARTED = "started"  # the payer has opened the page, ours or the processor's
    AUTHORISING = "authorising"  # the processor was asked, and we do not know what it answered
    CHALLENGED = "challenged"  # the payer's bank asks them something (3-D Secure)
    SUBMITTED = "submitted"  # the money is kept for us; the payer has still to confirm
    CAPTURABLE = "capturable"  # confirmed; the program will say when to take it
    CAPTURING = "capturing"  # the processor was asked to take it, and we do not know its answer
    CAPTURED = "captured"  # it is ours
    DECLINED = "declined"
    EXPIRED = "expired"  # nothing was heard in time
    ABANDONED = "abandoned"  # by the payer
    CANCELLED = "cancelled"  # by the service
    ERRORED = "errored"

    @property
    def is_over(self) -> bool:
        return self in OVER

    @property
    def is_paid(self) -> bool:
        return self is State.CAPTURED


OVER = frozenset(
    {
        State.CAPTURED,
        State.DECLINED,
        State.EXPIRED,
        State.ABANDONED,
        State.CANCELLED,
        State.ERRORED,
    }
)
UNPAID = OVER - {State.CAPTURED}


class Word(StrEnum):
    """What a processor may say of a checkout."""

    CHALLENGED = "challenged"
    AUTHORISED = "authorised"  # the money is kept for us, not taken
    CAPTURED = "captured"
    DECLINED = "declined"
    CANCELLED = "cancelled"  # nothing is kept any more, and nothing will be taken
    ERRORED = "errored"


class Mode(StrEnum):
    """How a payment is authorised; the wire's authorisation_mode."""

    WEB = "web"
    MOTO_API = "moto_api"
    AGREEMENT = "agreement"
    EXTERNAL = "external"  # taken elsewhere, and told to us


class Source(StrEnum):
    """Who asked for a payment."""

    API = "CARD_API"
    LINK = "CARD_PAYMENT_LINK"
    AGENT = "CARD_AGENT_INITIATED_MOTO"
    TELEPHONE = "CARD_EXTERNAL_TELEPHONE"
    SERVICE = "SERVICE"  # one of this installation


class Cause(StrEnum):
    """Why a payment or refund failed."""

    DECLINED = "declined"
    CARD_EXPIRED = "card_expired"
    BAD_CODE = "bad_code"  # the card security code
    ERROR = "error"
    EXPIRED = "expired"  # nobody paid in time
    ABANDONED = "abandoned"  # by the payer
    CANCELLED = "cancelled"  # by the service


class RefundState(StrEnum):
    PROPOSED = "proposed"  # waits for a second person
    REQUESTED = "requested"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REJECTED = "rejected"  # by the second person


class AgreementState(StrEnum):
    CREATED = "created"
    ACTIVE = "active"
    INACTIVE = "inactive"  # the processor takes no more from that card
    CANCELLED = "cancelled"


class DisputeState(StrEnum):
    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    LOST = "lost"
    WON = "won"


class NoticeState(StrEnum):
    FITTED = "fitted"
    UNFIT = "unfit"


class Misfit(StrEnum):
    """Why a notice does not fit what we know. Staff must look."""

    UNKNOWN_REFERENCE = "unknown_reference"
    OTHER_REFERENCE = "other_reference"  # our payment, under another checkout's name
    WRONG_AMOUNT = "wrong_amount"
    PAID_AFTER_FAILURE = "paid_after_failure"
    PAID_TOO_LATE = "paid_too_late"
    PAID_AFTER_CANCELLATION = "paid_after_cancellation"
    FAILED_AFTER_PAID = "failed_after_paid"
    UNKNOWN_REFUND = "unknown_refund"
    REFUND_CONTRADICTED = "refund_contradicted"


class Purpose(StrEnum):
    """What an account of the ledger is for. Debits are positive in all of them."""

    PROCESSOR = "processor"  # asset: what a processor has taken and owes us
    BANK = "bank"  # asset: what it has paid out
    TAKINGS = "takings"  # income of one service or till
    FEES = "fees"  # cost
    UNEXPECTED = "unexpected"  # liability: money that came and is not ours to keep yet
    DISPUTED = "disputed"  # asset: what banks have taken back and may return
    WRITTEN_OFF = "written_off"  # cost: lost disputes, and differences that someone explained


class EntryKind(StrEnum):
    PAYMENT = "payment"
    UNEXPECTED = "unexpected"  # money that no payment of ours waited for
    ACCEPTED = "accepted"  # unexpected money that staff found to be ours
    REFUND = "refund"
    FEE = "fee"
    CHARGEBACK = "chargeback"
    RETURNED = "returned"  # a dispute was won
    PAYOUT = "payout"
    WRITE_OFF = "write_off"


class Mismatch(StrEnum):
    """Why a line of a settlement report does not match what we know. Finance must look."""

    UNKNOWN = "unknown"  # nothing of ours has its reference
    NOT_PAID = "not_paid"  # ours, but no money moved as far as we know
    OTHER_AMOUNT = "other_amount"
    OTHER_FEE = "other_fee"
    TWICE = "twice"  # what it is about was settled before
    ADJUSTMENT = "adjustment"  # about no payment: the processor's own costs and corrections
    MISSING = "missing"  # ours, and in no report after days


class LineState(StrEnum):
    MATCHED = "matched"
    UNMATCHED = "unmatched"
    EXPLAINED = "explained"  # by someone, with a reason
