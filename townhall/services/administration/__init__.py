"""What staff look after without code: an organisation's settings, and work that failed."""
