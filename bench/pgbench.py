"""pgbench, sending the same SQL in the same protocol as psycopg does."""

import os
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from townhall.machinery.database.archive import program


class Script:
    """Texts of which pgbench takes one at random each time, kept in files.

    The protocol is "simple", which is one query for each statement, or "prepared".
    """

    def __init__(self, name: str, texts: Iterable[str], *, protocol: str = "simple") -> None:
        self.protocol = protocol
        folder = Path(os.environ["TOWNHALL_VAR"]) / "pgbench"
        folder.mkdir(exist_ok=True)
        self.files = []
        for number, text in enumerate(texts):
            path = folder / f"{name}{number}.sql"
            path.write_text(text)
            self.files.append(str(path))

    def per_second(self, *, clients: int, seconds: int) -> float:
        """How often all of a script was done. A failed transaction is an error."""
        command = [program("pgbench"), "--no-vacuum", f"--client={clients}"]
        command += [f"--protocol={self.protocol}", "--jobs=2", f"--time={seconds}"]
        command += [f"--file={path}" for path in self.files]
        done = subprocess.run(
            [*command, os.environ["DATABASE_URL"]], capture_output=True, text=True, check=False
        )
        rate = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
        if done.returncode or rate is None or "transactions: 0 (" not in done.stdout:
            raise RuntimeError(done.stdout + done.stderr)
        return float(rate[1])
