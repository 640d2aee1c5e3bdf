"""The column headings of a list for a template."""

from townhall.capabilities.notify.records import Channel
from townhall.capabilities.notify.rendering.placeholders import key_of, names_in

RECIPIENTS = {Channel.EMAIL: "email address", Channel.SMS: "phone number"}
ADDRESS_LINES = (*(f"address line {line}" for line in range(1, 8)), "postcode")


def recipient_columns(channel: Channel) -> tuple[str, ...]:
    return ADDRESS_LINES if channel == Channel.LETTER else (RECIPIENTS[channel],)


def value_columns(channel: Channel, *texts: str) -> list[str]:
    """Those of the placeholders, without what the recipient's columns say."""
    known = {key_of(name) for name in recipient_columns(channel)}
    return [name for name in names_in(*texts) if key_of(name) not in known]
