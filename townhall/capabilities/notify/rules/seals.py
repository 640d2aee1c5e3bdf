"""Files that can be read only with the key in their link, which is kept nowhere."""

import hashlib
import hmac
import secrets
from datetime import timedelta
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.core.signing import BadSignature, TimestampSigner

PROOF_LASTS = timedelta(minutes=15)
NONCE = 12  # bytes before what is sealed, as AES-GCM has it


def make_key() -> str:
    """192 bits, in letters that links may have."""
    return secrets.token_urlsafe(24)


def digest_of(key: str) -> bytes:
    """What a key is known by."""
    return _derive(key, b"digest")


def fits(key: str, digest: bytes) -> bool:
    return hmac.compare_digest(digest_of(key), digest)


def digest_of_address(key: str, address: str) -> bytes:
    """What an email address is known by to whoever has the key. Capitals do not count."""
    return hmac.digest(_derive(key, b"address"), address.lower().encode(), hashlib.sha256)


def is_address(key: str, address: str, digest: bytes) -> bool:
    return hmac.compare_digest(digest_of_address(key, address), digest)


def make_proof(file_id: UUID) -> str:
    """That someone has just named the address that a file went to."""
    return _signer().sign(str(file_id))


def proves(proof: str, file_id: UUID) -> bool:
    try:
        return _signer().unsign(proof, max_age=PROOF_LASTS) == str(file_id)
    except BadSignature:
        return False


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="notify.file")


def seal(key: str, content: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(_derive(key, b"seal")).encrypt(nonce, content, None)


def unseal(key: str, sealed: bytes) -> bytes:
    """Raises ValueError if it was sealed with another key, or altered."""
    try:
        return AESGCM(_derive(key, b"seal")).decrypt(sealed[:NONCE], sealed[NONCE:], None)
    except InvalidTag:
        raise ValueError("sealed with another key") from None


def _derive(key: str, purpose: bytes) -> bytes:
    info = b"notify.files." + purpose
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(key.encode())
