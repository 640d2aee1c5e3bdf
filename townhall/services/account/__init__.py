"""My account: what a person has asked for, and who has looked at their data."""
