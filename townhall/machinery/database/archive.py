"""What a backup holds, and the programs that write and read it."""

from django.conf import settings
from psycopg.conninfo import make_conninfo

from townhall.machinery.database import binaries

DUMP = "database.dump"
FILES = "files"
SECRET = "secret_key"


def program(name: str) -> str:
    """pg_dump or pg_restore, of the same PostgreSQL that `townhall up` would start."""
    return str(binaries.find_binaries(None) / name)


def url() -> str:
    """The database in libpq's words."""
    database = settings.DATABASES["default"]
    return make_conninfo(
        dbname=database["NAME"] or None,
        user=database["USER"] or None,
        password=database["PASSWORD"] or None,
        host=database["HOST"] or None,
        port=database["PORT"] or None,
    )
