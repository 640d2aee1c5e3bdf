"""The kinds of messages and of keys, and what may become of a message."""

from enum import StrEnum


class Channel(StrEnum):
    """How a message reaches someone. GOV.UK Notify calls it the notification type."""

    EMAIL = "email"
    SMS = "sms"
    LETTER = "letter"


class Status(StrEnum):
    """What became of a message, in the words of GOV.UK Notify."""

    CREATED = "created"
    SENDING = "sending"  # the supplier took it
    SENT = "sent"  # a text abroad, from where no receipt comes
    DELIVERED = "delivered"
    TEMPORARY_FAILURE = "temporary-failure"
    PERMANENT_FAILURE = "permanent-failure"
    TECHNICAL_FAILURE = "technical-failure"
    PENDING_VIRUS_CHECK = "pending-virus-check"  # a letter that came as a PDF
    VIRUS_SCAN_FAILED = "virus-scan-failed"
    VALIDATION_FAILED = "validation-failed"
    CANCELLED = "cancelled"  # before the time it was scheduled for


class KeyType(StrEnum):
    LIVE = "live"
    TEAM = "team"  # reaches only the sender's team and guests
    TEST = "test"  # reaches nobody


class Stage(StrEnum):
    """How far messages have come, in few enough words for a chart."""

    WAITING = "waiting"  # for the supplier to take them
    SENT = "sent"  # taken, and no more is known
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"
