"""Front door: what an organisation offers, and where to go for it."""
