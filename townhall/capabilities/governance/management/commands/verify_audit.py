"""Check the whole audit: `manage.py verify_audit`."""

from django.core.management.base import BaseCommand, CommandError

from townhall.capabilities.governance.operations import VERIFIER
from townhall.capabilities.governance.queries import verify_chain


class Command(BaseCommand):
    help = "Check the seal of every entry of the audit, and say where it breaks"

    def handle(self, **_options: object) -> None:
        verdict = verify_chain(VERIFIER)
        if verdict.broken_at is not None:
            raise CommandError(f"The audit is not whole. {verdict.cause}")
        self.stdout.write(f"All {verdict.checked} sealed entries are as they were written.")
        if verdict.last_id is not None:
            self.stdout.write(f"The last is {verdict.last_id}, its seal {verdict.last_seal}")
            self.stdout.write("Keep that line elsewhere: it shows if the end is ever cut off.")
