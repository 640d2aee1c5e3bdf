"""What `townhall check` asks of those who look into evidence."""

from townhall.capabilities.identity.providers.evidence import installed
from townhall.machinery.inspection import Finding, inspects


@inspects
def _inspect_evidence() -> list[Finding]:
    """A fault if one cannot be used, or would prove anything of anybody."""
    return [
        Finding(
            subject=f"evidence provider {each.slug}",
            advice=each.check(),
            is_fault=bool(each.check()),
        )
        for each in installed()
    ]
