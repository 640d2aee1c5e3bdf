"""A notice that does not fit, with what it was about."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from townhall.capabilities.pay.records import (
    Misfit,
    Notice,
    Payment,
    Refund,
    RefundState,
    State,
)
from townhall.machinery.personal import Personal

EXPLANATIONS: dict[Misfit, Promise] = {
    Misfit.UNKNOWN_REFERENCE: _(
        "The processor speaks of a payment that we never asked for. Find out whose money it is."
    ),
    Misfit.OTHER_REFERENCE: _(
        "The processor speaks of one of our payments, but of another card page than ours. "
        "It may have been paid twice."
    ),
    Misfit.WRONG_AMOUNT: _("The sum is not the one that we asked for."),
    Misfit.PAID_AFTER_FAILURE: _("The payment had failed, and now money came for it."),
    Misfit.FAILED_AFTER_PAID: _("The payment was paid, and now the processor says that it failed."),
    Misfit.UNKNOWN_REFUND: _("The processor speaks of a refund that we never asked for."),
    Misfit.REFUND_CONTRADICTED: _(
        "The processor has told us two different things about one refund."
    ),
}
STATES: dict[str, Promise] = {
    State.OPEN: _("Not paid yet"),
    State.PAID: _("Paid"),
    State.FAILED: _("Failed"),
    State.EXPIRED: _("Not paid in time"),
    RefundState.REQUESTED: _("Asked for"),
    RefundState.SUCCEEDED: _("Given back"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfitNotice(Personal):
    """What staff see of it. There is never a card number in it."""

    id: UUID
    notice: Notice
    payment: Payment | None
    service: str  # the title of the one the payment is for
    refunds: tuple[Refund, ...]

    @property
    def persons(self) -> frozenset[UUID]:
        return self.notice.persons

    @property
    def said(self) -> str:
        return str(STATES[self.notice.said])

    @property
    def payment_state(self) -> str:
        return str(STATES[self.payment.state]) if self.payment else ""

    @property
    def explanation(self) -> str:
        return str(EXPLANATIONS[self.notice.cause]) if self.notice.cause else ""
