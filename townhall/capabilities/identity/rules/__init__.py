"""Algorithms of identity: no tables, no clock."""
