"""Outside suppliers of identity."""
