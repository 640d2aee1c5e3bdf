"""What pay refuses."""

from townhall.machinery.errors import Conflict, Invalid, NotFound


class NoSuchPayment(NotFound):
    code = "pay.no_such_payment"


class NoSuchNotice(NotFound):
    code = "pay.no_such_notice"


class NoSuchCheckout(NotFound):
    """The sandbox knows no checkout of that reference."""

    code = "pay.no_such_checkout"


class AlreadySettled(Conflict):
    """The payment is paid or has failed: no card page can be opened for it."""

    code = "pay.already_settled"


class PaymentExpired(Conflict):
    """The time to pay is over."""

    code = "pay.payment_expired"


class NotPaid(Conflict):
    """There is no money to give back."""

    code = "pay.not_paid"


class RefundTooLarge(Conflict):
    """With the refunds before, this one would give back more than was paid."""

    code = "pay.refund_too_large"


class CheckoutClosed(Conflict):
    """The sandbox takes no card for this checkout any more."""

    code = "pay.checkout_closed"


class ForgedNotice(Invalid):
    """A notice that the processor did not sign."""

    code = "pay.forged_notice"


class StaleNotice(Invalid):
    """A notice signed too long ago, or in the future: the processor signs anew when it retries."""

    code = "pay.stale_notice"


class UnreadableNotice(Invalid):
    """The processor's own notice, in a shape that we do not know."""

    code = "pay.unreadable_notice"


class NoticeTooLong(Invalid):
    code = "pay.notice_too_long"
    status = 413
