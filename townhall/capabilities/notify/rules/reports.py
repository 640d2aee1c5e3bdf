"""What mail servers report of an email: that it arrived, that it never will, or a complaint.

RFC 3464 (delivery status notifications), RFC 5965 (complaints), and the bounces in words alone
that older servers write.
"""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime

from django.utils.translation import gettext as _

from townhall.capabilities.notify.records import Complained, EmailReport, Receipt, Status
from townhall.machinery.errors import Invalid

Part = Message  # of a mail, or the mail itself; Python reads blocks of fields as messages too

_STATUS = re.compile(r"(?<![\d.])[45]\.[0-7]\.\d{1,3}(?![\d.])")  # RFC 3463
_REPLY = re.compile(r"(?<![\d.])5\d\d(?=[ -])")  # RFC 5321 4.2
_ROBOT = re.compile(r"mailer-daemon|postmaster", re.IGNORECASE)
_WARNING = re.compile(r"warning|delay", re.IGNORECASE)
_ARRIVED = ("delivered", "expanded")  # RFC 3464 2.3.3; who only "relayed" it does not know
_NO_COMPLAINT = ("not-spam", "auth-failure")  # RFC 6430, RFC 6591
_KIND = re.compile(r"[a-z-]{1,20}")
_MOST_WORDS = 20_000  # of a bounce in words that are looked through


def read_report(mail: bytes) -> EmailReport:
    """What a mail says of a message: nothing if it is no report, or one of a mere delay.

    Raises Invalid for what Python's parser chokes on.
    """
    try:
        return _read(message_from_bytes(mail))
    except (RecursionError, ValueError, LookupError) as error:
        raise Invalid(_("That mail cannot be read.")) from error


def _read(mail: Part) -> EmailReport:
    parts = {part.get_content_type(): part for part in reversed(_parts_of(mail))}
    if "message/feedback-report" in parts:
        return _complaint(mail, parts["message/feedback-report"])
    if "message/delivery-status" in parts:
        return EmailReport(receipt=_receipt(parts["message/delivery-status"]))
    return EmailReport(receipt=_receipt_in_words(mail))


def _parts_of(mail: Part) -> list[Part]:
    parts = mail.get_payload() if mail.is_multipart() else []
    return [part for part in parts if isinstance(part, Message)]


def _receipt(status: Part) -> Receipt | None:
    """Of the groups of fields, one for each recipient; ours has one recipient."""
    for group in _parts_of(status):
        action = _field(group, "Action").lower()
        if action in _ARRIVED:
            return Receipt(status=Status.DELIVERED, cause="")
        if action == "failed":
            return _failure(_field(group, "Status") or _field(group, "Diagnostic-Code"))
    return None


def _failure(words: str) -> Receipt:
    """By its status, else by the server's reply: only what begins with 5 is for ever."""
    found = _STATUS.search(words) or _REPLY.search(words)
    code = found[0] if found else ""
    status = Status.PERMANENT_FAILURE if code.startswith("5") else Status.TEMPORARY_FAILURE
    return Receipt(status=status, cause=f"smtp {code}".strip())


def _receipt_in_words(mail: Part) -> Receipt | None:
    """Of a bounce without fields, whose status we look for in its words.

    People's own programs answer to the same address ("I am on holiday"): what no mail server's
    robot wrote says nothing.
    """
    is_from_robot = bool(_ROBOT.search(_field(mail, "From")))
    names_failed = bool(_field(mail, "X-Failed-Recipients"))
    if not (is_from_robot or names_failed) or _WARNING.search(_field(mail, "Subject")):
        return None
    words = _words_of(mail)
    is_clear = bool(_STATUS.search(words) or _REPLY.search(words))
    return _failure(words) if is_clear or names_failed else None


def _words_of(mail: Part) -> str:
    text = next((part for part in mail.walk() if part.get_content_maintype() == "text"), None)
    content = text.get_payload(decode=True) if text else b""
    return content[:_MOST_WORDS].decode("ascii", "replace") if isinstance(content, bytes) else ""


def _complaint(mail: Part, report: Part) -> EmailReport:
    kind = next((_field(fields, "Feedback-Type").lower() for fields in _parts_of(report)), "")
    if kind in _NO_COMPLAINT:
        return EmailReport()
    said = Complained(
        supplier_reference="arf",  # one for each message: a report that comes twice is one
        kind=kind if _KIND.fullmatch(kind) else "",
        made_at=_moment(_field(mail, "Date")),
    )
    return EmailReport(complaint=said)


def _moment(date: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _field(group: Part, name: str) -> str:
    return str(group.get(name, "")).strip()
