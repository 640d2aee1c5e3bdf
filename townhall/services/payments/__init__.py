"""Payments: what staff do when money does not fit."""
