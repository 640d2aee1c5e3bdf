"""/pay/: the pages of staff."""

from django.urls import path

from townhall.capabilities.pay.pages import agreements, ledger, refunding, takings, tills, webhooks
from townhall.capabilities.pay.pages import transactions as payments

urlpatterns = [
    path("transactions/", payments.index, name="transactions"),
    path("transactions/export.csv", payments.export_csv, name="export_csv"),
    path("transactions/export.xlsx", payments.export_excel, name="export_excel"),
    path("transactions/<uuid:payment_id>/", payments.one, name="transaction"),
    path("transactions/<uuid:payment_id>/cancel/", payments.cancel, name="cancel_payment"),
    path("transactions/<uuid:payment_id>/refund/", refunding.ask_how_much, name="refund"),
    path("transactions/<uuid:payment_id>/refund/check/", refunding.check, name="check_refund"),
    path("approvals/", refunding.approvals, name="approvals"),
    path("approvals/<uuid:refund_id>/", refunding.decide, name="decide_refund"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/<uuid:agreement_id>/", agreements.agreement, name="agreement"),
    path("agreements/<uuid:agreement_id>/cancel/", agreements.cancel, name="cancel_agreement"),
    path("disputes/", agreements.disputes, name="disputes"),
    path("disputes/<uuid:dispute_id>/", agreements.dispute, name="dispute"),
    path("tills/", tills.index, name="tills"),
    path("tills/new/", tills.add, name="add_till"),
    path("tills/<uuid:till_id>/", tills.one, name="till"),
    path("tills/<uuid:till_id>/takes/", tills.change, name="change_till"),
    path("tills/<uuid:till_id>/keys/new/", tills.make_key, name="make_key"),
    path("tills/keys/<uuid:key_id>/revoke/", tills.revoke_key, name="revoke_key"),
    path("tills/<uuid:till_id>/webhooks/new/", webhooks.add, name="add_webhook"),
    path("tills/webhooks/<uuid:webhook_id>/", webhooks.one, name="webhook"),
    path("tills/webhooks/<uuid:webhook_id>/change/", webhooks.change, name="change_webhook"),
    path("tills/webhooks/<uuid:webhook_id>/secret/", webhooks.renew_secret, name="renew_secret"),
    path("tills/webhooks/<uuid:webhook_id>/remove/", webhooks.remove, name="remove_webhook"),
    path("tills/webhooks/messages/<uuid:message_id>/again/", webhooks.try_again, name="try_again"),
    path("takings/", takings.index, name="takings"),
    path("ledger/", ledger.index, name="ledger"),
    path("ledger/entries.csv", ledger.export, name="export_entries"),
    path("ledger/entries/<uuid:entry_id>/", ledger.entry, name="entry"),
    path("ledger/accounts/<int:account_id>/", ledger.account, name="account"),
    path("ledger/accounts/<int:account_id>/write-off/", ledger.write_off, name="write_off"),
]
