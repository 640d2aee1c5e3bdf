"""The `townhall` command: run an installation, look after it, or call any management command."""

import os
import sys
from functools import partial

OURS = ("up", "web", "worker", "backup", "restore")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "townhall.installation.settings")
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in ("-h", "--help"):
        sys.stdout.write(USAGE)
        return
    from townhall.machinery.management import up  # noqa: PLC0415  # Django's settings come later

    if arguments[0] == "up":
        sys.exit(up.main(arguments[1:]))
    if arguments[0] in ("backup", "restore"):
        sys.exit(up.with_database(partial(_manage, arguments)))
    _manage(arguments)


def _manage(arguments: list[str]) -> None:
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    if arguments[0] == "check":  # Django's own is `townhall django_check`
        arguments[0] = "inspect"
    execute_from_command_line(["townhall", *arguments])


USAGE = """Townhall: government as a platform

  townhall up        PostgreSQL, web and worker on this machine; the demo town with --demo
  townhall web       only the web processes   [--port N] [--workers N]
  townhall worker    only a worker            [--concurrency N]
  townhall check     what is wrong with this installation, in words
  townhall backup F  the database and the files, in one file
  townhall restore F into an empty installation
  townhall migrate   bring the database to this release, and prepare each organisation
  townhall help      every other command
"""

if __name__ == "__main__":
    main()
