"""The keys of relying parties: a public key in PEM, or a JSON Web Key Set, as they gave it."""

import json
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey, import_key

LEAST_RSA_BITS = 2048
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256")
PRIVATE = "PRIVATE KEY"
Key = ECKey | RSAKey


class UnfitKey(ValueError):
    """It cannot be read, or is not of a kind that we trust."""


class PrivateKeyGiven(UnfitKey):
    """Somebody gave away the half that nobody else may have."""


def read_pem(pem: str) -> str:
    """The public key as a JSON Web Key."""
    if PRIVATE in pem:
        raise PrivateKeyGiven
    for kind in (RSAKey, ECKey):
        try:
            key = kind.import_key(pem.strip())
        except (JoseError, ValueError, TypeError):
            continue
        return json.dumps(_fit(key).as_dict(private=False))
    raise UnfitKey


def read_set(written: bytes) -> str:
    """Those of a JSON Web Key Set that we trust, as a set; the rest may be for others."""
    try:
        given = json.loads(written)["keys"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise UnfitKey from error
    each_given = given if isinstance(given, list) else []
    known = [key for key in map(_of_set, each_given) if key is not None]
    if not known:
        raise UnfitKey
    return json.dumps({"keys": known})


def keys_of(stored: str) -> Key | KeySet:
    """What `read_pem` or `read_set` has made, ready to check a signature with.

    A lone key is good whatever `kid` stands beside the signature; of a set, the `kid` picks one.
    """
    found = json.loads(stored)
    if "keys" in found:
        return KeySet.import_key_set(found)
    return _fit(import_key(found))


def _of_set(given: object) -> dict[str, Any] | None:  # Any: a JSON Web Key
    if not isinstance(given, dict) or given.get("use", "sig") != "sig":
        return None
    try:
        key = _fit(import_key(given))
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return key.as_dict(private=False)


def _fit(key: object) -> Key:
    if isinstance(key, RSAKey) and key.raw_value.key_size >= LEAST_RSA_BITS:
        return key
    if isinstance(key, ECKey) and key.curve_name == "P-256":
        return key
    raise UnfitKey
