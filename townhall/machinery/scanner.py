"""Asking clamd whether there is a virus in something: `man clamd`, COMMANDS, INSTREAM.

The package that speaks it, clamd 1.0.2, imports pkg_resources without asking for setuptools, which
deprecates it and is not in every environment; and that import takes a tenth of a second.
"""

import socket
from contextlib import closing, suppress

SECONDS = 20
PIECE = 64 * 1024


class ScannerFault(Exception):
    """It does not answer, or says that it could not look."""


def ping(where: str) -> None:
    """Raises ScannerFault unless clamd answers at this socket or host:port."""
    if _ask(where, b"PING", b"") != "PONG":
        raise ScannerFault(f"Something else than clamd answers at {where}")


def find_virus(where: str, content: bytes) -> str:
    """The name of the virus in it, or "". Raises ScannerFault."""
    pieces = [content[at : at + PIECE] for at in range(0, len(content), PIECE)]
    sent = b"".join(len(piece).to_bytes(4, "big") + piece for piece in [*pieces, b""])
    verdict = _ask(where, b"INSTREAM", sent).removeprefix("stream: ")
    if verdict == "OK":
        return ""
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")
    raise ScannerFault(verdict)


def _ask(where: str, command: bytes, sent: bytes) -> str:
    try:
        with closing(_connect(where)) as connection:
            connection.sendall(b"z" + command + b"\0")
            with suppress(BrokenPipeError, ConnectionResetError):  # it has seen enough
                connection.sendall(sent)
            return _read(connection).decode(errors="replace")
    except OSError as error:
        raise ScannerFault(str(error)) from error


def _connect(where: str) -> socket.socket:
    if not where.startswith("/"):
        host, _colon, port = where.partition(":")
        return socket.create_connection((host, int(port or 3310)), timeout=SECONDS)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(SECONDS)
    try:
        connection.connect(where)
    except OSError:
        connection.close()
        raise
    return connection


def _read(connection: socket.socket) -> bytes:
    said = b""
    while not said.endswith(b"\0") and (more := connection.recv(4096)):
        said += more
    return said.rstrip(b"\0\n")
