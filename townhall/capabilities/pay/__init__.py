"""Money in, money out, and a ledger that always balances."""
