"""`give_role ORGANISATION EMAIL ROLE`: let someone in when nobody inside can."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from townhall.capabilities.identity import operations, permissions
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Refused
from townhall.machinery.organisations import every_organisation

MAY = frozenset({permissions.MANAGE_PEOPLE, permissions.RUN_INSTALLATION})


class Command(BaseCommand):
    help = "Give someone a role in an organisation, like its administrator or the operator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organisation", help="its short name: newtown")
        parser.add_argument("email", help="what they sign in with")
        parser.add_argument("role", help="administrator, operator, or another role's short name")
        parser.add_argument("--name", help="who they are; only for someone new")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        by_slug = {each.slug: each for each in every_organisation()}
        if options["organisation"] not in by_slug:
            raise CommandError(f"There is no organisation {options['organisation']}.")
        actor = Actor("command", MAY, by_slug[options["organisation"]].id)
        name = options["name"] or options["email"].partition("@")[0]
        try:
            operations.add_member(actor, email=options["email"], name=name, roles=[options["role"]])
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{options['email']} now has the role {options['role']}.")
