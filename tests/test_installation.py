"""What an operator's settings are made into."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from townhall.installation.suppliers import PRINTERS, TEXTERS, evidence_providers, suppliers


@pytest.mark.parametrize(
    ("addresses", "kinds", "expected"),
    [
        ("", TEXTERS, ["sandbox.SandboxTexter"]),
        (
            "firetext://k@B twilio://a:b@+44",
            TEXTERS,
            ["firetext.FiretextTexter", "twilio.TwilioTexter"],
        ),
        (
            " /srv/letters  print-here ",
            PRINTERS,
            ["folder.FolderPrinter", "print_here.HerePrinter"],
        ),
        ("sftp://u@h/f?key=a&known_hosts=b", PRINTERS, ["sftp.SftpPrinter"]),
    ],
)
def test_addresses_say_who_the_suppliers_are(
    addresses: str, kinds: dict[str, str], expected: list[str]
) -> None:
    found = suppliers(addresses, kinds, sandbox="SandboxTexter")

    assert [path.split("providers.")[1] for path, _options in found] == expected


@pytest.mark.parametrize("address", ["smpp://host", "/a/folder", "http://x"])
def test_what_is_no_supplier_is_refused_at_once(address: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        suppliers(address, TEXTERS, sandbox="SandboxTexter")


def test_whoever_looks_into_evidence_is_chosen_by_name() -> None:
    found = evidence_providers("counter sandbox", demo=True)
    names = [path.rpartition(".")[2] for path, _options in found]

    assert names == ["Counter", "Sandbox"]
    with pytest.raises(ImproperlyConfigured, match="oracle"):
        evidence_providers("oracle", demo=True)


def test_the_sandbox_of_evidence_proves_nobody_outside_the_demo() -> None:
    with pytest.raises(ImproperlyConfigured, match="Take it out of TOWNHALL_PROVING"):
        evidence_providers("counter sandbox", demo=False)
