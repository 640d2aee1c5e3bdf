"""The tables of identity: who people are, who works for which organisation, and what is proved."""

from townhall.capabilities.identity.models.accounts import (
    EmailChange,
    Erasure,
)
from townhall.capabilities.identity.models.delegations import (
    Delegation,
)
from townhall.capabilities.identity.models.openid import (
    OPENID_SESSION,
    Release,
    SigningKey,
    UsedAssertion,
    digest,
)
from townhall.capabilities.identity.models.organisations import (
    Organisation,
)
from townhall.capabilities.identity.models.people import (
    SECOND_FACTORS,
    Acquaintance,
    Membership,
    Person,
    Role,
    Team,
    proved_addresses,
)
from townhall.capabilities.identity.models.program_keys import (
    ProgramKey,
    checksum_secret,
)
from townhall.capabilities.identity.models.proofs import (
    Facts,
    ProvenIdentity,
)
from townhall.capabilities.identity.models.proving import (
    ENDED,
    DocumentTry,
    FraudSignal,
    ProvenDocument,
    ProvingAttempt,
    ProvingCheck,
    digest_of,
)
from townhall.capabilities.identity.models.relying_parties import (
    RelyingParty,
    Sharing,
    Subject,
    own_id,
)
from townhall.capabilities.identity.models.reviews import (
    UNDECIDED,
    Review,
    ReviewedGrant,
    unused,
)
from townhall.capabilities.identity.models.sign_ins import (
    Recovery,
    Session,
)
from townhall.capabilities.identity.models.staff_sign_in import (
    ClaimRole,
    StaffAccount,
)

__all__ = [
    "ENDED",
    "OPENID_SESSION",
    "SECOND_FACTORS",
    "UNDECIDED",
    "Acquaintance",
    "ClaimRole",
    "Delegation",
    "DocumentTry",
    "EmailChange",
    "Erasure",
    "Facts",
    "FraudSignal",
    "Membership",
    "Organisation",
    "Person",
    "ProgramKey",
    "ProvenDocument",
    "ProvenIdentity",
    "ProvingAttempt",
    "ProvingCheck",
    "Recovery",
    "Release",
    "RelyingParty",
    "Review",
    "ReviewedGrant",
    "Role",
    "Session",
    "Sharing",
    "SigningKey",
    "StaffAccount",
    "Subject",
    "Team",
    "UsedAssertion",
    "checksum_secret",
    "digest",
    "digest_of",
    "own_id",
    "proved_addresses",
    "unused",
]
