"""The algorithms of identity."""
