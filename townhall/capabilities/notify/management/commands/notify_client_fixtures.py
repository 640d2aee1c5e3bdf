"""`townhall notify_client_fixtures`: what GOV.UK Notify's clients need for their own tests."""

import hashlib
from argparse import ArgumentParser
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from townhall.capabilities.notify import operations, permissions
from townhall.machinery.actors import Actor
from townhall.machinery.organisations import every_organisation


class Command(BaseCommand):
    help = "Make what the integration tests of GOV.UK Notify's clients expect, and print its names."

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
        may = frozenset({permissions.MANAGE_KEYS})
        actor = Actor("command:notify_client_fixtures", may, organisations[slug])
        made = operations.make_client_fixtures(actor, secret=_secret(slug))
        for name, value in {
            "NOTIFY_API_URL": options["url"],
            "API_KEY": made.test_key,
            "API_SENDING_KEY": made.live_key,
            "FUNCTIONAL_TEST_NUMBER": made.number,
            "FUNCTIONAL_TEST_EMAIL": made.email,
            "EMAIL_TEMPLATE_ID": made.email_template_id,
            "SMS_TEMPLATE_ID": made.text_template_id,
            "LETTER_TEMPLATE_ID": made.letter_template_id,
            "EMAIL_REPLY_TO_ID": made.reply_to_id,
            "SMS_SENDER_ID": made.text_sender_id,
            "INBOUND_SMS_QUERY_KEY": made.test_key,
        }.items():
            self.stdout.write(f"export {name}='{value}'")


def _secret(slug: str) -> UUID:
    """The same each time on this installation, and guessed by nobody without its SECRET_KEY."""
    words = f"notify_client_fixtures:{slug}:{settings.SECRET_KEY}"
    return UUID(bytes=hashlib.sha256(words.encode()).digest()[:16])
