"""Where the database is, as Django wants to be told."""

from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from townhall.machinery.database.pooled import PooledConnection
from townhall.machinery.given import given

URL_FILE = "database_url"  # written by `townhall up`, for commands run beside it


def databases(var: Path) -> dict[str, Any]:
    """Django's DATABASES: from DATABASE_URL, else from the server that `townhall up` runs."""
    url = given(
        "DATABASE_URL", "", "postgresql://user:password@host/name; our own server if not given."
    )
    if not url and (var / URL_FILE).exists():
        url = (var / URL_FILE).read_text()
    return {"default": from_url(url or "postgresql:///townhall")}


def from_url(url: str) -> dict[str, Any]:
    """One database in Django's words. The pool needs CONN_MAX_AGE 0."""
    parts = dict(conninfo_to_dict(url))
    named = {
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
    }
    size = int(given("TOWNHALL_DATABASE_POOL", "8", "Most database connections of one process."))
    return {
        "ENGINE": "django.db.backends.postgresql",
        **named,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # a server that failed over or was restarted costs no request
        "OPTIONS": {
            **parts,
            "pool": {
                "min_size": 1,
                "max_size": size,
                "timeout": 10,
                "connection_class": PooledConnection,
            },
            "options": "-c statement_timeout=30000 -c lock_timeout=10000 "
            "-c idle_in_transaction_session_timeout=60000",
        },
        "TEST": {"TEMPLATE": None},
    }
