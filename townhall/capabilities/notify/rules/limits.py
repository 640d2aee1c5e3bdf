"""How much a sender's programs may send, and how long templates may be: GOV.UK Notify's numbers."""

from collections.abc import Mapping

IN_TRIAL_A_DAY = 50  # of each channel
EMAILS_A_DAY = 250_000
TEXTS_A_DAY = 250_000
LETTERS_A_DAY = 20_000
TEXTS_ABROAD_A_DAY = 100
MOST_GUESTS = 5  # beside the team
MOST_TEAM = 50
LONGEST_SUBJECT = 1_000  # characters, of a template
LONGEST_BODY = 2_000_000


def in_trial(agreed: Mapping[str, int]) -> dict[str, int]:
    """What is left of the numbers that a sender may send once it is live."""
    return {of: min(most, IN_TRIAL_A_DAY) for of, most in agreed.items()}
