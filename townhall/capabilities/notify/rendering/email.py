"""An email as it goes over the wire: RFC 5322, the same each time it is written."""

from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from uuid import UUID

from townhall.capabilities.notify.records import Attachment, Mail

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">\
<title>{title}</title></head>
<body style="margin:0;padding:0;background:#ffffff;font-family:Helvetica,Arial,sans-serif">
<div style="max-width:580px;margin:0 auto;padding:0 10px 30px 10px">
<p style="margin:0 0 30px 0;padding:20px 0 15px 0;border-bottom:10px solid #0b0c0c;\
font-size:24px;line-height:30px;font-weight:bold;color:#0b0c0c">{sender}</p>
{body}
</div>
</body>
</html>
"""


def write_page(body: str, *, title: str, sender: str, language: str) -> str:
    """The HTML of a whole email round its body."""
    return _PAGE.format(
        language=escape(language), title=escape(title), sender=escape(sender), body=body
    )


def write_mail(letter: Mail) -> EmailMessage:
    """The email itself. Its Message-ID is made of the message's id, so a repeat shows as one."""
    message = EmailMessage(policy=SMTP)
    domain = letter.from_address.rpartition("@")[2] or "localhost"
    message["From"] = Address(display_name=letter.from_name, addr_spec=letter.from_address)
    message["To"] = Address(addr_spec=in_ascii(letter.to))
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = f"<{letter.message_id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies to this
    if letter.reply_to:
        message["Reply-To"] = Address(addr_spec=in_ascii(letter.reply_to))
    if letter.unsubscribe_url:  # RFC 8058
        message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    for attachment in letter.attachments:
        _attach(message, attachment)
    message["Content-Language"] = letter.language  # last: set_content takes such headers away
    return message


def message_id_of(letter: EmailMessage) -> UUID:
    """The message that an email of `write_mail` was written for."""
    return UUID(str(letter["Message-ID"]).strip("<>").partition("@")[0])


def in_ascii(address: str) -> str:
    """An address with its domain as mail servers know it (xn--)."""
    local, _at, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode('ascii')}"


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    declared = Message()
    declared["Content-Type"] = attachment.content_type
    maintype, subtype = declared.get_content_maintype(), declared.get_content_subtype()
    params = {str(name): str(value) for name, value in declared.get_params([])[1:]}
    if maintype == "text":
        params.setdefault("charset", "utf-8")
    message.add_attachment(
        attachment.content,
        maintype=maintype,
        subtype=subtype,
        filename=attachment.filename,
        params=params,
    )
