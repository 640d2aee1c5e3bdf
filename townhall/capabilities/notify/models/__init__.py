"""Templates, keys, messages and callbacks, and what the sandbox carrier received."""

from townhall.capabilities.notify.models.callbacks import Callback, CallbackDelivery
from townhall.capabilities.notify.models.keys import (
    Allowance,
    ApiKey,
    DayCount,
    Origin,
    Sender,
)
from townhall.capabilities.notify.models.messages import Message
from townhall.capabilities.notify.models.papers import Paper
from townhall.capabilities.notify.models.sandbox import SandboxMessage
from townhall.capabilities.notify.models.suppliers import Supplier
from townhall.capabilities.notify.models.templates import Template, TemplateVersion
from townhall.capabilities.notify.models.texts import ReceivedText

__all__ = [
    "Allowance",
    "ApiKey",
    "Callback",
    "CallbackDelivery",
    "DayCount",
    "Message",
    "Origin",
    "Paper",
    "ReceivedText",
    "SandboxMessage",
    "Sender",
    "Supplier",
    "Template",
    "TemplateVersion",
]
