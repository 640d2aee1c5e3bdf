"""Who may open the pages of staff below /pay/."""

from tests.doors.door import Door, door

SEES = "caseworker administrator"
REFUND = {"how": "full", "amount": "", "reason": "Asked"}
WRITE_OFF = {
    "amount": "0.01",
    "reason": "Rounding",
    "reference": "6f3c1c9e-4b1c-4f55-9d6e-0a8a3ec1f7aa",
    "sure": "yes",
}
HOOK = {
    "url": "https://program.example/told",
    "description": "Our ledger",
    "events": ["card_payment_captured"],
}
PERIOD = "first_on_day=1&first_on_month=1&first_on_year=2020"
UNTIL = "last_on_day=1&last_on_month=1&last_on_year=2099"

OF_STAFF: dict[str, Door] = {
    "pay/transactions/": door(
        SEES, asks=("?reference={pay_reference}", "?stage=paid", "?email={owner_email}")
    ),
    "pay/transactions/export.csv": door(SEES, asks=("?stage=paid",)),
    "pay/transactions/export.xlsx": door(SEES),
    "pay/transactions/<payment_id>/": door(SEES, payment_id="paid_payment"),
    "pay/transactions/<payment_id>/cancel/": door(SEES, payment_id="open_payment", post={}),
    "pay/transactions/<payment_id>/refund/": door(SEES, payment_id="paid_payment", post=REFUND),
    "pay/transactions/<payment_id>/refund/check/": door(
        SEES, payment_id="paid_payment", get=302, post={}
    ),
    "pay/approvals/": door("administrator"),
    "pay/approvals/<refund_id>/": door(
        "administrator", refund_id="proposed_refund", post={"decision": "approve"}
    ),
    "pay/agreements/": door(SEES, asks=("?state=active",)),
    "pay/agreements/<agreement_id>/": door(SEES, agreement_id="agreement"),
    "pay/agreements/<agreement_id>/cancel/": door(SEES, agreement_id="agreement", post={}),
    "pay/disputes/": door(SEES, asks=("?state=needs_response",)),
    "pay/disputes/<dispute_id>/": door(SEES, dispute_id="dispute"),
    "pay/tills/": door("administrator"),
    "pay/tills/new/": door("administrator", post={"name": "Kiosks", "mode": "test"}),
    "pay/tills/<till_id>/": door("administrator", till_id="own_till"),
    "pay/tills/<till_id>/takes/": door(
        "administrator", till_id="own_till", post={"takes": ["takes_moto"], "is_open": "on"}
    ),
    "pay/tills/<till_id>/keys/new/": door(
        "administrator", till_id="own_till", post={"name": "Kiosk"}, done=200
    ),
    "pay/tills/keys/<key_id>/revoke/": door("administrator", key_id="till_key", post={}),
    "pay/tills/<till_id>/webhooks/new/": door("administrator", till_id="own_till", post=HOOK),
    "pay/tills/webhooks/<webhook_id>/": door(
        "administrator", webhook_id="webhook", asks=("?failed=yes",)
    ),
    "pay/tills/webhooks/<webhook_id>/change/": door(
        "administrator", webhook_id="webhook", post=HOOK
    ),
    "pay/tills/webhooks/<webhook_id>/secret/": door("administrator", webhook_id="webhook", post={}),
    "pay/tills/webhooks/<webhook_id>/remove/": door("administrator", webhook_id="webhook", post={}),
    "pay/tills/webhooks/messages/<message_id>/again/": door(
        "administrator", message_id="webhook_message", get=405, post={}
    ),
    "pay/takings/": door(SEES, get=(200, 422), asks=("?period=30&span=week", "?period=x")),
    "pay/ledger/": door("administrator"),
    "pay/ledger/entries.csv": door("administrator", get=(200, 422), asks=(f"?{PERIOD}&{UNTIL}",)),
    "pay/ledger/entries/<entry_id>/": door("administrator", entry_id="entry"),
    "pay/ledger/accounts/<account_id>/": door("administrator", account_id="account"),
    "pay/ledger/accounts/<account_id>/write-off/": door(
        "administrator", account_id="account", post=WRITE_OFF
    ),
    "pay/reconciliation/": door("administrator"),
    "pay/reconciliation/lines/<line_id>/": door(
        "administrator", line_id="line", post={"reason": "Theirs", "what": "explain"}
    ),
    "pay/reconciliation/import/": door("administrator", post={"processor": "sandbox"}, done=422),
    "pay/reconciliation/payouts/": door("administrator"),
    "pay/reconciliation/payouts/<settlement_id>/": door("administrator", settlement_id="payout"),
    "pay/by-bank/": door("administrator"),
    "pay/by-bank/receipt/": door("administrator", post={"number": "1"}, done=422),
    "pay/by-bank/statement/": door("administrator", post={}, done=422),
    "pay/by-bank/refunds/<refund_id>/": door("administrator", refund_id="line", get=404),
}
