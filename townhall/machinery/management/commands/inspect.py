"""`townhall check`: what is wrong with this installation, in words."""

import sys
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand

from townhall.machinery.inspection import inspect_all
from townhall.machinery.inspections import inspect_database, inspect_settings

NEEDED_BY_ALL = ("database", "migrations")


class Command(BaseCommand):
    help = "Say what is wrong with this installation, and what to do; exits with 1 on a fault."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        for finding in chain(inspect_settings(), inspect_database(), inspect_all()):
            mark = "FAULT" if finding.is_fault else "note " if finding.advice else "ok   "
            faults += finding.is_fault
            self.stdout.write(f"{mark}  {finding.subject}  {finding.advice}".rstrip())
            if finding.is_fault and finding.subject in NEEDED_BY_ALL:
                self.stdout.write("The rest is looked at once that is put right.")
                break
        if faults:
            sys.exit(1)
