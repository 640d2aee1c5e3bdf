"""The EMAIL_BACKEND of Django: mail that libraries send is queued, retried and kept like ours."""

from collections.abc import Sequence
from email.mime.base import MIMEBase
from email.utils import parseaddr
from typing import cast
from uuid import UUID

from django.core.mail import EmailAttachment, EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import get_language

from townhall.capabilities.notify import operations, permissions
from townhall.capabilities.notify.records import Attachment
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Refused
from townhall.machinery.organisations import every_organisation

ORGANISATION = "X-Townhall-Organisation"  # a mail says in this header whose it is


class NotifyBackend(BaseEmailBackend):
    """Queues each recipient's mail as a message. Only its plain text goes out."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(self._sent(mail) for mail in email_messages)

    def _sent(self, mail: EmailMessage) -> bool:
        try:
            for recipient in mail.recipients():
                operations.send_ready_email(
                    _sender(mail),
                    to=parseaddr(recipient)[1],
                    subject=str(mail.subject),
                    body=str(mail.body),
                    language=(get_language() or "en")[:2],
                    attachments=[_attachment(each) for each in mail.attachments],
                )
        except Refused:
            if not self.fail_silently:
                raise
            return False
        return bool(mail.recipients())


def _sender(mail: EmailMessage) -> Actor:
    named = mail.extra_headers.get(ORGANISATION)
    organisation_id = UUID(str(named)) if named else _only_organisation()
    return Actor("capability:notify", frozenset({permissions.SEND}), organisation_id)


def _only_organisation() -> UUID:
    organisations = every_organisation()
    if len(organisations) != 1:
        raise ValueError(f"Say in the header {ORGANISATION} whose mail it is")
    return organisations[0].id


def _attachment(given: EmailAttachment | MIMEBase) -> Attachment:
    if isinstance(given, MIMEBase):
        filename, content_type = given.get_filename(), given.get_content_type()
        content: object = given.get_payload(decode=True)
    else:
        filename, content, content_type = given
    return Attachment(
        filename=filename or "attachment",
        content_type=content_type or "application/octet-stream",
        content=content.encode() if isinstance(content, str) else cast(bytes, content),
    )
