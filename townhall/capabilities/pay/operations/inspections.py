"""What `townhall check` asks of the payment processor."""

from django.conf import settings

from townhall.capabilities.pay.providers import processor
from townhall.capabilities.pay.providers.sandbox import Sandbox
from townhall.machinery.inspection import Finding, inspects

SUBJECT = "payment processor"


@inspects
def _inspect_processor() -> list[Finding]:
    """A fault if it cannot be used; advice if it is the sandbox where people really live."""
    chosen = processor()
    if wrong := chosen.check():
        return [Finding(subject=SUBJECT, advice=wrong, is_fault=True)]
    if isinstance(chosen, Sandbox) and not settings.DEMO:
        advice = "The sandbox takes payments, so no money moves. Choose a processor in PROVIDERS."
        return [Finding(subject=SUBJECT, advice=advice)]
    return [Finding(subject=SUBJECT)]
