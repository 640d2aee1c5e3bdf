"""Bulky waste: a resident books and pays for the organisation to take away large things."""
