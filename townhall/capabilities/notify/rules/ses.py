"""What Amazon SES says of an email.

https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html, and
notification-contents.html beside it for what an identity publishes without a configuration set.
"""

import json
import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from townhall.capabilities.notify.errors import NoSuchMessage
from townhall.capabilities.notify.records import Complained, EmailReport, Receipt, Status
from townhall.machinery.errors import Invalid

TAG = "townhall-message"  # of each email that we send, with the id of its message
Fields = dict[str, Any]  # Any: JSON of several kinds

_NO_COMPLAINT = ("not-spam", "auth-failure")  # RFC 6430, RFC 6591
_ODD = re.compile(r"[^A-Za-z0-9-]")


def read_notice(text: str) -> tuple[UUID, EmailReport]:
    """Which message a notice is about, and what it says of it.

    Raises Invalid for what is no notice, and NoSuchMessage for one of an email that we did not
    send: a topic may be shared.
    """
    try:
        notice = json.loads(text)
        kind = notice.get("eventType") or notice["notificationType"]
        return _message_id(notice["mail"]), _report(kind, notice)
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(_("That is not a notice of Amazon SES.")) from error


def _message_id(mail: Fields) -> UUID:
    """By our tag, which only a configuration set's events have, else by our Message-ID."""
    tagged = mail.get("tags", {}).get(TAG) or [""]
    headers = mail.get("commonHeaders", {})
    written = str(headers.get("messageId", "")).strip(" <>").partition("@")[0]
    try:
        return UUID(str(tagged[0]) or written)
    except ValueError as error:
        raise NoSuchMessage(_("That email is not one of ours.")) from error


def _report(kind: str, notice: Fields) -> EmailReport:
    match kind:
        case "Delivery":
            return EmailReport(receipt=Receipt(status=Status.DELIVERED, cause=""))
        case "Bounce":
            return EmailReport(receipt=_bounce(notice["bounce"]))
        case "Reject":  # it found a virus
            return EmailReport(receipt=Receipt(status=Status.TECHNICAL_FAILURE, cause="ses Reject"))
        case "Complaint":
            return _complaint(notice["complaint"])
    return EmailReport()  # sent, delayed, opened...


def _bounce(bounce: Fields) -> Receipt:
    kind = _plain(bounce["bounceType"])
    is_permanent = kind == "Permanent"
    return Receipt(
        status=Status.PERMANENT_FAILURE if is_permanent else Status.TEMPORARY_FAILURE,
        cause=f"ses {kind} {_plain(bounce.get('bounceSubType'))}".strip(),
    )


def _complaint(complaint: Fields) -> EmailReport:
    suppressed = _plain(complaint.get("complaintSubType"))
    if suppressed:  # nobody complained of this one: they had before, so SES did not deliver it
        cause = f"ses {suppressed}"
        return EmailReport(receipt=Receipt(status=Status.PERMANENT_FAILURE, cause=cause))
    kind = _plain(complaint.get("complaintFeedbackType"))
    if kind in _NO_COMPLAINT:
        return EmailReport()
    said = Complained(
        supplier_reference=f"ses {_plain(complaint['feedbackId'])}",
        kind=kind,
        made_at=_moment(complaint.get("timestamp")),
    )
    return EmailReport(complaint=said)


def _plain(word: object) -> str:
    """A word of SES's own, short and without signs; "" for none."""
    return _ODD.sub("", str(word or ""))[:90]


def _moment(timestamp: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(timestamp))
    except ValueError:
        return None
    return found if found.tzinfo else None
