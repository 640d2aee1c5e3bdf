"""What people read for each state and purpose."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from townhall.capabilities.pay.records.states import (
    AgreementState,
    Cause,
    DisputeState,
    EntryKind,
    Misfit,
    Purpose,
    RefundState,
    State,
    Word,
)
from townhall.capabilities.pay.records.webhooks import WebhookEvent

STATES: dict[str, Promise] = {
    State.CREATED: _("Not begun"),
    State.STARTED: _("In progress"),
    State.AUTHORISING: _("Waiting for the processor"),
    State.CHALLENGED: _("Waiting for the payer's bank"),
    State.SUBMITTED: _("Not confirmed yet"),
    State.CAPTURABLE: _("Waiting to be captured"),
    State.CAPTURING: _("Being captured"),
    State.CAPTURED: _("Paid"),
    State.DECLINED: _("Declined"),
    State.EXPIRED: _("Not paid in time"),
    State.ABANDONED: _("Cancelled by the payer"),
    State.CANCELLED: _("Cancelled by the service"),
    State.ERRORED: _("Error at the processor"),
}
CAUSES: dict[str, Promise] = {
    Cause.DECLINED: _("The card's bank said no"),
    Cause.CARD_EXPIRED: _("The card has expired"),
    Cause.BAD_CODE: _("The card security code was wrong"),
    Cause.ERROR: _("The payment processor had an error"),
    Cause.EXPIRED: _("Nobody paid in time"),
    Cause.ABANDONED: _("The payer cancelled"),
    Cause.CANCELLED: _("The service cancelled"),
}
WORDS: dict[str, Promise] = {
    Word.CHALLENGED: _("The payer's bank asks them"),
    Word.AUTHORISED: _("Authorised"),
    Word.CAPTURED: _("Paid"),
    Word.DECLINED: _("Declined"),
    Word.CANCELLED: _("Cancelled"),
    Word.ERRORED: _("Error at the processor"),
}
REFUND_STATES: dict[str, Promise] = {
    RefundState.PROPOSED: _("Waits for a second person"),
    RefundState.REQUESTED: _("Asked for"),
    RefundState.SUCCEEDED: _("Given back"),
    RefundState.FAILED: _("Failed"),
    RefundState.REJECTED: _("Not approved"),
}
AGREEMENT_STATES: dict[str, Promise] = {
    AgreementState.CREATED: _("Not set up yet"),
    AgreementState.ACTIVE: pgettext_lazy("agreement", "Active"),
    AgreementState.INACTIVE: _("The card takes no more"),
    AgreementState.CANCELLED: _("Cancelled"),
}
DISPUTE_STATES: dict[str, Promise] = {
    DisputeState.NEEDS_RESPONSE: _("Needs an answer"),
    DisputeState.UNDER_REVIEW: _("The bank is deciding"),
    DisputeState.LOST: _("Lost"),
    DisputeState.WON: _("Won"),
}
MISFITS: dict[str, Promise] = {
    Misfit.UNKNOWN_REFERENCE: _(
        "The processor speaks of a payment that we never asked for. Find out whose money it is."
    ),
    Misfit.OTHER_REFERENCE: _(
        "The processor speaks of one of our payments, but of another checkout than ours. "
        "It may have been paid twice."
    ),
    Misfit.WRONG_AMOUNT: _("The sum is not the one that we asked for."),
    Misfit.PAID_AFTER_FAILURE: _("The payment had failed, and now money came for it."),
    Misfit.PAID_TOO_LATE: _("The time to pay was over, and now money came for it."),
    Misfit.PAID_AFTER_CANCELLATION: _("The payment was cancelled, and now money came for it."),
    Misfit.FAILED_AFTER_PAID: _("The payment was paid, and now the processor says that it failed."),
    Misfit.UNKNOWN_REFUND: _("The processor speaks of a refund that we never asked for."),
    Misfit.REFUND_CONTRADICTED: _(
        "The processor has told us two different things about one refund."
    ),
}
PURPOSES: dict[str, Promise] = {
    Purpose.PROCESSOR: _("Owed to us by the processor"),
    Purpose.BANK: _("Paid out to our bank"),
    Purpose.TAKINGS: _("Takings"),
    Purpose.FEES: _("Fees"),
    Purpose.UNEXPECTED: _("Unexpected money"),
    Purpose.DISPUTED: _("Kept back for disputes"),
    Purpose.WRITTEN_OFF: _("Written off"),
}
ENTRY_KINDS: dict[str, Promise] = {
    EntryKind.PAYMENT: _("Payment"),
    EntryKind.UNEXPECTED: _("Unexpected money came"),
    EntryKind.ACCEPTED: _("Unexpected money kept"),
    EntryKind.REFUND: _("Refund"),
    EntryKind.FEE: _("Fee"),
    EntryKind.CHARGEBACK: _("Chargeback"),
    EntryKind.RETURNED: _("Dispute won"),
    EntryKind.PAYOUT: _("Payout"),
    EntryKind.WRITE_OFF: _("Write-off"),
}
WAYS: dict[str, Promise] = {  # to pay, by the processor
    "sandbox": _("Debit or credit card"),
    "stripe": _("Debit or credit card"),
    "counter": _("Bank transfer, or at the counter"),
}
WEBHOOK_EVENTS: dict[WebhookEvent, Promise] = {
    WebhookEvent.STARTED: _("A payment was started"),
    WebhookEvent.SUCCEEDED: _("A payment succeeded"),
    WebhookEvent.CAPTURED: _("A payment was captured"),
    WebhookEvent.SETTLED: _("A payment was paid out to our bank"),
    WebhookEvent.REFUNDED: _("A payment was refunded, in part or in full"),
    WebhookEvent.FAILED: _("A payment failed"),
    WebhookEvent.EXPIRED: _("A payment was not made in time"),
    WebhookEvent.REFUND_FAILED: _("A refund failed"),
    WebhookEvent.DISPUTED: _("A dispute was opened, or moved on"),
}
