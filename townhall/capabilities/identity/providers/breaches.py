"""Have I Been Pwned: whether a password stands in lists of stolen ones."""

from django.conf import settings
from pwned_passwords_django.api import PwnedPasswords
from pwned_passwords_django.exceptions import PwnedPasswordsError


def is_breached(password: str) -> bool:
    """Ask by the first five characters of its hash. No, if nobody is to be asked or can be reached.

    Django's list of common passwords is looked at besides, and needs nobody.
    """
    if not settings.BREACHES:
        return False
    asked = PwnedPasswords()
    asked.api_endpoint = settings.BREACHES
    try:
        return bool(asked.check_password(password))
    except PwnedPasswordsError:  # the library has logged it
        return False
