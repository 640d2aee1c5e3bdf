"""One message to one person: text, email or letter."""
