"""Who saw what and why, with whose consent, for how long, and giving it back."""
