"""Secrets that we must be able to say again, readable only with this installation's SECRET_KEY."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def hide(secret: str, *, purpose: str) -> bytes:
    """What is hidden for one purpose, like "notify.api_keys", is read for no other."""
    return _cipher(purpose).encrypt(secret.encode())


def reveal(hidden: bytes | memoryview, *, purpose: str) -> str:
    """The secret; "" if it was hidden with a SECRET_KEY that is no longer known."""
    try:
        return _cipher(purpose).decrypt(bytes(hidden)).decode()
    except InvalidToken:
        return ""


def _cipher(purpose: str) -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derive(str(key), purpose)) for key in keys])


def _derive(key: str, purpose: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
    return base64.urlsafe_b64encode(derived.derive(key.encode()))
