"""`townhall migrate`: this release's tables, then what each organisation must have."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from townhall.machinery.organisations import every_organisation, prepare


class Command(Migrate):
    help = "Bring the database to this release, and give each organisation what it must have."

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if options.get("app_label") is None and not options.get("plan"):
            for organisation in every_organisation():
                prepare(organisation)
