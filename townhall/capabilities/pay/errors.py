"""What pay refuses."""

from townhall.machinery.errors import Conflict, Invalid, NotAllowed, NotFound


class NoSuchPayment(NotFound):
    code = "pay.no_such_payment"


class NoSuchNotice(NotFound):
    code = "pay.no_such_notice"


class NoSuchCheckout(NotFound):
    """The sandbox knows no checkout of that reference."""

    code = "pay.no_such_checkout"


class NoSuchProcessor(NotFound):
    code = "pay.no_such_processor"


class NoSuchTill(NotFound):
    code = "pay.no_such_till"


class NoSuchKey(NotFound):
    code = "pay.no_such_key"


class NameTaken(Conflict):
    code = "pay.name_taken"


class KeyRefused(NotAllowed):
    """No key of ours, or one that was revoked."""

    code = "pay.key_refused"
    status = 401


class NoSuchAgreement(NotFound):
    code = "pay.no_such_agreement"


class NoSuchRefund(NotFound):
    code = "pay.no_such_refund"


class NoSuchSettlement(NotFound):
    """No payout of that name has been read."""

    code = "pay.no_such_settlement"


class NoSuchLine(NotFound):
    """Of a settlement report."""

    code = "pay.no_such_line"


class NotInThatState(Conflict):
    """The payment, refund or agreement is past what was asked of it, or not there yet."""

    code = "pay.not_in_that_state"


class NotOffered(Conflict):
    """The processor, or the till, does not do that."""

    code = "pay.not_offered"


class CardRefused(Conflict):
    """The card's bank said no. `cause` says why, as far as it is told."""

    code = "pay.card_refused"
    status = 402


class ChangedMeanwhile(Conflict):
    """Less is left to refund than the asker thought."""

    code = "pay.changed_meanwhile"
    status = 412


class SamePerson(Conflict):
    """Who proposed a refund cannot approve it."""

    code = "pay.same_person"


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
