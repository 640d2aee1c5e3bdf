"""`townhall pay_client_fixtures`: what smoke tests of GOV.UK Pay's API need."""

import hashlib
from argparse import ArgumentParser
from urllib.parse import urljoin

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from townhall.capabilities.pay import operations, permissions
from townhall.machinery.actors import Actor
from townhall.machinery.organisations import every_organisation


class Command(BaseCommand):
    help = "Make a test till with a key for programs written for GOV.UK Pay, and print its names."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--organisation", default="", help="its slug; not needed for an only one"
        )
        parser.add_argument(
            "--url", default=settings.BASE_URL or "http://localhost:8000", help="where we answer"
        )

    def handle(self, *args: object, **options: str) -> None:
        organisations = {each.slug: each.id for each in every_organisation()}
        slug = options["organisation"] or (
            next(iter(organisations)) if len(organisations) == 1 else ""
        )
        if slug not in organisations:
            known = ", ".join(sorted(organisations)) or "none"
            raise CommandError(f"Say which organisation with --organisation. There are: {known}.")
        may = frozenset({permissions.MANAGE})
        actor = Actor("command:pay_client_fixtures", may, organisations[slug])
        key, link = operations.make_client_fixtures(actor, secret=_secret(slug))
        for name, value in {
            "PAY_API_URL": options["url"],
            "PAY_API_KEY": key,
            "PAYMENT_LINK_URL": urljoin(options["url"], reverse("pay:link", args=[link])),
        }.items():
            self.stdout.write(f"export {name}='{value}'")


def _secret(slug: str) -> str:
    """The same each time on this installation, and guessed by nobody without its SECRET_KEY."""
    words = f"pay_client_fixtures:{slug}:{settings.SECRET_KEY}"
    return hashlib.sha256(words.encode()).hexdigest()[:40]
