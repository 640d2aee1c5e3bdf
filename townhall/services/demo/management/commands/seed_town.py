"""`townhall seed_town`: make the demo town, once."""

import time
from functools import partial
from typing import Any
from uuid import UUID

import time_machine
from django.core.management.base import BaseCommand, CommandParser

from townhall.machinery import demo, organisations
from townhall.machinery.actors import Actor
from townhall.services.demo.operations import begin_town, fill_town, send_much
from townhall.services.demo.service import DEMO

NOBODYS = UUID(int=0)  # whose audit an organisation's beginning stands in: it is not there yet


class Command(BaseCommand):
    help = "Make the demo town with twelve weeks behind it; does nothing where there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--without-past", action="store_true", help="a town in which nothing has happened yet"
        )

    def handle(self, *args: Any, without_past: bool, **options: Any) -> None:
        if organisations.every_organisation():
            return
        started = time.monotonic()
        town = begin_town(DEMO.acting_alone(NOBODYS), slug="pontafon")
        organisations.prepare(town)
        actor: Actor = DEMO.acting_alone(town.id)
        players = fill_town(actor)
        if not without_past:
            at = partial(time_machine.travel, tick=True)
            demo.tell_all(demo.Town(organisation=town, players=players, say=self._say, at=at))
            send_much(actor)
        self.stdout.write(f"  the town is made ({time.monotonic() - started:.0f} s)")

    def _say(self, text: str) -> None:
        self.stdout.write(f"  {text}")
        self.stdout.flush()
