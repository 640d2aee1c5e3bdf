"""Who someone is, how sure we are, and what they may do."""
