"""Any SMTP server."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from townhall.capabilities.notify.errors import AnswerLost, RecipientRefused
from townhall.capabilities.notify.rendering.email import in_ascii
from townhall.machinery.errors import Unavailable

TIMEOUT_SECONDS = 30
_EXTENDED = re.compile(rb"^\d\.\d{1,3}\.\d{1,3}")  # RFC 3463


class SmtpCarrier:
    """A mail server, one connection for each email.

    `smtps://` is TLS from the first byte. `smtp://` turns to TLS (STARTTLS) where the server
    offers it; with a user and password it insists, and checks the server's certificate.
    """

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ImproperlyConfigured("The mail server must be smtp://host:25 or smtps://host:465")
        self.sender = sender
        self.implicit_tls = parts.scheme == "smtps"
        self.host = parts.hostname
        self.port = parts.port or (465 if self.implicit_tls else 25)
        self.name = f"{parts.scheme}://{self.host}:{self.port}"
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")

    def carry(self, letter: EmailMessage, *, to: str, organisation_id: UUID) -> None:
        try:
            with self._connection() as server:
                self._send(server, letter, in_ascii(to))
        except OSError as error:  # smtplib's own errors are OSErrors too
            raise self._away(error) from error

    def _send(self, server: smtplib.SMTP, letter: EmailMessage, to: str) -> None:
        try:
            server.send_message(letter, from_addr=self.sender, to_addrs=[to])
        except smtplib.SMTPRecipientsRefused as error:
            raise self._refusal(*next(iter(error.recipients.values()))) from error
        except smtplib.SMTPDataError as error:
            raise self._refusal(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPResponseException:  # it spoke, and took nothing
            raise
        except OSError as error:  # it may have fallen silent after the last line
            raise AnswerLost(str(self._away(error))) from error

    def check(self) -> str:
        try:
            with self._connection() as server:
                server.noop()
        except OSError as error:
            return str(self._away(error))
        return ""

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        """A connection that may send. What goes wrong in parting changes nothing any more."""
        server = self._connect()
        try:
            self._secure(server)
            yield server
            with suppress(OSError):
                server.quit()
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        if self.implicit_tls:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)

    def _secure(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if not self.implicit_tls and (self.user or server.has_extn("starttls")):
            server.starttls(context=self._starttls_context())
            server.ehlo()
        if self.user:
            server.login(self.user, self.password)

    def _starttls_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if not self.user:  # nothing to betray but what would go in clear otherwise
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def _refusal(self, code: int, reply: bytes | str) -> RecipientRefused | Unavailable:
        if code < 500:
            return Unavailable(
                _("The mail server is busy (it answered %(code)s).") % {"code": code}
            )
        extended = _EXTENDED.match(reply if isinstance(reply, bytes) else reply.encode())
        words = f"{code} {extended[0].decode()}" if extended else str(code)
        message = _("The mail server does not take this message (it answered %(code)s).")
        return RecipientRefused(message % {"code": words}, reply=words)

    def _away(self, error: OSError) -> Unavailable:
        code = getattr(error, "smtp_code", "")
        why = f"{type(error).__name__} {code}".strip()
        message = _("The mail server %(host)s:%(port)s does not take messages now (%(why)s).")
        return Unavailable(message % {"host": self.host, "port": self.port, "why": why})
