"""`townhall check`: what is wrong with this installation, in words."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from townhall.machinery.inspection import inspect_all


class Command(BaseCommand):
    help = "Say what is wrong with this installation, and what to do; exits with 1 on a fault."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        for finding in inspect_all():
            mark = "FAULT" if finding.is_fault else "note " if finding.advice else "ok   "
            faults += finding.is_fault
            self.stdout.write(f"{mark}  {finding.subject}  {finding.advice}".rstrip())
        if faults:
            sys.exit(1)
