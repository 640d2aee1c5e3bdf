"""Helpers for tests of any layer."""

from townhall.machinery.queue import run_waiting


def run_tasks(*, with_later_ones: bool = False) -> int:
    """Run queued tasks that are due, and those they queue, until none is left; say how many ran."""
    return run_waiting(with_later_ones=with_later_ones)
