"""Secrets are read back with the key, and for the purpose, that they were hidden with."""

from pytest_django import Settings

from townhall.machinery.secrets import hide, reveal

# Hidden by the first release that had any. If this cannot be read, nor can anyone's API keys.
KEY = "an old key"
HIDDEN = (
    b"gAAAAABrBM1HzY8_H0iBaoA-f6YY_YYyQWoXvDEIvQlx2CUN9tsVVc_QHjlun0QRZvU61W8_QhcTgX5XWdoxfKK-"
    b"RKxqz8z6hA=="
)


def test_what_was_hidden_long_ago_is_still_read(settings: Settings) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key", [KEY]

    assert reveal(HIDDEN, purpose="notify.api_keys") == "said again"


def test_a_secret_is_read_for_its_own_purpose_only(settings: Settings) -> None:
    hidden = hide("said again", purpose="pay.secrets")

    assert reveal(memoryview(hidden), purpose="pay.secrets") == "said again"
    assert reveal(hidden, purpose="notify.api_keys") == ""
    settings.SECRET_KEY = "another"
    assert reveal(hidden, purpose="pay.secrets") == ""
