"""The questions a service asks, and the answers."""
