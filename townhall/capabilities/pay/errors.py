"""What pay refuses."""

from townhall.machinery.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany


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


class NoSuchLink(NotFound):
    """No payment link of that address, or one that is closed."""

    code = "pay.no_such_link"


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


class NoSuchDispute(NotFound):
    code = "pay.no_such_dispute"


class NoSuchAccount(NotFound):
    """The ledger has no such account."""

    code = "pay.no_such_account"


class NoSuchEntry(NotFound):
    """The ledger has no such entry."""

    code = "pay.no_such_entry"


class MoreThanBalance(Conflict):
    """No more can be written off than an account stands at."""

    code = "pay.more_than_balance"


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


class MotoNotOffered(NotOffered):
    """The till takes no mail orders or telephone orders."""

    code = "pay.moto_not_offered"


class MotoApiNotOffered(NotOffered):
    """The till, or its processor, takes no cards from programs."""

    code = "pay.moto_api_not_offered"


class RecurringNotOffered(NotOffered):
    """The till takes no recurring payments."""

    code = "pay.recurring_not_offered"


class TelephoneNotOffered(NotOffered):
    """The till is not told of payments on the telephone."""

    code = "pay.telephone_not_offered"


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


class NoSuchPage(NotFound):
    """A search has no page of that number."""

    code = "pay.no_such_page"


class NoSuchWebhook(NotFound):
    """No such webhook, or nothing of that name that one was to be told."""

    code = "pay.no_such_webhook"


class TooManyWebhooks(Conflict):
    code = "pay.too_many_webhooks"


class TooFast(TooMany):
    """A program asks more often in a second than it may."""

    code = "pay.too_fast"


class AskedOtherwise(Conflict):
    """The key of a program was used before, for something else."""

    code = "pay.asked_otherwise"


class TillClosed(NotAllowed):
    """Nothing is begun at a closed till."""

    code = "pay.till_closed"


class AgreementNotActive(Conflict):
    code = "pay.agreement_not_active"


class TokenUnknown(NotFound):
    """No payment waits for a card under that one-time token."""

    code = "pay.token_unknown"


class TokenUsed(Conflict):
    """A card was sent under that one-time token already."""

    code = "pay.token_used"


class CurrencyNotTaken(Invalid):
    """The organisation does not take money of that currency."""

    code = "pay.currency_not_taken"
