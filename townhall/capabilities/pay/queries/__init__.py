"""What can be known of payments, refunds, notices, tills and the ledger."""

from townhall.capabilities.pay.queries.payments import (
    get_notice,
    get_payment,
    get_payment_of_payer,
    get_sandbox_checkout,
    get_till,
    identify_program,
    list_keys,
    list_payments,
    list_refunds,
    list_tills,
    list_unfit_notices,
)

__all__ = [
    "get_notice",
    "get_payment",
    "get_payment_of_payer",
    "get_sandbox_checkout",
    "get_till",
    "identify_program",
    "list_keys",
    "list_payments",
    "list_refunds",
    "list_tills",
    "list_unfit_notices",
]
