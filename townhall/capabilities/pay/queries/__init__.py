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
from townhall.capabilities.pay.queries.settlements import (
    find_instructions,
    get_settlement,
    get_settlement_line,
    get_to_pay_back,
    list_processors,
    list_settlement_lines,
    list_settlements,
    list_to_pay_back,
    list_unmatched_lines,
)

__all__ = [
    "find_instructions",
    "get_notice",
    "get_payment",
    "get_payment_of_payer",
    "get_sandbox_checkout",
    "get_settlement",
    "get_settlement_line",
    "get_till",
    "get_to_pay_back",
    "identify_program",
    "list_keys",
    "list_payments",
    "list_processors",
    "list_refunds",
    "list_settlement_lines",
    "list_settlements",
    "list_tills",
    "list_to_pay_back",
    "list_unfit_notices",
    "list_unmatched_lines",
]
