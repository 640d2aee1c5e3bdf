"""Payments: receipts, and what staff do when money does not fit."""
