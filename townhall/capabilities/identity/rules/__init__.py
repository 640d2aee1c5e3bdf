"""The algorithms that identity exists for."""
