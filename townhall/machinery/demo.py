"""The demo town: each app tells its part of the story through its own doors, as time goes by."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from uuid import UUID

from townhall.machinery.organisations import Organisation
from townhall.machinery.queue import run_waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """The town being made. The same seed gives the same story."""

    organisation: Organisation
    players: Mapping[str, UUID]  # person ids by key: "resident", "crew", "caseworker" ...
    say: Callable[[str], None]  # how far it is
    at: Callable[[datetime], AbstractContextManager[object]]  # what is done inside is done then
    random: Random = field(default_factory=lambda: Random(2026))  # noqa: S311  # a story, no secret

    def settle(self, *, dropped: tuple[str, ...] = ()) -> None:
        """Let everything that is queued happen now; tasks named in `dropped` do not happen."""
        run_waiting(dropped=dropped)


Story = Callable[[Town], None]
_stories: list[Story] = []


def tells(story: Story) -> Story:
    """Have the demo town include this story; an app's `demo.py` says so."""
    if story not in _stories:
        _stories.append(story)
    return story


def tell_all(town: Town) -> None:
    for story in _stories:
        story(town)
