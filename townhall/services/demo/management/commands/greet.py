"""`townhall greet`: what `townhall up --demo` prints when the town is up."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.urls import reverse

from townhall.machinery.organisations import every_organisation
from townhall.services.demo.operations import make_links, open_till
from townhall.services.demo.queries import find_program
from townhall.services.demo.service import DEMO, PLAYERS


class Command(BaseCommand):
    help = "Print a one-use sign-in link for each of the demo's people, and programs' keys."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--address", required=True, help="http://localhost:8000/")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        organisation = every_organisation()[0]
        actor = DEMO.acting_alone(organisation.id)
        links = make_links(actor)
        self.stdout.write("\n  Sign in once as:")
        for player in PLAYERS:
            url = address.rstrip("/") + reverse("demo:enter", args=[links[player.key]])
            self.stdout.write(f"    {player.key:<14} {player.name:<12} {url}")
        program = find_program(actor)
        if program:
            self.stdout.write("\n  For GOV.UK Notify's clients (docs/how-to):")
            self.stdout.write(f"    key       {program.key}")
            self.stdout.write(f"    template  {program.template_id}")
            till = open_till(actor)
            link = address.rstrip("/") + reverse("pay:link", args=[till.link])
            self.stdout.write("\n  For programs written for GOV.UK Pay (docs/how-to):")
            self.stdout.write(f"    key       {till.key}")
            self.stdout.write(f"    link      {link}\n")
