"""Any SMTP server."""

import re
import smtplib
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from townhall.capabilities.notify.errors import AnswerLost, RecipientRefused
from townhall.capabilities.notify.rendering.email import in_ascii, message_id_of
from townhall.capabilities.notify.rules.return_paths import (
    LONGEST_NAME,
    fits_return_paths,
    write_return_path,
)
from townhall.machinery.errors import Unavailable

TIMEOUT_SECONDS = 30
OK = 250
MOST_USES = 50  # of one connection; some servers want a new one after a hundred emails
WARM_SECONDS = 1.0  # after an email the server is taken to be there still
_EXTENDED = re.compile(rb"^\d\.\d{1,3}\.\d{1,3}")  # RFC 3463


class Kept(threading.local):
    """A thread's connection, how many emails it has taken, and when the last."""

    server: smtplib.SMTP | None = None
    uses = 0
    used_at = 0.0

    def is_good(self) -> bool:
        if self.server is None or self.uses >= MOST_USES:
            return False
        is_warm = time.monotonic() - self.used_at < WARM_SECONDS
        return is_warm or _answers(self.server)


class SmtpCarrier:
    """A mail server. Each thread keeps its connection for a while, since making one costs most.

    `smtps://` is TLS from the first byte. `smtp://` turns to TLS (STARTTLS) where the server
    offers it; with a user and password it insists, and checks the server's certificate.

    What becomes of emails is reported to `bounces`, if that is given: an address of which every
    extension (bounces+more@) reaches us.
    """

    def __init__(self, url: str, sender: str, bounces: str = "") -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ImproperlyConfigured("The mail server must be smtp://host:25 or smtps://host:465")
        if bounces and not fits_return_paths(bounces):
            raise ImproperlyConfigured(
                "The address for bounces must be like bounces@example.gov.uk, with "
                f"{LONGEST_NAME} characters at most before the @"
            )
        self.sender, self.bounces = sender, bounces
        self.implicit_tls = parts.scheme == "smtps"
        self.host = parts.hostname
        self.port = parts.port or (465 if self.implicit_tls else 25)
        self.name = f"{parts.scheme}://{self.host}:{self.port}"
        self.kept = Kept()
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")

    def carry(self, letter: EmailMessage, *, to: str, organisation_id: UUID) -> None:
        try:
            with self._kept_connection() as server:
                self._hand_in(server, letter, in_ascii(to))
        except OSError as error:  # smtplib's own errors are OSErrors too
            raise self._away(error) from error

    def _hand_in(self, server: smtplib.SMTP, letter: EmailMessage, to: str) -> None:
        try:
            self._send(server, letter, to)
        except smtplib.SMTPRecipientsRefused as error:
            raise self._refusal(*next(iter(error.recipients.values()))) from error
        except smtplib.SMTPDataError as error:
            raise self._refusal(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPResponseException:  # it spoke, and took nothing
            raise
        except OSError as error:  # it may have fallen silent after the last line
            raise AnswerLost(str(self._away(error))) from error

    def _send(self, server: smtplib.SMTP, letter: EmailMessage, to: str) -> None:
        """With the wish to be told what became of it (RFC 3461), where the server knows that."""
        if not self.bounces:
            server.send_message(letter, from_addr=self.sender, to_addrs=[to])
            return
        message_id = message_id_of(letter)
        tells = server.has_extn("dsn")
        server.send_message(
            letter,
            from_addr=write_return_path(self.bounces, message_id, key=settings.SECRET_KEY),
            to_addrs=[to],
            mail_options=["RET=HDRS", f"ENVID={message_id.hex}"] if tells else [],
            rcpt_options=["NOTIFY=SUCCESS,FAILURE,DELAY"] if tells else [],
        )

    def check(self) -> str:
        try:
            with self._connection() as server:
                server.noop()
        except OSError as error:
            return str(self._away(error))
        return ""

    @contextmanager
    def _kept_connection(self) -> Iterator[smtplib.SMTP]:
        """This thread's own, if it is there still; after a fault it is not used again."""
        is_good = self.kept.is_good()
        kept, self.kept.server = self.kept.server, None
        if kept is None or not is_good:
            _part_from(kept)
            kept, self.kept.uses = self._connect(), 0
        try:
            if self.kept.uses == 0:
                self._secure(kept)
            yield kept
        except BaseException:
            kept.close()
            raise
        self.kept.server, self.kept.uses = kept, self.kept.uses + 1
        self.kept.used_at = time.monotonic()

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


def _answers(server: smtplib.SMTP) -> bool:
    try:
        return server.noop()[0] == OK
    except OSError:
        return False


def _part_from(server: smtplib.SMTP | None) -> None:
    if server is not None:
        with suppress(OSError):
            server.quit()
        server.close()
