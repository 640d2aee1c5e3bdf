"""What was proven of someone, in the shapes that GOV.UK One Login's relying parties read.

https://docs.sign-in.service.gov.uk/integrate-with-integration-environment/prove-users-identity/
and the vocabulary at https://github.com/govuk-one-login/data-vocab
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from townhall.capabilities.identity.records import Address, IdentityClaim, Name, ProvenIdentity

NOT_PROVEN = "X"  # the return code: they did not prove who they are
_NUMBERED = re.compile(r"(\d+[A-Za-z]?) (.+)")
Json = dict[str, Any]


def host_of(issuer: str) -> str:
    return urlsplit(issuer).hostname or ""


def did_of(issuer: str) -> str:
    """The name of an issuer as https://w3c-ccg.github.io/did-method-web/ has it."""
    return f"did:web:{quote(urlsplit(issuer).netloc, safe='')}"


def credential_of(proven: ProvenIdentity) -> Json:
    """The `vc` of a coreIdentityJWT."""
    subject = {
        "name": [_name(each) for each in proven.names],
        "birthDate": [{"value": proven.birth_date.isoformat()}],
    }
    kinds = ["VerifiableCredential", "VerifiableIdentityCredential"]
    return {"type": kinds, "credentialSubject": subject}


def claim_of(claim: IdentityClaim, proven: ProvenIdentity) -> list[Json]:
    """What a claim, other than the coreIdentityJWT, says; empty if there is nothing to say."""
    writer = _WRITERS.get(claim)
    return writer(proven) if writer else []


def _addresses(proven: ProvenIdentity) -> list[Json]:
    return [_address(each) for each in proven.addresses]


def _passports(proven: ProvenIdentity) -> list[Json]:
    if proven.passport is None:
        return []
    return [
        {
            "documentNumber": proven.passport.number,
            "icaoIssuerCode": proven.passport.country,
            "expiryDate": proven.passport.expires_on.isoformat(),
        }
    ]


def _driving_permits(proven: ProvenIdentity) -> list[Json]:
    permit = proven.driving_permit
    if permit is None:
        return []
    issued = permit.issued_on.isoformat() if permit.issued_on else None
    return [
        _without_gaps(
            personalNumber=permit.number,
            issuedBy=permit.issuer,
            issueDate=issued,
            expiryDate=permit.expires_on.isoformat(),
        )
    ]


_WRITERS: dict[IdentityClaim, Callable[[ProvenIdentity], list[Json]]] = {
    IdentityClaim.ADDRESS: _addresses,
    IdentityClaim.PASSPORT: _passports,
    IdentityClaim.DRIVING_PERMIT: _driving_permits,
}


def _name(name: Name) -> Json:
    return _without_gaps(
        validFrom=name.valid_from.isoformat() if name.valid_from else None,
        validUntil=name.valid_until.isoformat() if name.valid_until else None,
        nameParts=[{"value": part.value, "type": part.kind} for part in name.parts],
    )


def _address(address: Address) -> Json:
    *buildings, street = address.lines or ("",)
    numbered = _NUMBERED.fullmatch(street)
    return _without_gaps(
        uprn=int(address.uprn) if address.uprn.isdigit() else None,
        buildingName=", ".join(buildings),
        buildingNumber=numbered[1] if numbered else "",
        streetName=numbered[2] if numbered else street,
        addressLocality=address.town,
        postalCode=address.postcode,
        addressCountry=address.country,
        validFrom=address.valid_from.isoformat() if address.valid_from else None,
        validUntil=address.valid_until.isoformat() if address.valid_until else None,
    )


def _without_gaps(**values: object) -> Json:
    return {name: value for name, value in values.items() if value}
