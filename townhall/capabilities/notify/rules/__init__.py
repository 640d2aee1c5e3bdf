"""Who may be written to, and how a program proves its key."""
