"""What payers and staff type."""
