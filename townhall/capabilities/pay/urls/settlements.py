"""/pay/: what finance does."""

from django.urls import path

from townhall.capabilities.pay.pages import receipts, settlements

urlpatterns = [
    path("reconciliation/", settlements.unmatched, name="reconciliation"),
    path("reconciliation/lines/<uuid:line_id>/", settlements.explain, name="explain_line"),
    path("reconciliation/import/", settlements.import_report, name="import_settlement"),
    path("reconciliation/payouts/", settlements.payouts, name="payouts"),
    path("reconciliation/payouts/<uuid:settlement_id>/", settlements.payout, name="payout"),
    path("by-bank/", receipts.index, name="by_bank"),
    path("by-bank/receipt/", receipts.record, name="record_receipt"),
    path("by-bank/statement/", receipts.import_statement, name="import_statement"),
    path("by-bank/refunds/<uuid:refund_id>/", receipts.pay_back, name="pay_back"),
]
