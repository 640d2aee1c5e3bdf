"""QR codes in letters: a line that begins with qr: is printed as the code of what follows.

As GOV.UK Notify has it. https://www.notifications.service.gov.uk/using-notify/formatting
"""

import re
from collections.abc import Iterator
from itertools import groupby

from django.utils.translation import gettext as _

from townhall.capabilities.notify.errors import CodeTooLong
from townhall.capabilities.notify.rendering.markdown import Block, Kind, read_blocks

MOST_BYTES = 504  # with more in it a code is hard to scan
_ASKED = re.compile(r"\s*qr\s*:\s*(?P<words>\S.*)", re.IGNORECASE)


def check_codes(body: str) -> None:
    """Raises CodeTooLong for the first of a letter's codes that would hold too much."""
    for words in codes_in(body):
        size = len(words.encode())
        if size > MOST_BYTES:
            message = _("Cannot create a usable QR code - the link is too long")
            raise CodeTooLong(message, words=words, size=size, most=MOST_BYTES)


def codes_in(body: str) -> list[str]:
    """What each code of a letter holds."""
    parts = (part for block in read_blocks(body) for part in apart(block))
    return [words for part in parts if (words := code_in(part))]


def apart(block: Block) -> Iterator[Block]:
    """The block in its parts: each line that asks for a code is one of its own."""
    if block.kind is not Kind.PARAGRAPH:
        yield block
        return
    for is_asked, lines in groupby(block.lines, key=lambda line: bool(_ASKED.fullmatch(line))):
        if is_asked:
            yield from (Block(block.kind, (line,)) for line in lines)
        else:
            yield Block(block.kind, tuple(lines))


def code_in(part: Block) -> str:
    """What the code holds that the part is; "" if it is none."""
    if part.kind is not Kind.PARAGRAPH:
        return ""
    asked = _ASKED.fullmatch(part.lines[0])
    return asked["words"].strip() if asked else ""
