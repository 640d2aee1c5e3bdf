"""Helpers for tests of any layer."""

import base64

from townhall.machinery.queue import run_waiting

# What every virus scanner takes for a virus (https://www.eicar.org); in base64, or it would take
# this file for one.
EICAR = base64.b64decode(
    b"WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FSLVNUQU5EQVJELUFOVElWSVJVUy1URVNULUZJTEUhJEgrSCo="
)


def run_tasks(*, with_later_ones: bool = False) -> int:
    """Run queued tasks that are due, and those they queue, until none is left; say how many ran."""
    return run_waiting(with_later_ones=with_later_ones)
