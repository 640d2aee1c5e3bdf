"""A printer that takes letters from a folder of its own, which we reach over SSH."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from posixpath import join
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

import paramiko
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from townhall.capabilities.notify.errors import AnswerLost
from townhall.capabilities.notify.providers.folder import ticket_of
from townhall.capabilities.notify.records import PrintJob, Status
from townhall.machinery.errors import Unavailable

TIMEOUT_SECONDS = 30
PORT = 22
FAULTS = (OSError, EOFError, paramiko.SSHException)


class SftpPrinter:
    """The names that a folder's printer gives: postage/message-id.pdf, with a .json beside it.

    `url` is sftp://user@host:22/folder?key=/path/to/our/key&known_hosts=/path/to/known_hosts. The
    folder is there; those of the postages are made. A host whose key is not the one in the file
    gets nothing.
    """

    def __init__(self, url: str, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        parts = urlsplit(url)
        files = parse_qs(parts.query)
        is_whole = parts.scheme == "sftp" and parts.hostname and parts.username
        if not (is_whole and files.keys() == {"key", "known_hosts"}):
            raise ImproperlyConfigured(
                "Letters need sftp://user@host/folder?key=/its/key&known_hosts=/its/known_hosts"
            )
        self.host, self.port = parts.hostname or "", parts.port or PORT
        self.user = unquote(parts.username or "")
        self.folder = unquote(parts.path).lstrip("/") or "."  # below where the user arrives
        self.key, self.known_hosts = files["key"][0], files["known_hosts"][0]
        self.name = f"sftp://{self.host}:{self.port}/{self.folder}"
        self.timeout_seconds = timeout_seconds

    def carry(self, job: PrintJob, *, organisation_id: UUID) -> Status:
        into = join(self.folder, job.postage)
        name = join(into, str(job.message_id))
        with self._connection() as server:
            try:
                _make_folder(server, into)
                _put(server, f"{name}.json", ticket_of(job, organisation_id))
                _upload(server, f"{name}.pdf.part", job.pdf)
            except FAULTS as error:
                raise self._away(error) from error
            try:
                _rename(server, f"{name}.pdf.part", f"{name}.pdf")
            except FAULTS as error:
                raise AnswerLost(str(self._away(error))) from error
        return Status.SENDING

    def check(self) -> str:
        try:
            with self._connection() as server:
                server.listdir(self.folder)
        except Unavailable as away:
            return str(away)
        except FAULTS as error:
            return str(self._away(error))
        return ""

    @contextmanager
    def _connection(self) -> Iterator[paramiko.SFTPClient]:
        """What goes wrong in parting changes nothing any more."""
        client = paramiko.SSHClient()
        client.set_missing_host_key_policy(paramiko.RejectPolicy())
        try:
            try:
                server = self._connect(client)
            except FAULTS as error:
                raise self._away(error) from error
            yield server
        finally:
            with suppress(*FAULTS):
                client.close()

    def _connect(self, client: paramiko.SSHClient) -> paramiko.SFTPClient:
        client.load_host_keys(self.known_hosts)
        client.connect(
            self.host,
            port=self.port,
            username=self.user,
            key_filename=self.key,
            allow_agent=False,
            look_for_keys=False,
            timeout=self.timeout_seconds,
            banner_timeout=self.timeout_seconds,
            auth_timeout=self.timeout_seconds,
            channel_timeout=self.timeout_seconds,
        )
        server = client.open_sftp()
        server.get_channel().settimeout(self.timeout_seconds)
        return server

    def _away(self, error: Exception) -> Unavailable:
        message = _("The printer's server %(host)s:%(port)s does not take letters now (%(why)s).")
        why = type(error).__name__
        return Unavailable(message % {"host": self.host, "port": self.port, "why": why})


def _make_folder(server: paramiko.SFTPClient, path: str) -> None:
    try:
        server.stat(path)
    except FileNotFoundError:
        with suppress(OSError):  # another worker was first
            server.mkdir(path)


def _put(server: paramiko.SFTPClient, path: str, content: bytes) -> None:
    """Whole or not at all: who watches the folder never takes half a file."""
    _upload(server, f"{path}.part", content)
    _rename(server, f"{path}.part", path)


def _upload(server: paramiko.SFTPClient, path: str, content: bytes) -> None:
    """Looks afterwards whether all of it is there."""
    server.putfo(BytesIO(content), path)


def _rename(server: paramiko.SFTPClient, before: str, after: str) -> None:
    """Over what is there. Not every server knows OpenSSH's way of that."""
    try:
        server.posix_rename(before, after)
    except OSError as error:
        if error.errno is not None or isinstance(error, TimeoutError):  # it knows, and may not
            raise
        with suppress(FileNotFoundError):
            server.remove(after)
        server.rename(before, after)
