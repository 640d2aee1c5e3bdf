"""PostgreSQL: where it is, and one of our own where there is none."""
