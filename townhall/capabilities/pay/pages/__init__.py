"""The pages of pay: the payer's, the sandbox's bank, and those of staff."""
