"""`townhall make_api_key NAME --organisation SLUG`: a key for a program that sends messages."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from townhall.capabilities.notify import operations, permissions
from townhall.capabilities.notify.records import FIRST_SENDER, KeyType
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Refused
from townhall.machinery.organisations import every_organisation


class Command(BaseCommand):
    help = "Make a key for a program that sends messages, and print it this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="what the program is called")
        parser.add_argument("--organisation", required=True, help="the slug of the organisation")
        parser.add_argument(
            "--sender", default=FIRST_SENDER, help="whose templates it sends with: a service's slug"
        )
        parser.add_argument("--type", choices=[each.value for each in KeyType], default="live")

    def handle(self, *args: object, **options: str) -> None:
        ids = {each.slug: each.id for each in every_organisation()}
        slug = options["organisation"]
        if slug not in ids:
            raise CommandError(f"There is no organisation {slug}, only {', '.join(sorted(ids))}.")
        actor = Actor("command:make_api_key", frozenset({permissions.MANAGE_KEYS}), ids[slug])
        try:
            key = operations.make_api_key(
                actor,
                name=options["name"],
                key_type=KeyType(options["type"]),
                sender=options["sender"],
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(key.text)
