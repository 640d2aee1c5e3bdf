"""The staff pages, the settings and the failed work."""
