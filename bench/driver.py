"""A process that does one act over and over: `python -m bench.driver ask`.

For each line of its input, a number of seconds, it answers how many times a second it did it.
"""

import importlib
import sys
import threading
import time
from collections.abc import Callable

import django
from django.db import connections


def main() -> None:
    django.setup()
    people = [importlib.import_module("bench.acts").Residents]
    people.append(importlib.import_module("bench.payers").Payers)
    act = next(getattr(who(), sys.argv[1]) for who in people if hasattr(who, sys.argv[1]))
    threads = int(sys.argv[2])
    act()
    print("ready", flush=True)
    for line in sys.stdin:
        print(per_second(act, threads=threads, seconds=float(line)), flush=True)


def per_second(act: Callable[[], object], *, threads: int, seconds: float) -> float:
    counts = [0] * threads
    errors: list[BaseException] = []
    began = time.perf_counter()

    def repeat(number: int) -> None:
        try:
            while time.perf_counter() - began < seconds:
                act()
                counts[number] += 1
        except BaseException as error:  # noqa: BLE001  # raised again below
            errors.append(error)
        finally:
            connections.close_all()

    running = [threading.Thread(target=repeat, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    if errors:
        raise errors[0]
    return sum(counts) / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
