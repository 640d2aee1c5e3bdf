"""What callbacks are told, in the JSON of GOV.UK Notify's."""

import json
from datetime import UTC, datetime

from townhall.capabilities.notify import records


def write_delivery(message: records.Message) -> str:
    """What became of a message. https://docs.notifications.service.gov.uk (delivery receipts)"""
    return json.dumps(
        {
            "id": str(message.id),
            "reference": message.reference or None,
            "to": message.to,
            "status": message.status,
            "created_at": moment(message.created_at),
            "completed_at": moment(message.completed_at),
            "sent_at": moment(message.sent_at),
            "notification_type": message.channel,
            "template_id": str(message.template_id) if message.template_id else None,
            "template_version": message.template_version,
        }
    )


def write_received_text(text: records.ReceivedText) -> str:
    """A text that came. https://docs.notifications.service.gov.uk (received text messages)"""
    return json.dumps(
        {
            "id": str(text.id),
            "source_number": text.by,
            "destination_number": text.to,
            "message": text.body,
            "date_received": moment(text.created_at),
        }
    )


def write_complaint(complaint: records.Complaint) -> str:
    """That somebody complained. https://docs.notifications.service.gov.uk (callbacks)"""
    return json.dumps(
        {
            "notification_id": str(complaint.message_id),
            "complaint_id": str(complaint.id),
            "reference": complaint.reference or None,
            "to": complaint.to,
            "complaint_date": moment(complaint.complained_at),
        }
    )


def moment(moment: datetime | None) -> str | None:
    """As all of GOV.UK Notify's JSON writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if moment else None
