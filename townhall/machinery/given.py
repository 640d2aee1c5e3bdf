"""What the operator gives from outside: environment variables, and secrets made once."""

import contextlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    default: str
    meaning: str


known: dict[str, Setting] = {}  # for the reference page


def given(name: str, default: str, meaning: str) -> str:
    """The environment's value of a setting, noted for docs/reference/settings.md."""
    known[name] = Setting(name, default, meaning)
    return os.environ.get(name) or default


def secret(folder: Path, name: str) -> str:
    """A secret kept in a file of its own (mode 0600), made the first time it is asked for."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    if not path.exists():
        whole = folder / f"{name}.{secrets.token_hex(8)}"
        with os.fdopen(os.open(whole, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):  # another process made it first: it has won
            path.hardlink_to(whole)  # never to be seen half written
        whole.unlink()
    return path.read_text()
