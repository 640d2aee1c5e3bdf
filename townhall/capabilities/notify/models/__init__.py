"""Templates, keys and messages, and what the sandbox carrier received."""

from townhall.capabilities.notify.models.keys import Allowance, ApiKey, Sender
from townhall.capabilities.notify.models.messages import Message
from townhall.capabilities.notify.models.sandbox import SandboxEmail
from townhall.capabilities.notify.models.templates import Template, TemplateVersion

__all__ = [
    "Allowance",
    "ApiKey",
    "Message",
    "SandboxEmail",
    "Sender",
    "Template",
    "TemplateVersion",
]
