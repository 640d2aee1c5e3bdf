"""Which suppliers a message may go to now, and when one that fails is left alone for a while.

Failures in a row send a supplier to rest, so that messages and workers do not wait for it. After
its rest one message tries it; if that fails, it rests again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from townhall.capabilities.notify.records import Trouble

MOST_FAILURES = 5  # in a row
REST = timedelta(minutes=1)


def in_order(
    names: Sequence[str], *, given_to: str, troubles: Mapping[str, Trouble], now: datetime
) -> list[str]:
    """Those to try, the preferred one first.

    A message that one may have already goes to that one again or to none, or two might send it.
    """
    mine = [name for name in names if given_to in ("", name)]
    return [name for name in mine if not is_resting(troubles.get(name), now)]


def is_resting(trouble: Trouble | None, now: datetime) -> bool:
    return trouble is not None and trouble.rests_until is not None and now < trouble.rests_until


def is_rested(trouble: Trouble | None, now: datetime) -> bool:
    """Whether it has rested and nobody knows yet if that helped."""
    return trouble is not None and trouble.rests_until is not None and trouble.rests_until <= now
