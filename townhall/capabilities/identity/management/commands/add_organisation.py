"""`add_organisation SLUG NAME`: open an organisation on this installation."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from townhall.capabilities.identity import operations, permissions
from townhall.machinery import organisations
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Refused
from townhall.machinery.organisations import Organisation
from townhall.machinery.wording import Wording

NOBODYS = UUID(int=0)  # whose audit an organisation's beginning stands in: it is not there yet


class Command(BaseCommand):
    help = "Open an organisation: its short name, its name, the host names of its pages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="a short name in lower case, for commands: newtown")
        parser.add_argument("name", help='what people call it: "Newtown Council"')
        parser.add_argument(
            "--host", action="append", default=[], help="a host name of its pages; may be repeated"
        )
        parser.add_argument("--administrator", metavar="EMAIL", help="who manages its people")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        operator = Actor("command", frozenset({permissions.RUN_INSTALLATION}), NOBODYS)
        try:
            opened = operations.add_organisation(
                operator,
                slug=options["slug"],
                name=Wording(options["name"]),
                hosts=options["host"],
            )
            organisations.prepare(opened)
            if options["administrator"]:
                _give_administrator(opened, options["administrator"])
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{opened.name} is open at {opened.address or 'every host name'}.")


def _give_administrator(opened: Organisation, email: str) -> None:
    may = frozenset({permissions.MANAGE_PEOPLE})
    name = email.partition("@")[0]
    operations.add_member(
        Actor("command", may, opened.id), email=email, name=name, roles=["administrator"]
    )
