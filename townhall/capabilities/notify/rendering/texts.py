"""A text message as phones get it, and how many parts it is sent in: GSM 03.38 and UCS-2.

https://www.notifications.service.gov.uk/pricing/text-messages
"""

import re
import unicodedata

from django.utils.translation import gettext as _

from townhall.capabilities.notify.errors import MessageTooLong
from townhall.capabilities.notify.records import Personalisation
from townhall.capabilities.notify.rendering.placeholders import fill_plain

LONGEST_SMS = 918  # characters of what write_sms gives, whatever their cost
LONGEST_PREFIX = 40

_SMALL = "@£$¥èéùìòÇ\n\rØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ÄÖÑÜ§¿äöñüà"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_DOUBLE = frozenset("^{}\\[~]|€")  # sent as an escape and a character
_GSM = frozenset(_SMALL + _LETTERS) | _DOUBLE
_WELSH = frozenset("àáâäèéêëìíîïòóôöùúûüẁẃŵẅỳýŷÿÀÁÂÄÈÉÊËÌÍÎÏÒÓÔÖÙÚÛÜẀẂŴẄỲÝŶŸ")
_SENT = _GSM | _WELSH
_PLAINER = str.maketrans(
    {
        "‐": "-",
        "‑": "-",
        "‒": "-",
        "–": "-",
        "—": "-",
        "−": "-",
        "…": "...",
        "‘": "'",
        "’": "'",
        "‚": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "\t": " ",
        "\u00a0": " ",
        "\u202f": " ",
        **dict.fromkeys("\u180e\u200b\u200c\u200d\u2028\u2029\u2060\ufeff", ""),
    }
)
_SPACE_BEFORE_STOP = re.compile(r"[ \t]+([,.])")
_EMPTY_LINES = re.compile(r"\n{3,}")


def write_sms(body: str, values: Personalisation) -> str:
    """The text to send: its placeholders filled.

    Letters that phones may lack become plainer ones, and what has none a question mark; Welsh
    letters stay. Line ends become LF, with at most one empty line between paragraphs.
    """
    filled = fill_plain(body, values)
    plain = _SPACE_BEFORE_STOP.sub(r"\1", _in_plain_letters(filled))
    lines = (" ".join(line.split()) for line in plain.splitlines())
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def begin_with(prefix: str, text: str) -> str:
    """What is sent of a sender whose texts have a prefix; LONGEST_SMS is without it."""
    return f"{prefix}: {text}" if prefix else text


def clean_prefix(typed: str) -> str:
    """As texts have it, without the colon that follows. Raises MessageTooLong."""
    prefix = " ".join(write_sms(typed, {}).split()).rstrip(": ")
    if len(prefix) > LONGEST_PREFIX:
        raise MessageTooLong(_("Use %(most)d characters or fewer") % {"most": LONGEST_PREFIX})
    return prefix


def count_fragments(text: str) -> int:
    """In how many parts, each paid for, a text is sent. One letter beyond GSM makes all dearer."""
    if any(letter not in _GSM for letter in text):
        return _parts(len(text), alone=70, of_many=67)
    return _parts(len(text) + sum(letter in _DOUBLE for letter in text), alone=160, of_many=153)


def _parts(length: int, *, alone: int, of_many: int) -> int:
    return 1 if length <= alone else -(-length // of_many)


def _in_plain_letters(text: str) -> str:
    """First composed, since some keyboards write ŵ as a w and a roof."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(map(_plain, composed.translate(_PLAINER)))


def _plain(letter: str) -> str:
    """The letter without those of its accents that cannot be sent."""
    while letter not in _SENT:
        first = unicodedata.decomposition(letter).split(" ")[0]
        if not letter.isalpha() or not first or first.startswith("<"):
            return "?"
        letter = chr(int(first, 16))
    return letter
