"""What `townhall check` asks of the payment processors."""

from django.conf import settings

from townhall.capabilities.pay.providers import SANDBOX, installed
from townhall.machinery.inspection import Finding, inspects

SUBJECT = "payment processor"


@inspects
def _inspect_processors() -> list[Finding]:
    """A fault if one cannot be used; advice if it is the sandbox where people really live."""
    findings = []
    for chosen in installed():
        subject = f"{SUBJECT} {chosen.slug}"
        if wrong := chosen.check():
            findings.append(Finding(subject=subject, advice=wrong, is_fault=True))
        elif chosen.slug == SANDBOX and not settings.DEMO:
            advice = "The sandbox takes payments, so no money moves. Set TOWNHALL_PAY."
            findings.append(Finding(subject=subject, advice=advice))
        else:
            findings.append(Finding(subject=subject))
    return findings
