"""Which module serves a supplier's address; PROVIDERS is made of it."""

from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured

Named = tuple[str, dict[str, str]]  # a class and what it is made with

HOME = "townhall.capabilities.notify.providers."
PAY_HOME = "townhall.capabilities.pay.providers."
IDENTITY_HOME = "townhall.capabilities.identity.providers."
EVIDENCE = {"sandbox": "sandbox.Sandbox", "counter": "counter.Counter"}
PROCESSORS = {
    "stripe": "stripe.Stripe",
    "stripe+http": "stripe.Stripe",
    "bank": "bank.Bank",
}
CARRIERS = {
    "smtp": "smtp.SmtpCarrier",
    "smtps": "smtp.SmtpCarrier",
    "ses": "ses.SesCarrier",
}
TEXTERS = {"twilio": "twilio.TwilioTexter", "firetext": "firetext.FiretextTexter"}
PRINTERS = {
    "sftp": "sftp.SftpPrinter",
    "print-here": "print_here.HerePrinter",
    "": "folder.FolderPrinter",
}


def suppliers(
    addresses: str, kinds: Mapping[str, str], *, sandbox: str, **more: str
) -> list[Named]:
    """Each address with what serves it, the preferred one first; the sandbox if there is none."""
    found = [(HOME + _kind_of(each, kinds), {"url": each, **more}) for each in addresses.split()]
    return found or [(HOME + "sandbox." + sandbox, more)]


def processors(addresses: str, *, secret: str) -> list[Named]:
    """Each payment processor with what serves it; the sandbox if there is none."""
    found = [(PAY_HOME + _kind_of(each, PROCESSORS), {"url": each}) for each in addresses.split()]
    return found or [sandbox_processor(secret)]


def evidence_providers(names: str, *, demo: bool) -> list[Named]:
    """Those who look into evidence, the preferred one first. The sandbox is for the demo alone."""
    unknown = [each for each in names.split() if each not in EVIDENCE]
    if unknown:
        known = ", ".join(sorted(EVIDENCE))
        raise ImproperlyConfigured(f"Nobody named {unknown[0]} looks into evidence: ({known})")
    if "sandbox" in names.split() and not demo:
        raise ImproperlyConfigured(
            "With the sandbox anybody can prove to be one of its made-up people. "
            "Take it out of TOWNHALL_PROVING, or set TOWNHALL_DEMO=1 if this is a demo."
        )
    return [(IDENTITY_HOME + EVIDENCE[each], {}) for each in names.split()]


def sandbox_processor(secret: str) -> Named:
    """It signs with the installation's own key, and serves every test till."""
    return PAY_HOME + "sandbox.Sandbox", {"secret": secret}


def staff_sign_ins(addresses: str) -> list[Named]:
    """Each organisation's own sign-in that is trusted; there need be none."""
    home = "townhall.capabilities.identity.providers.StaffSignIn"
    return [(home, {"url": each}) for each in addresses.split()]


def _kind_of(address: str, kinds: Mapping[str, str]) -> str:
    """By what stands before the colon; `print-here` and a folder have none."""
    scheme = address if address in kinds else address.partition(":")[0] if ":" in address else ""
    if scheme not in kinds:
        known = ", ".join(sorted(filter(None, kinds)))
        raise ImproperlyConfigured(f"No supplier has an address that begins {scheme}: ({known})")
    return kinds[scheme]
