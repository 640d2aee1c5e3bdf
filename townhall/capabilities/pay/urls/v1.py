"""/v1/: GOV.UK Pay's API."""

from django.urls import path

from townhall.capabilities.pay.api import agreements, others, payments, refunds, wire

urlpatterns = [
    path("payments", payments.payments, name="pay_v1_payments"),
    path("payments/<str:payment_id>", payments.payment, name="pay_v1_payment"),
    path("payments/<str:payment_id>/events", payments.events, name="pay_v1_events"),
    path("payments/<str:payment_id>/cancel", payments.cancel, name="pay_v1_cancel"),
    path("payments/<str:payment_id>/capture", payments.capture, name="pay_v1_capture"),
    path("payments/<str:payment_id>/refunds", refunds.refunds, name="pay_v1_refunds"),
    path(
        "payments/<str:payment_id>/refunds/<str:refund_id>",
        refunds.refund,
        name="pay_v1_refund",
    ),
    path("refunds", refunds.search, name="pay_v1_search_refunds"),
    path("transactions", payments.transactions, name="pay_v1_transactions"),
    path("agreements", agreements.agreements, name="pay_v1_agreements"),
    path("agreements/<str:agreement_id>", agreements.agreement, name="pay_v1_agreement"),
    path(
        "agreements/<str:agreement_id>/cancel",
        agreements.cancel,
        name="pay_v1_cancel_agreement",
    ),
    path("auth", others.authorise, name="pay_v1_auth"),
    path("disputes", others.disputes, name="pay_v1_disputes"),
    path("payment_notification", others.payment_notification, name="pay_v1_telephone"),
    path("<path:rest>", wire.nothing_here, name="pay_v1_nothing"),
]
